import { type NodeSelectorTerm, type Pod, nameOf } from "@groupless/api";
import { normalizedKey } from "../final-state/normalized-key.ts";
import { type NodeOption, optionMatches } from "../final-state/node-option.ts";
import type { Invariant } from "./invariant.ts";

/** Every placed pod's nodeSelector and one of its required node affinity terms hold on its node, whatever machine a new claim becomes. */
export const holdsNodeAffinity: Invariant = {
  name: "holdsNodeAffinity",
  check: ({ nodes }) =>
    nodes.flatMap((node) =>
      node.placed.flatMap((pod) => {
        if (asksNothing(pod)) return [];
        const broken = node.options.find((option) => !allows(pod, option));
        return broken === undefined ? [] : [{ pod: nameOf(pod), node: node.name, message: `its node selector or required node affinity does not hold on ${broken.instanceType ?? node.name} with ${JSON.stringify(broken.labels)}` }];
      }),
    ),
};

function asksNothing({ spec: { nodeSelector, affinity } }: Pod): boolean {
  return Object.keys(nodeSelector ?? {}).length === 0 && affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution === undefined;
}

/** Kubernetes' NodeAffinity filter. */
export function allows(pod: Pod, option: NodeOption): boolean {
  const selector = Object.entries(pod.spec.nodeSelector ?? {}).map(([key, value]) => ({ key: normalizedKey(key), operator: "In" as const, values: [value] }));
  const terms = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return optionMatches({ matchExpressions: selector }, option) && (terms === undefined || terms.length === 0 || terms.map(normalized).some((term) => optionMatches(term, option)));
}

function normalized(term: NodeSelectorTerm): NodeSelectorTerm {
  return { matchExpressions: (term.matchExpressions ?? []).map((expression) => ({ ...expression, key: normalizedKey(expression.key) })) };
}
