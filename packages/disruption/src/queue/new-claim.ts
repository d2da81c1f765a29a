import { NODE_POOL_HASH_ANNOTATION, NODE_POOL_HASH_VERSION, NODE_POOL_HASH_VERSION_ANNOTATION, type NodeClaim, type NodePool, nodePoolHash, INSTANCE_TYPE_LABEL } from "@groupless/api";
import type { NewNodeClaim } from "@groupless/bin-packer";
import { SIMULATED_KEYS } from "@groupless/requirements/karpenter";

/** A planned claim as an object, under that name, with its pool's hash and its instance types as a requirement. */
export function nodeClaimObject(claim: NewNodeClaim, nodePool: NodePool, name: string): NodeClaim {
  const { uid, name: poolName } = nodePool.metadata;
  const kept = claim.requirements.filter(({ key }) => !SIMULATED_KEYS.includes(key) && (claim.instanceTypes.length === 0 || key !== INSTANCE_TYPE_LABEL));
  const minValues = claim.requirements.find(({ key, minValues: least }) => key === INSTANCE_TYPE_LABEL && least !== undefined)?.minValues;
  const types = { key: INSTANCE_TYPE_LABEL, operator: "In" as const, values: [...claim.instanceTypes].sort(), ...(minValues === undefined ? {} : { minValues }) };
  return {
    apiVersion: "karpenter.sh/v1",
    kind: "NodeClaim",
    metadata: {
      name,
      generateName: `${poolName}-`,
      labels: claim.labels,
      annotations: { ...claim.annotations, [NODE_POOL_HASH_ANNOTATION]: nodePoolHash(nodePool), [NODE_POOL_HASH_VERSION_ANNOTATION]: NODE_POOL_HASH_VERSION },
      ownerReferences: [{ apiVersion: "karpenter.sh/v1", kind: "NodePool", name: poolName, uid: uid ?? poolName, blockOwnerDeletion: true }],
    },
    spec: Object.assign({}, nodePool.spec.template.spec, { requirements: claim.instanceTypes.length === 0 ? kept : [...kept, types], resources: { requests: claim.requests }, taints: claim.taints, startupTaints: claim.startupTaints }),
  };
}

const LETTERS = "bcdfghjklmnpqrstvwxz2456789";

/**
 * A name for a pool's new claim, as the API server would generate one, from a text instead of chance: the same text gives the same name.
 *
 * @example
 * ```ts
 * import { claimName } from "@groupless/disruption";
 * claimName("default", "node-1 at 1787227200000").startsWith("default-"); // => true
 * ```
 */
export function claimName(nodePool: string, from: string): string {
  // FNV-1a over the text; five letters of 27, as Kubernetes' own names have.
  let hash = 0x811c9dc5;
  for (const char of from) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  let suffix = "";
  for (let i = 0; i < 5; i++) {
    suffix += LETTERS[hash % LETTERS.length];
    hash = Math.floor(hash / LETTERS.length);
  }
  return `${nodePool}-${suffix}`;
}
