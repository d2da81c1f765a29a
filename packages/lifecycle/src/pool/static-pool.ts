import { conditionOf } from "../object/condition.ts";
import { NODE_POOL_LABEL, type NodeClaim, type NodePool } from "@groupless/api";
import { isDeleting } from "../object/metadata.ts";
import type { Observed } from "../observed.ts";
import type { PassOptions } from "../outcome.ts";

/** What is known of static pools beside the objects. */
export interface StaticOptions extends PassOptions {
  /** Provider ids of nodes that a disruption command has marked. */
  readonly markedForDeletion?: readonly string[];
  /** Names of claims that wait for their replacement. */
  readonly pendingDisruption?: readonly string[];
  /** Claims that others are about to create in the pool. */
  readonly reserved?: number;
  /** Has the state of the cluster been complete once? Until it has, no pool grows while any claim has no instance yet; without it, it has not. */
  readonly hasSynced?: boolean;
}

/** The claims of a pool by what becomes of them. */
export interface PoolCounts {
  readonly active: number;
  readonly deleting: number;
  readonly pendingDisruption: number;
}

/** A static pool is looked at that often, in milliseconds. */
export const STATIC_POOL_CHECK_MS = 60_000;

/** Is the pool Ready? One without any conditions, as from YAML, counts as ready. */
export function isReady(nodePool: NodePool): boolean {
  const conditions = nodePool.status?.conditions ?? [];
  return conditions.length === 0 || conditionOf(nodePool, "Ready")?.status === "True";
}

/** Counts a pool's claims. A claim that has no instance yet counts as active even while it is being deleted (as in Karpenter's state of the cluster). */
export function poolCounts(observed: Observed, nodePool: string, options: StaticOptions): PoolCounts {
  const claims = observed.nodeClaims.filter(({ metadata }) => metadata.labels?.[NODE_POOL_LABEL] === nodePool);
  const pending = claims.filter(({ metadata }) => options.pendingDisruption?.includes(metadata.name) === true).length;
  const others = claims.filter(({ metadata }) => options.pendingDisruption?.includes(metadata.name) !== true);
  const deleting = others.filter((nodeClaim) => isGoing(nodeClaim, options)).length;
  return { active: others.length - deleting, deleting, pendingDisruption: pending };
}

/** Is the claim's node on its way out: marked, deleted, or its instance terminating? */
export function isGoing(nodeClaim: NodeClaim, { markedForDeletion = [] }: Pick<StaticOptions, "markedForDeletion">): boolean {
  const providerID = nodeClaim.status?.providerID ?? "";
  return providerID !== "" && (markedForDeletion.includes(providerID) || isDeleting(nodeClaim) || conditionOf(nodeClaim, "InstanceTerminating")?.status === "True");
}
