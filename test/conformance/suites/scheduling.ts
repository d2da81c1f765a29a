import type { KubeObject, NodePool } from "@groupless/api";
import { type Cluster, type NewNodeClaim, type Packing, prepare, solve } from "@groupless/bin-packer";
import type { InstanceType } from "@groupless/catalog";
import type { Context, Line, Suite } from "../suite.ts";

interface Input {
  readonly options: Cluster["options"];
  readonly now?: string;
  readonly wellKnownLabels?: readonly string[];
  readonly catalogs: Readonly<Record<string, string | readonly InstanceType[]>>;
  readonly objects: readonly KubeObject[];
  readonly markedForDeletion?: readonly string[];
}

const DEFAULT_NOW = "2026-09-01T12:00:00Z";

/** The cluster a vector describes. */
export function clusterOfInput(input: Input, context: Context): { readonly cluster: Cluster; readonly nowMs: number } {
  const instanceTypes = Object.fromEntries(Object.entries(input.catalogs ?? {}).map(([pool, catalog]) => [pool, typeof catalog === "string" ? context.catalog(catalog) : catalog]));
  const cluster: Cluster = {
    nodePools: input.objects.filter((object): object is NodePool => object.kind === "NodePool"),
    objects: input.objects,
    instanceTypes,
    wellKnownLabels: input.wellKnownLabels ?? [],
    markedForDeletion: input.markedForDeletion ?? [],
    options: input.options ?? {},
  };
  return { cluster, nowMs: Date.parse(input.now ?? DEFAULT_NOW) };
}

/** A packing in the vectors' form: the longer of types and other types left out, arbitrary label values as `*`. */
export function canonicalPacking(packing: Packing, cluster: Cluster): unknown {
  return {
    newNodeClaims: packing.newNodeClaims.map((claim) => canonicalClaim(claim, cluster)),
    existingNodes: packing.existingNodes,
    podErrors: packing.podErrors.map(({ pod, classes }) => ({ pod, classes })),
    ...(packing.ignoredPods.length === 0 ? {} : { ignoredPods: packing.ignoredPods.map(({ pod, classes }) => ({ pod, classes })) }),
  };
}

function canonicalClaim(claim: NewNodeClaim, { instanceTypes }: Cluster): unknown {
  const catalog = instanceTypes[claim.nodePool] ?? instanceTypes["*"] ?? [];
  const chosen = new Set(claim.instanceTypes);
  const types =
    2 * chosen.size > catalog.length
      ? { instanceTypesExcept: catalog.map((type) => type.name).filter((name) => !chosen.has(name)).sort() }
      : { instanceTypes: [...chosen].sort() };
  const annotations = Object.fromEntries(Object.entries(claim.annotations).filter(([key]) => key !== "karpenter.sh/nodepool-hash"));
  const settled = new Map<string, boolean>();
  for (const { key, operator, values } of claim.requirements) settled.set(key, operator === "In" && values?.length === 1);
  return {
    nodePool: claim.nodePool,
    pods: claim.pods,
    requests: claim.requests,
    requirements: claim.requirements.map((requirement) => (requirement.key === "node.kubernetes.io/instance-type" && requirement.operator === "In" ? { ...requirement, values: undefined } : requirement)),
    ...types,
    cheapestPrice: claim.cheapestPrice,
    labels: Object.fromEntries(Object.entries(claim.labels).map(([key, value]) => [key, settled.get(key) === false ? "*" : value])),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    ...(claim.taints.length === 0 ? {} : { taints: claim.taints }),
    ...(claim.startupTaints.length === 0 ? {} : { startupTaints: claim.startupTaints }),
  };
}

/** Drops the texts, which are there for information. */
function withoutMessages(output: any): unknown {
  const strip = (errors: any[] | undefined): unknown => errors?.map(({ pod, classes }) => ({ pod, classes }));
  return { ...output, podErrors: strip(output.podErrors), ...(output.ignoredPods === undefined ? {} : { ignoredPods: strip(output.ignoredPods) }) };
}

export const scheduling: Suite = {
  functions: {},
  decide: (line: Line, context: Context) => {
    const { cluster, nowMs } = clusterOfInput(line.input as Input, context);
    return canonicalPacking(solve(prepare(cluster, { nowMs })), cluster);
  },
  canonical: withoutMessages,
  tolerance: { cheapestPrice: 1e-9 },
};
