import { type Pod, nameOf } from "@groupless/api";
import { compareQuantities, parseQuantity, podRequests } from "@groupless/quantity";
import { type FinalState, ofKind } from "../final-state/final-state.ts";
import { termSelects } from "../final-state/selectors.ts";

/**
 * Whether all a pod asks for can be told from it and one node alone: no rule about other pods, of its own or of theirs, no preference that may have
 * to give way, no volumes, no device claims, at most one node affinity term, and of operators only `In`.
 */
export function isPlain(pod: Pod, { pods, namespaceLabels }: FinalState): boolean {
  const { affinity, topologySpreadConstraints, volumes, nodeSelector = {}, ...spec } = pod.spec;
  const { nodeAffinity } = affinity ?? {};
  const terms = nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const expressions = terms.flatMap(({ matchExpressions = [], matchFields = [] }) => [...matchExpressions, ...matchFields.map((field) => ({ ...field, operator: "Field" }))]);
  if (terms.length > 1 || expressions.some(({ operator }) => operator !== "In")) return false;
  // A key asked for twice may contradict itself, which Karpenter reads its own way; a host is a matter of topology.
  const keys = [...Object.keys(nodeSelector), ...expressions.map(({ key }) => key)];
  if (new Set(keys).size < keys.length || keys.some((key) => key === "kubernetes.io/hostname" || key.includes("beta.kubernetes.io"))) return false;
  if ((nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).length > 0 || affinity?.podAffinity !== undefined || affinity?.podAntiAffinity !== undefined) return false;
  if ((topologySpreadConstraints ?? []).length > 0 || (volumes ?? []).length > 0 || ((spec as { readonly resourceClaims?: readonly unknown[] }).resourceClaims ?? []).length > 0) return false;
  for (const other of pods.values()) for (const term of other.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []) if (termSelects(other, term, pod, namespaceLabels)) return false;
  return true;
}

/** Whether the first of two pods is tried before the second: more cpu, then more memory, then older, then by uid. */
export function isTriedBefore(a: Pod, b: Pod): boolean {
  const [left, right] = [podRequests(a), podRequests(b)];
  for (const resource of ["cpu", "memory"]) {
    const order = compareQuantities(parseQuantity(left[resource] ?? "0"), parseQuantity(right[resource] ?? "0"));
    if (order !== 0) return order > 0;
  }
  const age = Date.parse(a.metadata.creationTimestamp ?? "1970-01-01T00:00:00Z") - Date.parse(b.metadata.creationTimestamp ?? "1970-01-01T00:00:00Z");
  return age === 0 ? (a.metadata.uid ?? nameOf(a)) < (b.metadata.uid ?? nameOf(b)) : age < 0;
}

/** Whether nodes of the cluster may tell pods apart in ways that no pod asks for: only taints without a preference, no reservations, no devices. */
export function isPlainCluster({ cluster }: FinalState): boolean {
  const soft = [...cluster.nodePools.flatMap(({ spec }) => spec.template.spec.taints ?? []), ...ofKind(cluster, "Node").flatMap(({ spec }) => spec?.taints ?? [])].some(({ effect }) => effect === "PreferNoSchedule");
  const reserved = Object.values(cluster.instanceTypes).some((types) => types.some(({ offerings }) => offerings.some(({ requirements }) => requirements.some(({ values = [] }) => values.includes("reserved")))));
  return !soft && !reserved && !cluster.objects.some(({ kind }) => (kind as string) === "NodeOverlay" || (kind as string) === "ResourceSlice" || (kind as string) === "CapacityBuffer");
}
