import { type NodeClaim, TERMINATION_FINALIZER, TERMINATION_TIMESTAMP_ANNOTATION, timeText } from "@groupless/api";
import type { Action } from "../action.ts";
import { isTrue, withCondition, withKnownConditions } from "../object/condition.ts";
import { lengthMs } from "../object/length.ts";
import { hasFinalizer, isDeleting, withAnnotations, withoutFinalizer } from "../object/metadata.ts";
import { nodesOf } from "../object/provider-id.ts";
import { report } from "../object/report.ts";
import { instantOf } from "../object/timestamp.ts";
import type { Observed } from "../observed.ts";
import { idle, type Outcome, type PassOptions } from "../outcome.ts";
import type { LifecycleReason } from "../reason.ts";

/** How long to wait before asking again whether a terminating instance is gone, in milliseconds. */
export const TERMINATION_POLL_MS = 5_000;

/**
 * Ends a claim that is being deleted: its deadline is written down, its nodes are deleted and drained, its instance is terminated, and only then its finalizer goes
 * (Karpenter pkg/controllers/nodeclaim/lifecycle/controller.go).
 *
 * Nodes that never registered are left to the cloud's node controller.
 */
export function finalize(observed: Observed, found: NodeClaim, options: PassOptions): Outcome {
  if (!hasFinalizer(found, TERMINATION_FINALIZER)) return idle;
  const { nodeClaim, actions, reasons } = withDeadline(found);
  if (isTrue(nodeClaim, "Registered")) {
    const nodes = nodesOf(observed, nodeClaim);
    const remove: readonly Action[] = nodes.filter((node) => !isDeleting(node)).map(({ metadata }) => ({ type: "delete", kind: "Node", name: metadata.name }));
    if (nodes.length > 0) return { actions: [...actions, ...remove], reasons };
  }
  return ended(nodeClaim, actions, reasons, options);
}

function ended(claim: NodeClaim, before: readonly Action[], reasons: readonly LifecycleReason[], { nowMs, answers = {} }: PassOptions): Outcome {
  const providerID = claim.status?.providerID ?? "";
  const release = (nodeClaim: NodeClaim): Action => ({ type: "update", object: withoutFinalizer(nodeClaim, TERMINATION_FINALIZER) });
  if (providerID === "") {
    // A launch under way may yet bring an instance: without its answer it could be lost.
    return answers.launch === "asked" ? { actions: before, reasons, requeueAfterMs: TERMINATION_POLL_MS } : { actions: [...before, release(claim)], reasons };
  }
  const answer = answers.termination;
  if (answer === "asked") return { actions: before, reasons, requeueAfterMs: TERMINATION_POLL_MS };
  if (answer === undefined) return { actions: [...before, { type: "terminate", nodeClaim: claim.metadata.name, providerID }], reasons, requeueAfterMs: TERMINATION_POLL_MS };
  const known = withKnownConditions(claim, nowMs);
  const changed = withCondition(known, { type: "InstanceTerminating", status: "True" }, nowMs);
  // Conditions that are only now known to be missing are no cause for a write.
  const terminating = changed === known ? claim : changed;
  if (answer === "gone") return { actions: [...before, release(terminating)], reasons };
  return { actions: [...before, ...(terminating === claim ? [] : [{ type: "update" as const, object: terminating }])], reasons, requeueAfterMs: TERMINATION_POLL_MS };
}

// The deadline is the deletion's time and the claim's terminationGracePeriod; one that is there, be it from a repair, is kept.
function withDeadline(nodeClaim: NodeClaim): { readonly nodeClaim: NodeClaim; readonly actions: readonly Action[]; readonly reasons: readonly LifecycleReason[] } {
  const { terminationGracePeriod } = nodeClaim.spec;
  if (terminationGracePeriod === undefined || nodeClaim.metadata.annotations?.[TERMINATION_TIMESTAMP_ANNOTATION] !== undefined) return { nodeClaim, actions: [], reasons: [] };
  const gracePeriod = lengthMs(terminationGracePeriod, nodeClaim, "spec.terminationGracePeriod");
  const deletedMs = instantOf(nodeClaim.metadata.deletionTimestamp);
  if (gracePeriod.ms === undefined || deletedMs === undefined) return { nodeClaim, actions: [], reasons: gracePeriod.reasons };
  const deadline = timeText(deletedMs + gracePeriod.ms);
  const annotated = withAnnotations(nodeClaim, { [TERMINATION_TIMESTAMP_ANNOTATION]: deadline });
  return {
    nodeClaim: annotated,
    actions: [{ type: "update", object: annotated }, report(nodeClaim, "Warning", "TerminationGracePeriodExpiring", `All pods will be deleted by ${deadline}`)],
    reasons: [],
  };
}
