import type { NodeSelectorRequirement, Pod } from "@groupless/api";
import { normalizedKey } from "../final-state/normalized-key.ts";
import { termMatches } from "../final-state/selectors.ts";

/** What a pod says of its node's labels, one alternative for each required term: selector, term, and the preferences added to them. */
export function alternatives(pod: Pod): readonly (readonly NodeSelectorRequirement[])[] {
  const affinity = pod.spec.affinity?.nodeAffinity;
  const selector = Object.entries(pod.spec.nodeSelector ?? {}).map(([key, value]): NodeSelectorRequirement => ({ key: normalizedKey(key), operator: "In", values: [value] }));
  const terms = affinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const preferred = [[], ...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ preference }) => preference.matchExpressions ?? [])];
  return (terms.length === 0 ? [{}] : terms).flatMap(({ matchExpressions = [] }: { readonly matchExpressions?: readonly NodeSelectorRequirement[] }) =>
    preferred.map((wish) => [...selector, ...[...matchExpressions, ...wish].map((expression) => ({ ...expression, key: normalizedKey(expression.key) }))]),
  );
}

/** Keys on which no value, nor the label's absence, meets all of the expressions. */
export function contradictions(expressions: readonly NodeSelectorRequirement[]): readonly string[] {
  return [...new Set(expressions.map(({ key }) => key))].filter((key) => {
    const own = expressions.filter((expression) => expression.key === key);
    const mentioned = own.flatMap(({ values = [] }) => values);
    const nearBounds = mentioned.filter((value) => /^-?\d{1,19}$/.test(value)).flatMap((value) => [String(BigInt(value) - 1n), String(BigInt(value) + 1n)]);
    const candidates = [{}, ...[...mentioned, ...nearBounds, "some other value"].map((value) => ({ [key]: value }))];
    return !candidates.some((labels) => termMatches({ matchExpressions: own }, labels));
  });
}
