import type { NodeClaim } from "@groupless/api";
import { claimKey, recordedClaims } from "./launch-record.ts";
import type { CloudInstance } from "./instance.ts";
import { providerIdOf } from "./provider-id.ts";

/** An instance may be this young and its claim not know of it yet. */
export const GARBAGE_AGE_MS = 30_000;

/**
 * The instances no claim knows: the cluster's claims must be listed after the instances, else one launched in between looks like garbage.
 *
 * Karpenter pkg/controllers/nodeclaim/garbagecollection; beyond it, an instance that says which claim it is for is kept while that claim waits for one.
 */
export function garbage(instances: readonly CloudInstance[], nodeClaims: readonly NodeClaim[], nowMs: number): readonly CloudInstance[] {
  const claimed = new Set(nodeClaims.map(({ status }) => status?.providerID));
  // Made by a launch whose answer was lost: the claim it was made for will find it.
  const expected = new Set(nodeClaims.filter(({ status }) => status?.providerID === undefined).map(claimKey));
  return instances.filter((instance) => !recordedClaims(instance.tags).some((key) => expected.has(key)) && instance.state !== "shutting-down" && instance.state !== "terminated" && !claimed.has(providerIdOf(instance)) && nowMs - (instance.launchedMs ?? 0) > GARBAGE_AGE_MS);
}

/** When to look again after the nth successful round: soon at first, since an earlier process may have left something. */
export function garbageIntervalMs(successfulRounds: number): number {
  return successfulRounds <= 20 ? 10_000 : 120_000;
}
