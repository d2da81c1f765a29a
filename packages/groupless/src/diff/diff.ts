import type { NewNodeClaim, Packing, PodError } from "@groupless/bin-packer";

/** What changes from one packing to another; amounts are after less before. */
export interface PackingDiff {
  /** USD an hour. */
  readonly priceUsdPerHour: number;
  /** Nodes to launch. */
  readonly newNodeClaims: number;
  /** Pods that have a place now and had none, sorted. */
  readonly placed: readonly string[];
  /** Pods whose node is another one, or another kind of new node, sorted by pod. */
  readonly moved: readonly MovedPod[];
  /** Why pods that had a place have none now. */
  readonly podErrors: readonly PodError[];
  /** New nodes by pool and cheapest type, where their number changes; sorted. */
  readonly nodes: readonly NodeCount[];
}

export interface MovedPod {
  readonly pod: string;
  readonly from: Destination;
  readonly to: Destination;
}

/** A node that exists, or the kind of node a pod is to be launched with. */
export type Destination = { readonly node: string } | { readonly nodePool: string; readonly instanceType: string };

export interface NodeCount {
  readonly nodePool: string;
  readonly instanceType: string;
  readonly before: number;
  readonly after: number;
}

/**
 * Compare two packings: what a change of pools, prices or pods would do.
 *
 * New nodes have no names yet: a pod has moved when its node's pool or cheapest instance type is another.
 *
 * @example
 * diff(packing, packing).moved // => []
 */
export function diff(before: Packing, after: Packing): PackingDiff {
  const [old, now] = [destinations(before), destinations(after)];
  const placed = [...now.keys()].filter((pod) => !old.has(pod)).sort();
  const moved = [...now].flatMap(([pod, to]): MovedPod[] => {
    const from = old.get(pod);
    return from === undefined || keyOf(from) === keyOf(to) ? [] : [{ pod, from, to }];
  });
  return {
    priceUsdPerHour: after.priceUsdPerHour - before.priceUsdPerHour,
    newNodeClaims: after.newNodeClaims.length - before.newNodeClaims.length,
    placed,
    moved: moved.sort((a, b) => (a.pod < b.pod ? -1 : 1)),
    podErrors: after.podErrors.filter(({ pod }) => old.has(pod)),
    nodes: nodeCounts(before.newNodeClaims, after.newNodeClaims),
  };
}

function destinations(packing: Packing): ReadonlyMap<string, Destination> {
  const found = new Map<string, Destination>();
  for (const { node, pods } of packing.existingNodes) for (const pod of pods) found.set(pod, { node });
  for (const claim of packing.newNodeClaims) for (const pod of claim.pods) found.set(pod, kindOf(claim));
  return found;
}

const kindOf = ({ nodePool, instanceTypes }: NewNodeClaim): { readonly nodePool: string; readonly instanceType: string } => ({ nodePool, instanceType: instanceTypes[0] ?? "" });
const keyOf = (destination: Destination): string => ("node" in destination ? destination.node : `${destination.nodePool} ${destination.instanceType}`);

function nodeCounts(before: readonly NewNodeClaim[], after: readonly NewNodeClaim[]): readonly NodeCount[] {
  const counts = new Map<string, NodeCount>();
  const count = (claims: readonly NewNodeClaim[], side: "before" | "after"): void => {
    for (const claim of claims) {
      const kind = kindOf(claim);
      const known = counts.get(keyOf(kind)) ?? { ...kind, before: 0, after: 0 };
      counts.set(keyOf(kind), { ...known, [side]: known[side] + 1 });
    }
  };
  count(before, "before");
  count(after, "after");
  const changed = [...counts].filter(([, { before: was, after: is }]) => was !== is);
  return changed.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}
