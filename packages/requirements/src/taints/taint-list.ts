import { type Taint, UNREGISTERED_TAINT_KEY } from "@groupless/api";

/** The taints, and of the others those whose key and effect are not among them yet. */
export function mergeTaints(taints: readonly Taint[], others: readonly Taint[]): readonly Taint[] {
  const merged = [...taints];
  for (const other of others) if (!merged.some((taint) => sameTaint(taint, other))) merged.push(other);
  return merged;
}

/** Whether two taints are the same one: key and effect count, the value does not. */
export function sameTaint(a: Taint, b: Taint): boolean {
  return a.key === b.key && a.effect === b.effect;
}

/** Taints a starting node loses by itself (Karpenter pkg/scheduling/taints.go). */
export const EPHEMERAL_TAINTS: readonly Taint[] = [
  { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" },
  { key: "node.kubernetes.io/not-ready", effect: "NoExecute" },
  { key: "node.kubernetes.io/unreachable", effect: "NoSchedule" },
  { key: "node.cloudprovider.kubernetes.io/uninitialized", value: "true", effect: "NoSchedule" },
  { key: UNREGISTERED_TAINT_KEY, effect: "NoExecute" },
];

/** The Node Readiness Controller's taints start so. */
export const EPHEMERAL_TAINT_PREFIXES: readonly string[] = ["readiness.k8s.io/"];

/** Whether a node that is starting loses the taint by itself. */
export function isEphemeralTaint(taint: Taint): boolean {
  return EPHEMERAL_TAINTS.some((known) => sameTaint(known, taint)) || EPHEMERAL_TAINT_PREFIXES.some((prefix) => taint.key.startsWith(prefix));
}
