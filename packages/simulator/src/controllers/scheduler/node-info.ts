import { type Node, type Pod, nameOf } from "@groupless/api";
import { type Amounts, amountsOf, requestedBy } from "./amounts.ts";

/** A node with what its pods take of it, kept up to date pod by pod. */
export interface NodeInfo {
  node: Node;
  allocatable: Amounts;
  readonly requested: Record<string, number>;
  /** What is left of `allocatable`; resources that the node does not have may be missing. */
  free: Record<string, number>;
  /** As `requested`, with a stand-in for pods that ask for nothing; only scores look at it. */
  readonly nonZero: { cpu: number; memory: number };
  readonly pods: Map<string, Pod>;
  readonly hostPorts: Map<string, number>;
}

// kube-scheduler util/pod_resources.go: what a pod without requests counts as in scores.
const ASSUMED_CPU_MILLIS = 100;
const ASSUMED_MEMORY_BYTES = 200 * 1024 * 1024;

/** A node without pods. */
export function nodeInfo(node: Node): NodeInfo {
  const allocatable = amountsOf(node.status?.allocatable ?? {});
  return { node, allocatable, requested: {}, free: { ...allocatable }, nonZero: { cpu: 0, memory: 0 }, pods: new Map(), hostPorts: new Map() };
}

/** Take over what the node says of itself now. */
export function setNode(info: NodeInfo, node: Node): void {
  const before = info.node;
  info.node = node;
  if (before.status?.allocatable === node.status?.allocatable) return;
  info.allocatable = amountsOf(node.status?.allocatable ?? {});
  info.free = { ...info.allocatable };
  for (const [resource, amount] of Object.entries(info.requested)) info.free[resource] = (info.free[resource] ?? 0) - amount;
}

/** Put the pod on the node, or take it off (`sign` -1). */
export function account(info: NodeInfo, pod: Pod, sign: 1 | -1): void {
  const name = nameOf(pod);
  if (info.pods.has(name) === (sign === 1)) return;
  if (sign === 1) info.pods.set(name, pod);
  else info.pods.delete(name);
  const requests = requestedBy(pod);
  for (const [resource, amount] of Object.entries(requests)) {
    info.requested[resource] = (info.requested[resource] ?? 0) + sign * amount;
    info.free[resource] = (info.free[resource] ?? 0) - sign * amount;
  }
  info.nonZero.cpu += sign * nonZeroCpu(requests);
  info.nonZero.memory += sign * nonZeroMemory(requests);
  for (const port of hostPorts(pod)) info.hostPorts.set(port, (info.hostPorts.get(port) ?? 0) + sign);
}

export const nonZeroCpu = (requests: Amounts): number => requests["cpu"] ?? ASSUMED_CPU_MILLIS;
export const nonZeroMemory = (requests: Amounts): number => requests["memory"] ?? ASSUMED_MEMORY_BYTES;

/** `protocol/port` of every host port the pod opens; the address is left out, as the models here bind all. */
export function hostPorts(pod: Pod): readonly string[] {
  return pod.spec.containers.flatMap(({ ports = [] }) => ports.filter(({ hostPort }) => hostPort !== undefined && hostPort > 0).map(({ hostPort, protocol = "TCP" }) => `${protocol}/${hostPort}`));
}
