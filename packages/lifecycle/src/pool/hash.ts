import { NODE_POOL_HASH_ANNOTATION, NODE_POOL_HASH_VERSION, NODE_POOL_HASH_VERSION_ANNOTATION, NODE_POOL_LABEL, type NodeClaim, nodePoolHash } from "@groupless/api";
import type { Action } from "../action.ts";
import { conditionOf } from "../object/condition.ts";
import { withAnnotations } from "../object/metadata.ts";
import type { Observed } from "../observed.ts";
import { idle, isManaged, type Outcome, type PassOptions } from "../outcome.ts";
import { guarded } from "../object/guarded.ts";

/**
 * Writes a pool's template hash into its annotations, by which its claims are found to have drifted.
 *
 * When the way of hashing has changed, claims are given the new hash too, since the old one says nothing any more; those that had drifted keep theirs and so stay drifted
 * (Karpenter pkg/controllers/nodepool/hash).
 */
export function refreshHash(observed: Observed, name: string, options: PassOptions): Outcome {
  return guarded(`NodePool/${name}`, () => hashOf(observed, name, options), idle);
}

function hashOf(observed: Observed, name: string, options: PassOptions): Outcome {
  const nodePool = observed.nodePools.find(({ metadata }) => metadata.name === name);
  if (nodePool === undefined || !isManaged({ spec: nodePool.spec.template.spec }, options)) return idle;
  const hash = nodePoolHash(nodePool);
  const isCurrent = nodePool.metadata.annotations?.[NODE_POOL_HASH_VERSION_ANNOTATION] === NODE_POOL_HASH_VERSION;
  const claims = isCurrent ? [] : observed.nodeClaims.filter((nodeClaim) => nodeClaim.metadata.labels?.[NODE_POOL_LABEL] === name && isManaged(nodeClaim, options));
  const hashed = withAnnotations(nodePool, { [NODE_POOL_HASH_ANNOTATION]: hash, [NODE_POOL_HASH_VERSION_ANNOTATION]: NODE_POOL_HASH_VERSION });
  return { actions: [...claims.flatMap((nodeClaim) => migrated(nodeClaim, hash)), ...(hashed === nodePool ? [] : [{ type: "update" as const, object: hashed }])], reasons: [] };
}

function migrated(nodeClaim: NodeClaim, hash: string): readonly Action[] {
  if (nodeClaim.metadata.annotations?.[NODE_POOL_HASH_VERSION_ANNOTATION] === NODE_POOL_HASH_VERSION) return [];
  const isDrifted = conditionOf(nodeClaim, "Drifted") !== undefined;
  const annotations = { [NODE_POOL_HASH_VERSION_ANNOTATION]: NODE_POOL_HASH_VERSION, ...(isDrifted ? {} : { [NODE_POOL_HASH_ANNOTATION]: hash }) };
  return [{ type: "update", object: withAnnotations(nodeClaim, annotations) }];
}
