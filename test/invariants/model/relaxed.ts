import type { Pod, PodSpec, Toleration } from "@groupless/api";

const SOFT: Toleration = { operator: "Exists", effect: "PreferNoSchedule" };

/** The pod with one wish less, in the order in which Karpenter gives wishes up; undefined if there is none to give up. */
export function relaxed(pod: Pod, someSoftTaint: boolean): Pod | undefined {
  const spec = relaxedSpec(pod.spec, someSoftTaint);
  return spec === undefined ? undefined : { ...pod, spec };
}

function relaxedSpec(spec: PodSpec, someSoftTaint: boolean): PodSpec | undefined {
  const { affinity = {}, topologySpreadConstraints: spreads = [], tolerations = [] } = spec;
  const { nodeAffinity = {}, podAffinity = {}, podAntiAffinity = {} } = affinity;
  const terms = nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  if (terms.length > 1) return { ...spec, affinity: { ...affinity, nodeAffinity: { ...nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms.slice(1) } } } };
  const near = podAffinity.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  if (near.length > 0) return { ...spec, affinity: { ...affinity, podAffinity: { ...podAffinity, preferredDuringSchedulingIgnoredDuringExecution: withoutHeaviest(near) } } };
  const away = podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  if (away.length > 0) return { ...spec, affinity: { ...affinity, podAntiAffinity: { ...podAntiAffinity, preferredDuringSchedulingIgnoredDuringExecution: withoutHeaviest(away) } } };
  const preferred = nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  if (preferred.length > 0) return { ...spec, affinity: { ...affinity, nodeAffinity: { ...nodeAffinity, preferredDuringSchedulingIgnoredDuringExecution: withoutHeaviest(preferred) } } };
  const soft = spreads.findIndex(({ whenUnsatisfiable }) => whenUnsatisfiable === "ScheduleAnyway");
  if (soft !== -1) {
    const last = spreads.at(-1);
    return { ...spec, topologySpreadConstraints: spreads.slice(0, -1).map((spread, index) => (index === soft && last !== undefined ? last : spread)) };
  }
  return someSoftTaint && !tolerations.some(({ key, operator, effect }) => (key ?? "") === "" && operator === "Exists" && effect === "PreferNoSchedule") ? { ...spec, tolerations: [...tolerations, SOFT] } : undefined;
}

function withoutHeaviest<T extends { readonly weight: number }>(terms: readonly T[]): readonly T[] {
  return terms.toSorted((a, b) => b.weight - a.weight).slice(1);
}
