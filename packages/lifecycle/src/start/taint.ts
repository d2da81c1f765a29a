import { DISRUPTED_TAINT_KEY, type Node, type Taint, UNREGISTERED_TAINT_KEY } from "@groupless/api";
import { mergeTaints, sameTaint } from "@groupless/requirements";

/** Keeps pods away until the node has its labels and taints. */
export const unregisteredTaint: Taint = { key: UNREGISTERED_TAINT_KEY, effect: "NoExecute" };

/** Keeps pods away from a node that goes. */
export const disruptedTaint: Taint = { key: DISRUPTED_TAINT_KEY, effect: "NoSchedule" };

/** The node with those of the taints that it lacks; the same node if it has them all. */
export function withTaints(node: Node, taints: readonly Taint[]): Node {
  const own = node.spec?.taints ?? [];
  const merged = mergeTaints(own, taints);
  return merged.length === own.length ? node : { ...node, spec: { ...node.spec, taints: merged } };
}

/** The value of a taint is no part of its identity. */
export function hasTaint(node: Node, taint: Taint): boolean {
  return (node.spec?.taints ?? []).some((other) => sameTaint(other, taint));
}

/** The node without the taint; the same node if it has none such. */
export function withoutTaint(node: Node, taint: Taint): Node {
  return hasTaint(node, taint) ? { ...node, spec: { ...node.spec, taints: (node.spec?.taints ?? []).filter((other) => !sameTaint(other, taint)) } } : node;
}
