import type { LabelSelector, NodeAffinity, NodeSelectorTerm, PodAffinityTerm, PodSpec, TopologySpreadConstraint, WeightedPodAffinityTerm } from "@groupless/api";

type Affinity = NonNullable<PodSpec["affinity"]>;

/** Equal JSON. */
export function alike(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let index = 0; index < a.length; index++) if (!alike(a[index], b[index])) return false;
    return true;
  }
  if (Array.isArray(b)) return false;
  for (const key in a) if (!alike((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key])) return false;
  for (const key in b) if (!(key in a)) return false;
  return true;
}

// The same for what pods have most of. Field by field is several times as fast as by whatever keys there are, and fields that nobody reads do not count.

export function sameAffinity(a: Affinity | undefined, b: Affinity | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  return sameNodeAffinity(a.nodeAffinity, b.nodeAffinity) && samePodAffinity(a.podAffinity, b.podAffinity) && samePodAffinity(a.podAntiAffinity, b.podAntiAffinity);
}

export function sameSpreads(a: readonly TopologySpreadConstraint[] | undefined, b: readonly TopologySpreadConstraint[] | undefined): boolean {
  return sameLists(a, b, (x, y) => x.topologyKey === y.topologyKey && x.maxSkew === y.maxSkew && x.whenUnsatisfiable === y.whenUnsatisfiable && x.minDomains === y.minDomains && x.nodeAffinityPolicy === y.nodeAffinityPolicy && x.nodeTaintsPolicy === y.nodeTaintsPolicy && sameSelector(x.labelSelector, y.labelSelector) && alike(x.matchLabelKeys, y.matchLabelKeys));
}

function sameNodeAffinity(a: NodeAffinity | undefined, b: NodeAffinity | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  return (
    sameLists(a.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms, b.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms, sameTerm) &&
    sameLists(a.preferredDuringSchedulingIgnoredDuringExecution, b.preferredDuringSchedulingIgnoredDuringExecution, (x, y) => x.weight === y.weight && sameTerm(x.preference, y.preference))
  );
}

function samePodAffinity(a: Affinity["podAffinity"], b: Affinity["podAffinity"]): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  return sameLists(a.requiredDuringSchedulingIgnoredDuringExecution, b.requiredDuringSchedulingIgnoredDuringExecution, samePodTerm) && sameLists(a.preferredDuringSchedulingIgnoredDuringExecution, b.preferredDuringSchedulingIgnoredDuringExecution, sameWeighted);
}

function sameWeighted(a: WeightedPodAffinityTerm, b: WeightedPodAffinityTerm): boolean {
  return a.weight === b.weight && samePodTerm(a.podAffinityTerm, b.podAffinityTerm);
}

function samePodTerm(a: PodAffinityTerm, b: PodAffinityTerm): boolean {
  return a.topologyKey === b.topologyKey && sameSelector(a.labelSelector, b.labelSelector) && alike(a.namespaces, b.namespaces) && alike(a.namespaceSelector, b.namespaceSelector);
}

function sameTerm(a: NodeSelectorTerm, b: NodeSelectorTerm): boolean {
  return sameLists(a.matchExpressions, b.matchExpressions, (x, y) => x.key === y.key && x.operator === y.operator && alike(x.values, y.values)) && alike(a.matchFields, b.matchFields);
}

function sameSelector(a: LabelSelector | undefined, b: LabelSelector | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || a === null || b === null) return false;
  return alike(a.matchLabels, b.matchLabels) && alike(a.matchExpressions, b.matchExpressions);
}

function sameLists<T>(a: readonly T[] | undefined, b: readonly T[] | undefined, same: (a: T, b: T) => boolean): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || a === null || b === null || a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (!same(a[index] as T, b[index] as T)) return false;
  return true;
}
