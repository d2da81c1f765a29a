import { INSTANCE_TYPE_LABEL, type NodeClaim, NODE_POOL_HASH_ANNOTATION, NODE_POOL_HASH_VERSION, NODE_POOL_HASH_VERSION_ANNOTATION, NODE_POOL_LABEL, nodePoolHash, type NodePool, uidOf } from "@groupless/api";
import type { NewNodeClaim } from "@groupless/bin-packer";

/** The NodeClaim object of a planned node: the pool's template narrowed to what the plan chose (Karpenter NodeClaimTemplate.ToNodeClaim). */
export function nodeClaimOf(planned: NewNodeClaim, nodePool: NodePool, name: string): NodeClaim {
  const { nodeClassRef, expireAfter, terminationGracePeriod } = nodePool.spec.template.spec;
  const chosen = planned.instanceTypes.length === 0 ? [] : [{ ...minValuesOf(planned), key: INSTANCE_TYPE_LABEL, operator: "In" as const, values: planned.instanceTypes }];
  return {
    apiVersion: "karpenter.sh/v1",
    kind: "NodeClaim",
    metadata: {
      name,
      generateName: `${nodePool.metadata.name}-`,
      labels: { ...planned.labels, [NODE_POOL_LABEL]: nodePool.metadata.name, [`${nodeClassRef.group}/${nodeClassRef.kind.toLowerCase()}`]: nodeClassRef.name },
      annotations: { ...planned.annotations, [NODE_POOL_HASH_ANNOTATION]: nodePoolHash(nodePool), [NODE_POOL_HASH_VERSION_ANNOTATION]: NODE_POOL_HASH_VERSION },
      ownerReferences: [{ apiVersion: "karpenter.sh/v1", kind: "NodePool", name: nodePool.metadata.name, uid: uidOf(nodePool), blockOwnerDeletion: true }],
    },
    spec: {
      nodeClassRef,
      requirements: [...planned.requirements.filter(({ key }) => key !== INSTANCE_TYPE_LABEL || chosen.length === 0), ...chosen],
      resources: { requests: planned.requests },
      ...(planned.taints.length === 0 ? {} : { taints: planned.taints }),
      ...(planned.startupTaints.length === 0 ? {} : { startupTaints: planned.startupTaints }),
      ...(expireAfter === undefined ? {} : { expireAfter }),
      ...(terminationGracePeriod === undefined ? {} : { terminationGracePeriod }),
    },
  };
}

function minValuesOf({ requirements }: NewNodeClaim): { readonly minValues?: number } {
  const minValues = requirements.find(({ key, minValues: least }) => key === INSTANCE_TYPE_LABEL && least !== undefined)?.minValues;
  return minValues === undefined ? {} : { minValues };
}
