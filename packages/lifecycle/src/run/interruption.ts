import type { NodeClaim } from "@groupless/api";
import type { Action, InterruptionKind } from "../action.ts";
import { isDeleting } from "../object/metadata.ts";
import { report } from "../object/report.ts";
import type { LifecycleReason } from "../reason.ts";

interface Interrupted {
  readonly actions: readonly Action[];
  readonly reasons: readonly LifecycleReason[];
}

// Reason and message of the event by kind, as the AWS provider words them (pkg/controllers/interruption/events).
const EVENTS: Readonly<Record<InterruptionKind, readonly [eventType: "Normal" | "Warning", reason: string, message: string]>> = {
  "spot-interruption": ["Warning", "SpotInterrupted", "Spot interruption warning was triggered"],
  "rebalance-recommendation": ["Normal", "SpotRebalanceRecommendation", "Spot rebalance recommendation was triggered"],
  "scheduled-change": ["Warning", "InstanceUnhealthy", "An unhealthy warning was triggered for the instance"],
  "state-change": ["Warning", "InstanceTerminating", "Instance is terminating"],
  "capacity-reservation-interruption": ["Warning", "CapacityReservationInstanceInterrupted", "Capacity Reservation interruption warning was triggered"],
};

/** What an interruption of a claim's instance leads to: the claim is deleted and drained while there is time, but a mere recommendation is only reported. */
export function interrupt(nodeClaim: NodeClaim | undefined, kind: InterruptionKind): Interrupted {
  if (nodeClaim === undefined || isDeleting(nodeClaim)) return { actions: [], reasons: [] };
  const [eventType, reason, message] = EVENTS[kind];
  const remove: readonly Action[] =
    kind === "rebalance-recommendation"
      ? []
      : [{ type: "delete", kind: "NodeClaim", name: nodeClaim.metadata.name }, report(nodeClaim, "Warning", "TerminatingOnInterruption", "Interruption triggered termination for the NodeClaim")];
  return { actions: [report(nodeClaim, eventType, reason, message), ...remove], reasons: [] };
}
