import type { NodeClaim } from "@groupless/api";
import type { Action } from "../action.ts";
import { conditionOf, isTrue } from "../object/condition.ts";
import { instantOf } from "../object/timestamp.ts";
import type { Observed } from "../observed.ts";
import type { PassOptions } from "../outcome.ts";
import type { Stage } from "./launch.ts";
import { registrationRecord } from "./registration.ts";

const MINUTE_MS = 60_000;

/** A claim that is not launched for so long is given up, in milliseconds. */
export const LAUNCH_TIMEOUT_MS: number = 5 * MINUTE_MS;
/** A claim whose node has not registered for so long is given up, in milliseconds. */
export const REGISTRATION_TIMEOUT_MS: number = 15 * MINUTE_MS;

/**
 * Gives up claims that do not come to life, so that their pods are planned anew, and counts them against their pool's registration health.
 *
 * Both clocks start at the last transition of the condition waited for, which as a rule is the claim's creation (Karpenter pkg/controllers/nodeclaim/lifecycle/liveness.go).
 */
export function checkLiveness(nodeClaim: NodeClaim, observed: Observed, { nowMs }: PassOptions): Stage {
  if (isTrue(nodeClaim, "Registered")) return { nodeClaim, actions: [], reasons: [] };
  const isLaunched = isTrue(nodeClaim, "Launched");
  const launchLeftMs = LAUNCH_TIMEOUT_MS - sinceMs(nodeClaim, "Launched", nowMs);
  if (!isLaunched && launchLeftMs > 0) return { nodeClaim, actions: [], reasons: [], requeueAfterMs: launchLeftMs };
  const registrationLeftMs = REGISTRATION_TIMEOUT_MS - sinceMs(nodeClaim, "Registered", nowMs);
  const givesUpLaunch = !isLaunched;
  const givesUpRegistration = registrationLeftMs <= 0;
  // Karpenter goes on to the second clock after the first has run out, and may count such a claim twice.
  return {
    nodeClaim,
    actions: [...(givesUpLaunch ? surrender(nodeClaim, observed) : []), ...(givesUpRegistration ? surrender(nodeClaim, observed) : [])],
    reasons: [],
    ...(givesUpRegistration ? {} : { requeueAfterMs: registrationLeftMs }),
  };
}

function surrender(nodeClaim: NodeClaim, observed: Observed): readonly Action[] {
  const launched = conditionOf(nodeClaim, "Launched");
  const record = registrationRecord(nodeClaim, observed, false);
  const failure = launched?.status === "True" ? { reason: "RegistrationFailed", message: "Failed to register node" } : { reason: launched?.reason ?? "", message: launched?.message ?? "" };
  return [...(record === undefined ? [] : [{ ...record, failure }]), { type: "delete", kind: "NodeClaim", name: nodeClaim.metadata.name }];
}

function sinceMs(nodeClaim: NodeClaim, type: string, nowMs: number): number {
  return nowMs - (instantOf(conditionOf(nodeClaim, type)?.lastTransitionTime) ?? instantOf(nodeClaim.metadata.creationTimestamp) ?? nowMs);
}
