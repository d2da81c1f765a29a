import { optionMatches } from "../final-state/node-option.ts";
import { alternatives } from "./node-constraints.ts";
import type { Deviation } from "./deviation.ts";

/**
 * A label that must exist and have none of some values, is met by a node without it.
 *
 * Karpenter keeps what two requirements on one key have in common as one: of `Exists` (or a bound) and `NotIn [red]` that is `NotIn [red]`
 * (pkg/scheduling/requirement.go), and the label's absence meets `NotIn`. Kubernetes asks for both.
 */
export const existsBesideNotIn: Deviation = {
  name: "exists-beside-not-in",
  explains: ({ pods, nodes }, violation) => {
    const pod = pods.get(violation.pod ?? "");
    const node = nodes.find(({ name }) => name === violation.node);
    if (violation.invariant !== "holdsNodeAffinity" || pod === undefined || node === undefined) return false;
    return alternatives(pod).some((expressions) => {
      const excluded = new Set(expressions.filter(({ operator }) => operator === "NotIn").map(({ key }) => key));
      const forgotten = expressions.filter(({ key, operator }) => excluded.has(key) && operator !== "NotIn" && operator !== "In" && operator !== "DoesNotExist");
      const rest = expressions.filter((expression) => !forgotten.includes(expression));
      return forgotten.length > 0 && node.options.every((option) => forgotten.every(({ key }) => !Object.hasOwn(option.labels, key)) && optionMatches({ matchExpressions: rest }, option));
    });
  },
};
