import { optionMatches } from "../final-state/node-option.ts";
import { alternatives } from "./node-constraints.ts";
import type { Deviation } from "./deviation.ts";

/**
 * A pod that keeps clear of some values of a label makes a node without the label look as though it might have any other.
 *
 * Karpenter adds each pod's requirements to those of the node it goes to. After `team NotIn [red]` a node without the label has some team but red in
 * the books, and a pod that wants `team In [blue]` is let in; Kubernetes looks at the node's label, which is not there.
 */
export const notInDefinesTheKey: Deviation = {
  name: "not-in-defines-the-key",
  explains: ({ pods, nodes }, violation) => {
    const pod = pods.get(violation.pod ?? "");
    const node = nodes.find(({ name }) => name === violation.node);
    if (violation.invariant !== "holdsNodeAffinity" || pod === undefined || node?.kind !== "existing") return false;
    const defined = new Set(
      node.placed
        .filter((other) => other !== pod)
        .flatMap((other) => alternatives(other).flat())
        .filter(({ operator }) => operator !== "DoesNotExist" && operator !== "In")
        .map(({ key }) => key),
    );
    return alternatives(pod).some((expressions) =>
      node.options.every((option) => {
        const invented = expressions.filter(({ key }) => defined.has(key) && !Object.hasOwn(option.labels, key));
        return invented.length > 0 && optionMatches({ matchExpressions: expressions.filter((expression) => !invented.includes(expression)) }, option);
      }),
    );
  },
};
