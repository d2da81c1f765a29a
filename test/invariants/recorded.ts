import type { KubeObject, NodePool } from "@groupless/api";
import type { Cluster, Packing } from "@groupless/bin-packer";
import type { InstanceType } from "@groupless/catalog";
import type { Context, Line } from "../conformance/suite.ts";

/** A scheduling vector as the cluster it is about. */
export function clusterOfLine(line: Line, context: Context): Cluster {
  const { objects, catalogs, markedForDeletion, wellKnownLabels } = line.input as { objects: KubeObject[]; catalogs: Record<string, string | InstanceType[]>; markedForDeletion?: string[]; wellKnownLabels?: string[] };
  return {
    nodePools: objects.filter((object): object is NodePool => object.kind === "NodePool"),
    objects: objects.filter(({ kind }) => kind !== "NodePool"),
    instanceTypes: Object.fromEntries(Object.entries(catalogs).map(([pool, catalog]) => [pool, typeof catalog === "string" ? context.catalog(catalog) : catalog])),
    ...(markedForDeletion === undefined ? {} : { markedForDeletion }),
    ...(wellKnownLabels === undefined ? {} : { wellKnownLabels }),
  };
}

/** The packings Karpenter was seen to answer, with the short form of long type lists written out. */
export function acceptedPackings(line: Line, cluster: Cluster): Packing[] {
  type Recorded = Packing & { readonly newNodeClaims: readonly { readonly instanceTypesExcept?: readonly string[] }[] };
  return (line.accepted as Recorded[]).map((packing) => ({
    ...packing,
    newNodeClaims: packing.newNodeClaims.map((claim) => {
      const { instanceTypesExcept: except } = claim as { instanceTypesExcept?: readonly string[] };
      const all = cluster.instanceTypes[claim.nodePool] ?? cluster.instanceTypes["*"] ?? [];
      return { ...claim, instanceTypes: except === undefined ? claim.instanceTypes : all.map(({ name }) => name).filter((name) => !except.includes(name)) };
    }),
  }));
}
