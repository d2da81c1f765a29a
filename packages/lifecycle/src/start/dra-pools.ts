import type { Node, NodeClaim, OwnerReference } from "@groupless/api";

/** What of a `resource.k8s.io/v1` ResourceSlice tells whether a driver has published all its devices of a node. */
export interface ResourceSlice {
  readonly metadata: { readonly ownerReferences?: readonly OwnerReference[] };
  readonly spec: {
    readonly driver: string;
    readonly nodeName?: string;
    readonly pool: { readonly name: string; readonly generation: number; readonly resourceSliceCount: number };
  };
}

const DRIVERS_ANNOTATION = "karpenter.sh/requested-dra-drivers";

/**
 * The first driver that the claim's pods ask for and that has no complete pool on the node yet; undefined if none is missing.
 *
 * A pool is complete when as many slices of its newest generation are there as they say there are (Karpenter nodeclaim/lifecycle/initialization.go).
 */
export function unpublishedDriver(nodeClaim: NodeClaim, node: Node, slices: readonly ResourceSlice[]): string | undefined {
  const asked = (nodeClaim.metadata.annotations?.[DRIVERS_ANNOTATION] ?? "").split(",").map((driver) => driver.trim());
  const own = slices.filter((slice) => isOfNode(slice, node.metadata.name));
  return asked.find((driver) => driver !== "" && !hasCompletePool(own.filter(({ spec }) => spec.driver === driver)));
}

function isOfNode({ metadata, spec }: ResourceSlice, node: string): boolean {
  return spec.nodeName === node || (metadata.ownerReferences ?? []).some(({ kind, name }) => kind === "Node" && name === node);
}

function hasCompletePool(slices: readonly ResourceSlice[]): boolean {
  return [...new Set(slices.map(({ spec }) => spec.pool.name))].some((name) => {
    const pools = slices.filter(({ spec }) => spec.pool.name === name).map(({ spec }) => spec.pool);
    const newest = Math.max(...pools.map(({ generation }) => generation));
    const current = pools.filter(({ generation }) => generation === newest);
    const expected = current[0]?.resourceSliceCount ?? 0;
    return expected > 0 && current.length === expected;
  });
}
