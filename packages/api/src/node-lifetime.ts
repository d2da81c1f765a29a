import { durationOrNeverMs } from "./duration.ts";
import type { NodeClaim } from "./node-claim.ts";
import { timeMs } from "./time.ts";

/**
 * The part of a NodeClaim's life that is left, from 1 (new, or never expires) to 0 (due): disruption costs scale with it
 * (Karpenter pkg/utils/disruption). A claim without a creation time counts as new.
 */
export function lifetimeRemaining(nodeClaim: NodeClaim, nowMs: number): number {
  const lifetimeMs = durationOrNeverMs(nodeClaim.spec.expireAfter);
  if (lifetimeMs === undefined) return 1;
  const { creationTimestamp } = nodeClaim.metadata;
  const lifetime = seconds(lifetimeMs);
  const left = (lifetime - seconds(creationTimestamp === undefined ? 0 : nowMs - timeMs(creationTimestamp))) / lifetime;
  if (left < 0) return 0;
  return left > 1 ? 1 : left;
}

// Go adds whole seconds and the rest as two doubles; dividing at once may differ in the last bit.
function seconds(ms: number): number {
  return Math.trunc(ms / 1000) + ((ms % 1000) * 1e6) / 1e9;
}

/**
 * Is an initialized node still in its pool's `consolidateAfter` quiet time since the last pod came or went (or, before any did, since it
 * was initialized)? Such a node is neither consolidated nor a destination for others' pods.
 *
 * @param consolidateAfter Go duration text or `Never`; `Never` and `0s` know no quiet time
 */
export function isUnderConsolidateAfter(consolidateAfter: string | undefined, nodeClaim: NodeClaim, nowMs: number): boolean {
  const quietMs = durationOrNeverMs(consolidateAfter);
  if (quietMs === undefined || quietMs === 0) return false;
  const initialized = nodeClaim.status?.conditions?.find(({ type }) => type === "Initialized");
  if (initialized?.status !== "True") return false;
  const since = nodeClaim.status?.lastPodEventTime ?? initialized.lastTransitionTime;
  return since !== undefined && nowMs - timeMs(since) < quietMs;
}
