import type { NodeClaim } from "@groupless/api";
import type { Action, Instance } from "../action.ts";
import type { LaunchAnswer } from "../answers.ts";
import { conditionOf, isUnknown, withCondition } from "../object/condition.ts";
import { withAnnotations, withMetadata } from "../object/metadata.ts";
import { report, truncated } from "../object/report.ts";
import type { PassOptions } from "../outcome.ts";
import type { LifecycleReason } from "../reason.ts";

/** What one of the stages of a claim's start made of it. */
export interface Stage {
  readonly nodeClaim: NodeClaim;
  readonly actions: readonly Action[];
  readonly reasons: readonly LifecycleReason[];
  readonly requeueAfterMs?: number;
  /** A question to the provider is open: later stages wait for its answer. */
  readonly isWaiting?: boolean;
}

/**
 * Has an instance launched for a claim that has none.
 *
 * A claim that cannot be launched for want of capacity, or of a ready node class, is deleted, so that its pods are planned anew; other failures are told in the
 * condition Launched and tried again (Karpenter pkg/controllers/nodeclaim/lifecycle/launch.go).
 */
export function launch(nodeClaim: NodeClaim, { nowMs, answers = {} }: PassOptions): Stage {
  const condition = conditionOf(nodeClaim, "Launched");
  if (condition !== undefined && !isUnknown(nodeClaim, "Launched")) return unchanged(withCondition(nodeClaim, condition, nowMs));
  const answer = answers.launch;
  if (answer === "asked") return { ...unchanged(nodeClaim), isWaiting: true };
  if (answer === undefined) return { nodeClaim, actions: [{ type: "launch", nodeClaim, attempt: nowMs }], reasons: [], isWaiting: true };
  if (!answer.launched) return failed(nodeClaim, answer, nowMs);
  return unchanged(withCondition(withInstance(nodeClaim, answer.instance), { type: "Launched", status: "True" }, nowMs));
}

/** The claim with what the provider resolved: labels that the claim has already win over the instance's, annotations do not. */
export function withInstance(nodeClaim: NodeClaim, instance: Instance): NodeClaim {
  const labelled = withMetadata(nodeClaim, { labels: { ...instance.labels, ...nodeClaim.metadata.labels } });
  const annotated = withAnnotations(labelled, instance.annotations ?? {});
  return {
    ...annotated,
    status: {
      ...annotated.status,
      providerID: instance.providerID,
      ...(instance.imageID === undefined ? {} : { imageID: instance.imageID }),
      ...(instance.allocatable === undefined ? {} : { allocatable: instance.allocatable }),
      ...(instance.capacity === undefined ? {} : { capacity: instance.capacity }),
    },
  };
}

function failed(nodeClaim: NodeClaim, answer: Exclude<LaunchAnswer, { readonly launched: true }>, nowMs: number): Stage {
  const { name } = nodeClaim.metadata;
  const remove: Action = { type: "delete", kind: "NodeClaim", name };
  switch (answer.kind) {
    case "insufficient-capacity":
      return { nodeClaim, actions: [report(nodeClaim, "Warning", "InsufficientCapacityError", `NodeClaim ${name} event: ${truncated(answer.message)}`), remove], reasons: [] };
    case "node-class-not-ready":
      return { nodeClaim, actions: [remove], reasons: [] };
    case "create": {
      const { reason, message } = answer.condition ?? { reason: "LaunchFailed", message: truncated(answer.message) };
      return {
        nodeClaim: withCondition(nodeClaim, { type: "Launched", status: "Unknown", reason, message }, nowMs),
        actions: [],
        reasons: [{ code: "launch-failed", canResolve: true, nodeClaim: name, message: answer.message }],
      };
    }
  }
}

function unchanged(nodeClaim: NodeClaim): Stage {
  return { nodeClaim, actions: [], reasons: [] };
}
