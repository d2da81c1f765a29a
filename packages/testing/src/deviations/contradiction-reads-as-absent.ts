import { optionMatches } from "../final-state/node-option.ts";
import { alternatives, contradictions } from "./node-constraints.ts";
import type { Deviation } from "./deviation.ts";

/**
 * A pod that wants two things of one label that cannot both be, goes where the label is absent.
 *
 * Karpenter keeps an empty set of values in the form of `DoesNotExist` (pkg/scheduling/requirement.go), so a contradiction on a label that nodes need
 * not have is met by every node without it. Kubernetes matches no node.
 */
export const contradictionReadsAsAbsent: Deviation = {
  name: "contradiction-reads-as-absent",
  explains: ({ pods, nodes }, violation) => {
    const pod = pods.get(violation.pod ?? "");
    const node = nodes.find(({ name }) => name === violation.node);
    if (violation.invariant !== "holdsNodeAffinity" || pod === undefined || node === undefined) return false;
    return alternatives(pod).some((expressions) => {
      const empty = new Set(contradictions(expressions));
      const rest = expressions.filter(({ key }) => !empty.has(key));
      return empty.size > 0 && node.options.every((option) => [...empty].every((key) => !Object.hasOwn(option.labels, key)) && optionMatches({ matchExpressions: rest }, option));
    });
  },
};
