import type { CallName } from "../port/ec2-port.ts";
import { SERVICES } from "../port/services.ts";
import type { FaultPlan } from "./fault.ts";

/** Calls a second in the long run, and at once. */
export interface Bucket {
  readonly perSecond: number;
  readonly burst: number;
}

/** The limits EC2 documents for an account, as far as they bear on a fleet; Karpenter's kwok variant uses the same. */
export const EC2_BUCKETS: Readonly<Record<"read" | "write" | "RunInstances" | "TerminateInstances" | "CreateTags", Bucket>> = {
  read: { perSecond: 20, burst: 100 },
  write: { perSecond: 5, burst: 50 },
  RunInstances: { perSecond: 2, burst: 5 },
  TerminateInstances: { perSecond: 5, burst: 100 },
  CreateTags: { perSecond: 10, burst: 100 },
};

/** Refuses EC2 calls that come faster than the buckets fill. */
export function tokenBuckets(clock: { readonly nowMs: () => number }, buckets: typeof EC2_BUCKETS = EC2_BUCKETS): FaultPlan {
  const levels = new Map<Bucket, { readonly tokens: number; readonly atMs: number }>();
  return (call) => {
    if (SERVICES[call] !== "EC2") return undefined;
    const bucket = bucketOf(call, buckets);
    const { tokens, atMs } = levels.get(bucket) ?? { tokens: bucket.burst, atMs: clock.nowMs() };
    const now = Math.min(bucket.burst, tokens + ((clock.nowMs() - atMs) / 1000) * bucket.perSecond);
    levels.set(bucket, { tokens: now >= 1 ? now - 1 : now, atMs: clock.nowMs() });
    return now >= 1 ? undefined : { kind: "throttled" };
  };
}

function bucketOf(call: CallName, buckets: typeof EC2_BUCKETS): Bucket {
  if (call === "RunInstances" || call === "TerminateInstances" || call === "CreateTags") return buckets[call];
  return call.startsWith("Describe") ? buckets.read : buckets.write;
}
