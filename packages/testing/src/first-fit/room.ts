import type { NodePool, NodeSelectorRequirementWithMinValues, Pod } from "@groupless/api";
import type { NewNodeClaim } from "@groupless/bin-packer";
import { daemonSetPod, fits, podsRequests } from "@groupless/quantity";
import { type FinalNode, type FinalState, ofKind, typesOf } from "../final-state/final-state.ts";
import { type NodeOption, optionsOf } from "../final-state/node-option.ts";
import { tolerates } from "../final-state/selectors.ts";
import { allows } from "../invariants/holds-node-affinity.ts";
import { portsCollide } from "../invariants/holds-host-ports.ts";

/**
 * Whether a node as it ends up has room for one more plain pod, beyond doubt: with every daemon set's pod counted as though it were yet to come.
 * What has room at the end had it all along.
 */
export function hasRoomFor(state: FinalState, node: FinalNode, pod: Pod): boolean {
  const there = [...node.bound, ...node.placed, ...daemonsOf(state)];
  if (node.kind === "new" && state.cluster.nodePools.some((pool) => pool.metadata.name === node.nodePool && isChoosy(pool))) return false;
  return toleratesAll(pod, node) && !there.some((other) => portsCollide(pod, other)) && node.options.some((option) => allows(pod, option) && isLargeEnough([...there, pod], option));
}

/** Whether the pool could launch a machine for the pod alone, beyond doubt. Pools that limit or are particular about their types count as ones that cannot. */
export function couldLaunchFor(state: FinalState, pool: NodePool, pod: Pod): boolean {
  if (!isUsable(pool) || pool.spec.limits !== undefined || isChoosy(pool)) return false;
  const options = machinesOf(state, pool);
  const taints = pool.spec.template.spec.taints ?? [];
  const daemons = daemonsOf(state);
  return taints.every((taint) => tolerates(pod.spec.tolerations, taint)) && !daemons.some((daemon) => portsCollide(pod, daemon)) && options.some((option) => allows(pod, option) && isLargeEnough([pod, ...daemons], option));
}

/** Every machine a pool may launch. */
function machinesOf({ cluster }: FinalState, { metadata, spec }: NodePool): readonly NodeOption[] {
  const types = typesOf(cluster, metadata.name);
  const requirements: readonly NodeSelectorRequirementWithMinValues[] = spec.template.spec.requirements ?? [];
  const { group, kind, name } = spec.template.spec.nodeClassRef;
  const labels = { ...spec.template.metadata?.labels, "karpenter.sh/nodepool": metadata.name, [`${group}/${kind.toLowerCase()}`]: name };
  return optionsOf({ nodePool: metadata.name, pods: [], requests: {}, requirements, instanceTypes: [...types.keys()], cheapestPrice: 0, labels, annotations: {}, taints: [], startupTaints: [] } satisfies NewNodeClaim, types);
}

/** Pools in the order they are tried: heaviest first, then from the last name to the first. */
export function poolsInOrder({ cluster }: FinalState): readonly NodePool[] {
  return cluster.nodePools.toSorted((a, b) => (b.spec.weight ?? 0) - (a.spec.weight ?? 0) || (a.metadata.name > b.metadata.name ? -1 : 1));
}

/** Whether Karpenter plans anything at all. */
export function hasUsablePool({ cluster }: FinalState): boolean {
  return cluster.nodePools.some(isUsable);
}

/** Whether the pool asks for a variety of types. */
export function isChoosy({ spec }: NodePool): boolean {
  return (spec.template.spec.requirements ?? []).some(({ minValues }) => minValues !== undefined);
}

function isUsable({ metadata, spec, status }: NodePool): boolean {
  return spec.replicas === undefined && metadata.deletionTimestamp === undefined && (status?.conditions ?? []).every(({ type, status: value }) => type !== "Ready" || value === "True") && spec.template.spec.nodeClassRef.group === "karpenter.k8s.aws";
}

function toleratesAll(pod: Pod, { taints }: FinalNode): boolean {
  return taints.every((taint) => tolerates(pod.spec.tolerations, taint));
}

// A daemon set's pod has no name of its own yet, and needs none here.
function daemonsOf({ cluster }: FinalState): readonly Pod[] {
  return ofKind(cluster, "DaemonSet").map((daemonSet) => ({ apiVersion: "v1", kind: "Pod", metadata: daemonSet.metadata, spec: daemonSetPod(daemonSet).spec }));
}

function isLargeEnough(pods: readonly Pod[], { allocatable }: NodeOption): boolean {
  return fits(podsRequests(pods), allocatable);
}
