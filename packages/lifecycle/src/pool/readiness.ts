import type { Condition, ObjectMeta } from "@groupless/api";
import { type ConditionChange, conditionOf, withCondition, withKnownConditions } from "../object/condition.ts";
import { isDeleting } from "../object/metadata.ts";
import type { Observed } from "../observed.ts";
import { idle, isManaged, type Outcome, type PassOptions } from "../outcome.ts";

/** What of a node class, of whatever kind, decides whether its pools are ready. */
export interface NodeClassState {
  readonly metadata: ObjectMeta;
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/**
 * Keeps a pool's condition NodeClassReady, and with it Ready: pods are only planned onto ready pools (Karpenter pkg/controllers/nodepool/readiness).
 *
 * @param nodeClass the pool's node class; undefined: there is none of that name
 */
export function checkReadiness(observed: Observed, name: string, nodeClass: NodeClassState | undefined, options: PassOptions): Outcome {
  const nodePool = observed.nodePools.find(({ metadata }) => metadata.name === name);
  if (nodePool === undefined || !isManaged({ spec: nodePool.spec.template.spec }, options)) return idle;
  const changed = withCondition(withKnownConditions(nodePool, options.nowMs), { type: "NodeClassReady", ...readiness(nodeClass) }, options.nowMs);
  return changed === nodePool ? idle : { actions: [{ type: "update", object: changed }], reasons: [] };
}

function readiness(nodeClass: NodeClassState | undefined): Omit<ConditionChange, "type"> {
  if (nodeClass === undefined) return { status: "False", reason: "NodeClassNotFound", message: "NodeClass not found on cluster" };
  if (isDeleting(nodeClass)) return { status: "False", reason: "NodeClassTerminating", message: "NodeClass is Terminating" };
  const ready = conditionOf(nodeClass, "Ready");
  if (ready === undefined || ready.status === "Unknown") return { status: "False", reason: "NodeClassReadinessUnknown", message: "Node Class Readiness Unknown" };
  return ready.status === "True" ? { status: "True" } : { status: "False", reason: ready.reason ?? "", message: ready.message ?? "" };
}
