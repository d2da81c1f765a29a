import type { LabelSelector, Namespace, PodAffinityTerm, Toleration, TopologySpreadConstraint } from "@groupless/api";
import { matchesSelector, selectorProblem } from "@groupless/api";
import type { Constraints } from "../demand/constraints.ts";
import type { LabelClass } from "../demand/pod-class.ts";
import { normalisedKey } from "../intern/requirement.ts";
import type { RequirementSet, RequirementSets } from "../intern/requirement-set.ts";

export type TopologyType = "spread" | "affinity" | "anti-affinity";

/** Which nodes a spread looks at. */
export interface NodeFilter {
  /** Alternatives; none at all admits every node. */
  readonly alternatives: readonly RequirementSet[];
  readonly honoursTaints: boolean;
  readonly honoursAffinity: boolean;
  readonly tolerations: readonly Toleration[];
}

/** One topology rule of a pod, before anything is counted. */
export interface GroupSpec {
  /** What Karpenter tells rules apart by: rules of equal text share one group, that of the first pod that has it. */
  readonly text: string;
  /** The text and all that the first pod may give a group beyond it. */
  readonly full: string;
  readonly type: TopologyType;
  readonly key: string;
  readonly namespaces: ReadonlySet<string>;
  readonly selector: LabelSelector | undefined;
  /** The selector cannot be read: it selects nothing. */
  readonly badSelector: boolean;
  readonly maxSkew: number;
  readonly minDomains: number | undefined;
  readonly filter: NodeFilter | undefined;
  /** Of the pod that brings the group about: which pools' domains count. */
  readonly tolerations: readonly Toleration[];
  /** By label class: does the rule look at these pods? Filled as it is asked. */
  readonly selected: (boolean | undefined)[];
}

/** The rules of pods of one label class and one level of constraints: spreads, then affinities, then anti-affinities. */
export function groupSpecs(constraints: Constraints, labels: LabelClass, sets: RequirementSets, namespaces: readonly Namespace[], ignorePreferences: boolean): GroupSpec[] {
  const specs: GroupSpec[] = [];
  let filter: { readonly alternatives: readonly RequirementSet[]; readonly text: string } | undefined;
  for (const spread of constraints.spreads) {
    if (ignorePreferences && spread.whenUnsatisfiable !== "DoNotSchedule") continue;
    filter ??= filterOf(constraints, sets);
    specs.push(spreadSpec(spread, constraints, labels, filter));
  }
  const soft = (terms: readonly { readonly podAffinityTerm: PodAffinityTerm }[]): PodAffinityTerm[] => (ignorePreferences ? [] : terms.map((term) => term.podAffinityTerm));
  for (const term of [...constraints.affinity, ...soft(constraints.preferredAffinity)]) specs.push(affinitySpec("affinity", term, constraints, labels, namespaces));
  for (const term of [...constraints.antiAffinity, ...soft(constraints.preferredAntiAffinity)]) specs.push(affinitySpec("anti-affinity", term, constraints, labels, namespaces));
  return specs;
}

/** The required anti-affinity of pods, looked at from the pods they keep away. */
export function inverseSpecs(constraints: Constraints, labels: LabelClass, namespaces: readonly Namespace[]): GroupSpec[] {
  return constraints.antiAffinity.map((term) => affinitySpec("anti-affinity", term, constraints, labels, namespaces));
}

function spreadSpec(spread: TopologySpreadConstraint, constraints: Constraints, labels: LabelClass, nodes: { readonly alternatives: readonly RequirementSet[]; readonly text: string }): GroupSpec {
  const added = (spread.matchLabelKeys ?? []).flatMap((key) => (Object.hasOwn(labels.labels, key) ? [{ key, operator: "In" as const, values: [labels.labels[key] as string] }] : []));
  const selector = added.length === 0 ? spread.labelSelector : { ...spread.labelSelector, matchExpressions: [...(spread.labelSelector?.matchExpressions ?? []), ...added] };
  const honoursTaints = spread.nodeTaintsPolicy === "Honor";
  const honoursAffinity = spread.nodeAffinityPolicy !== "Ignore";
  // Karpenter's hash sees the keys of the node filter, not its values (pkg/controllers/provisioning/scheduling/topologygroup.go Hash).
  const text = JSON.stringify(["spread", spread.topologyKey, [labels.namespace], spread.maxSkew, nodes.text, honoursTaints, honoursAffinity, odd(constraints.tolerations.map(tolerationText)), selectorText(selector)]);
  const minDomains = spread.minDomains ?? undefined;
  return {
    text,
    full: `${text}${JSON.stringify([minDomains ?? 0, nodes.alternatives.map((set) => set.id), constraints.tolerations])}`,
    type: "spread",
    key: spread.topologyKey,
    namespaces: new Set([labels.namespace]),
    selector,
    badSelector: selectorProblem(selector) !== undefined,
    maxSkew: spread.maxSkew,
    minDomains,
    filter: { alternatives: nodes.alternatives, honoursTaints, honoursAffinity, tolerations: constraints.tolerations },
    tolerations: constraints.tolerations,
    selected: [],
  };
}

function affinitySpec(type: "affinity" | "anti-affinity", term: PodAffinityTerm, constraints: Constraints, labels: LabelClass, namespaces: readonly Namespace[]): GroupSpec {
  const among = namespacesOf(term, labels.namespace, namespaces);
  const text = JSON.stringify([type, term.topologyKey, among, selectorText(term.labelSelector)]);
  return {
    text,
    full: `${text}${JSON.stringify(constraints.tolerations)}`,
    type,
    key: term.topologyKey,
    namespaces: new Set(among),
    selector: term.labelSelector,
    badSelector: selectorProblem(term.labelSelector) !== undefined,
    maxSkew: 2147483647,
    minDomains: undefined,
    filter: undefined,
    tolerations: constraints.tolerations,
    selected: [],
  };
}

/** The pod's own namespace, unless the term names or selects others. */
function namespacesOf(term: PodAffinityTerm, own: string, namespaces: readonly Namespace[]): string[] {
  const named = term.namespaces ?? [];
  const selector = term.namespaceSelector;
  if (selector === undefined) return named.length === 0 ? [own] : [...new Set(named)].sort();
  const selected = namespaces.filter((namespace) => matchesSelector(selector, namespace.metadata.labels)).map((namespace) => namespace.metadata.name);
  return [...new Set([...selected, ...named])].sort();
}

/** Node selector and each required term together: the alternatives a node may meet. */
function filterOf(constraints: Constraints, sets: RequirementSets): { readonly alternatives: readonly RequirementSet[]; readonly text: string } {
  const own = sets.of(Object.entries(constraints.nodeSelector).map(([key, value]) => sets.table.is(normalisedKey(key), value)));
  const alternatives = constraints.required === undefined ? [own] : constraints.required.map((term) => sets.merge(own, sets.of((term.matchExpressions ?? []).map((expression) => sets.table.of(expression)))));
  return { alternatives, text: JSON.stringify(odd(alternatives.map((set) => JSON.stringify(set.requirements.map((requirement) => requirement.key))))) };
}

function tolerationText({ key, operator, value, effect, tolerationSeconds }: Toleration): string {
  return JSON.stringify([key ?? "", operator ?? "", value ?? "", effect ?? "", tolerationSeconds ?? 0]);
}

function selectorText(selector: LabelSelector | undefined): unknown {
  if (selector === undefined) return null;
  const labels = Object.entries(selector.matchLabels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const expressions = (selector.matchExpressions ?? []).map(({ key, operator, values }) => JSON.stringify([key, operator, odd(values ?? [])]));
  return [labels, [...new Set(expressions)].sort()];
}

/** The hash combines the elements of a list by exclusive or: what stands there twice cancels out. */
function odd(texts: readonly string[]): string[] {
  const seen = new Set<string>();
  for (const text of texts) if (!seen.delete(text)) seen.add(text);
  return [...seen].sort();
}
