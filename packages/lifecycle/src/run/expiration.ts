import { isDeleting } from "../object/metadata.ts";
import { lengthMs } from "../object/length.ts";
import { instantOf } from "../object/timestamp.ts";
import type { Observed } from "../observed.ts";
import { idle, isManaged, type Outcome, type PassOptions } from "../outcome.ts";

/**
 * Deletes a claim that has outlived its `expireAfter`, whatever budgets and pods say; its drain then heeds them until the claim's termination grace period ends
 * (Karpenter pkg/controllers/nodeclaim/expiration).
 */
export function checkExpiration(observed: Observed, name: string, options: PassOptions): Outcome {
  const nodeClaim = observed.nodeClaims.find(({ metadata }) => metadata.name === name);
  if (nodeClaim === undefined || !isManaged(nodeClaim, options) || isDeleting(nodeClaim)) return idle;
  const { ms, reasons } = lengthMs(nodeClaim.spec.expireAfter, nodeClaim, "spec.expireAfter");
  const createdMs = instantOf(nodeClaim.metadata.creationTimestamp);
  if (ms === undefined || createdMs === undefined) return { actions: [], reasons };
  const leftMs = createdMs + ms - options.nowMs;
  return leftMs > 0 ? { actions: [], reasons, requeueAfterMs: leftMs } : { actions: [{ type: "delete", kind: "NodeClaim", name }], reasons };
}
