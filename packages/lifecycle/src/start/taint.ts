import { DISRUPTED_TAINT_KEY, type Node, type Taint, UNREGISTERED_TAINT_KEY } from "@groupless/api";

/** Keeps pods away until the node has its labels and taints. */
export const unregisteredTaint: Taint = { key: UNREGISTERED_TAINT_KEY, effect: "NoExecute" };

/** Keeps pods away from a node that goes. */
export const disruptedTaint: Taint = { key: DISRUPTED_TAINT_KEY, effect: "NoSchedule" };

// Taints that are expected on a node that starts, and expected to go (Karpenter pkg/scheduling/taints.go).
const EPHEMERAL: readonly Taint[] = [
  { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" },
  { key: "node.kubernetes.io/not-ready", effect: "NoExecute" },
  { key: "node.kubernetes.io/unreachable", effect: "NoSchedule" },
  { key: "node.cloudprovider.kubernetes.io/uninitialized", effect: "NoSchedule" },
  unregisteredTaint,
];
const EPHEMERAL_PREFIX = "readiness.k8s.io/";

/** Same key and effect; Kubernetes leaves the value out of a taint's identity. */
export function isSameTaint(a: Taint, b: Taint): boolean {
  return a.key === b.key && a.effect === b.effect;
}

export function isEphemeralTaint(taint: Taint): boolean {
  return EPHEMERAL.some((other) => isSameTaint(other, taint)) || taint.key.startsWith(EPHEMERAL_PREFIX);
}

/** The node's taints and those of the second list that it lacks. */
export function withTaints(node: Node, taints: readonly Taint[]): Node {
  const merged = [...(node.spec?.taints ?? [])];
  for (const taint of taints) if (!merged.some((other) => isSameTaint(other, taint))) merged.push(taint);
  return merged.length === (node.spec?.taints ?? []).length ? node : { ...node, spec: { ...node.spec, taints: merged } };
}

export function hasTaint(node: Node, taint: Taint): boolean {
  return (node.spec?.taints ?? []).some((other) => isSameTaint(other, taint));
}

export function withoutTaint(node: Node, taint: Taint): Node {
  return hasTaint(node, taint) ? { ...node, spec: { ...node.spec, taints: (node.spec?.taints ?? []).filter((other) => !isSameTaint(other, taint)) } } : node;
}

/** `key=value:effect`, or `key:effect` where there is no value. */
export function taintText({ key, value, effect }: Taint): string {
  return value === undefined || value === "" ? `${key}:${effect}` : `${key}=${value}:${effect}`;
}
