import type { NodePool } from "@groupless/api";
import type { NewNodeClaim } from "@groupless/bin-packer";
import { fromNodePool, labelsOfNodePool, toSelectorRequirementList } from "@groupless/requirements/karpenter";
import type { KnownLabels } from "./offering-fit.ts";

/** A claim straight from a static pool's template: no pods, no choice of types, the provider decides. */
export function staticClaim(nodePool: NodePool, { tables }: KnownLabels): NewNodeClaim {
  const { metadata, spec } = nodePool.spec.template;
  return {
    nodePool: nodePool.metadata.name,
    pods: [],
    requests: {},
    requirements: toSelectorRequirementList(fromNodePool(nodePool, tables)),
    instanceTypes: [],
    cheapestPrice: 0,
    labels: labelsOfNodePool(nodePool),
    annotations: metadata?.annotations ?? {},
    taints: spec.taints ?? [],
    startupTaints: spec.startupTaints ?? [],
  };
}
