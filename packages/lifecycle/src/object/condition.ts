import { type Condition, type NodeClaim, type NodePool, timeText } from "@groupless/api";
import { instantOf } from "./timestamp.ts";

/** Objects whose conditions the lifecycle writes. */
export type Conditioned = NodeClaim | NodePool;

/**
 * The conditions that Ready is made of, by kind (Karpenter pkg/apis/v1/nodeclaim_status.go, nodepool_status.go).
 * They always exist, Unknown at first, and count as having changed when the object was created.
 */
const DEPENDENTS: Readonly<Record<Conditioned["kind"], readonly string[]>> = {
  NodeClaim: ["Launched", "Registered", "Initialized"],
  NodePool: ["ValidationSucceeded", "NodeClassReady"],
};
const ROOT = "Ready";

/** What a pass sets; without a reason, the condition's own name, as Karpenter does for True. */
export interface ConditionChange {
  readonly type: string;
  readonly status: Condition["status"];
  readonly reason?: string;
  readonly message?: string;
}

/** A condition, if the object has it. */
export function conditionOf(object: { readonly status?: { readonly conditions?: readonly Condition[] } } | undefined, type: string): Condition | undefined {
  return object?.status?.conditions?.find((condition) => condition.type === type);
}

/** Is the condition there and True? */
export function isTrue(object: { readonly status?: { readonly conditions?: readonly Condition[] } } | undefined, type: string): boolean {
  return conditionOf(object, type)?.status === "True";
}

/** Unknown, or not there at all. */
export function isUnknown(object: Conditioned, type: string): boolean {
  const status = conditionOf(object, type)?.status;
  return status === undefined || status === "Unknown";
}

/** The object with the conditions that every object of its kind has. */
export function withKnownConditions<T extends Conditioned>(object: T, nowMs: number): T {
  let known = object;
  for (const type of [ROOT, ...DEPENDENTS[object.kind]]) {
    if (conditionOf(known, type) === undefined) {
      known = withCondition(known, { type, status: "Unknown", reason: "AwaitingReconciliation", message: "object is awaiting reconciliation" }, nowMs);
    }
  }
  return known;
}

/**
 * The object with the condition set; the same object if nothing changes.
 *
 * The time of the last transition moves only when the status does (operatorpkg status: a new reason or message keeps it), and Ready is computed anew.
 */
export function withCondition<T extends Conditioned>(object: T, change: ConditionChange, nowMs: number): T {
  const before = conditionOf(object, change.type);
  const generation = object.metadata.generation;
  const condition: Condition = {
    type: change.type,
    status: change.status,
    reason: change.reason ?? change.type,
    message: change.message ?? "",
    lastTransitionTime: transitionTime(object, before, change, nowMs),
    ...(generation === undefined ? {} : { observedGeneration: generation }),
  };
  if (before !== undefined && sameCondition(before, condition)) return object;
  const others = (object.status?.conditions ?? []).filter(({ type }) => type !== change.type);
  const changed = withConditions(object, sorted([...others, condition]));
  return change.type === ROOT ? changed : withRoot(changed, nowMs);
}

/** The object without the condition; the same object if it has none. */
export function withoutCondition<T extends Conditioned>(object: T, type: string): T {
  if (conditionOf(object, type) === undefined) return object;
  return withConditions(object, (object.status?.conditions ?? []).filter((condition) => condition.type !== type));
}

function withConditions<T extends Conditioned>(object: T, conditions: readonly Condition[]): T {
  return Object.assign({}, object, { status: Object.assign({}, object.status, { conditions }) });
}

function transitionTime(object: Conditioned, before: Condition | undefined, change: ConditionChange, nowMs: number): string {
  if (before?.status === change.status) return before.lastTransitionTime ?? timeText(nowMs);
  const isDependent = change.type === ROOT || DEPENDENTS[object.kind].includes(change.type);
  return before === undefined && isDependent ? (object.metadata.creationTimestamp ?? timeText(nowMs)) : timeText(nowMs);
}

function withRoot<T extends Conditioned>(object: T, nowMs: number): T {
  const generation = object.metadata.generation;
  const isCurrent = ({ observedGeneration }: Condition): boolean => (observedGeneration ?? 0) === (generation ?? 0);
  const unhealthy = (object.status?.conditions ?? [])
    .filter((condition) => DEPENDENTS[object.kind].includes(condition.type) && (condition.status !== "True" || !isCurrent(condition)))
    .toSorted((a, b) => (instantOf(b.lastTransitionTime) ?? 0) - (instantOf(a.lastTransitionTime) ?? 0));
  if (unhealthy.length === 0) return withCondition(object, { type: ROOT, status: "True" }, nowMs);
  const isFalse = unhealthy.some((condition) => condition.status === "False" && isCurrent(condition));
  return withCondition(
    object,
    {
      type: ROOT,
      status: isFalse ? "False" : "Unknown",
      reason: isFalse ? "UnhealthyDependents" : "ReconcilingDependents",
      message: unhealthy.map(({ type, status }) => `${type}=${status}`).join(", "),
    },
    nowMs,
  );
}

function sorted(conditions: readonly Condition[]): readonly Condition[] {
  return conditions.toSorted((a, b) => {
    if (a.type === ROOT || b.type === ROOT) return Number(a.type === ROOT) - Number(b.type === ROOT);
    return (instantOf(a.lastTransitionTime) ?? 0) - (instantOf(b.lastTransitionTime) ?? 0);
  });
}

function sameCondition(a: Condition, b: Condition): boolean {
  return a.status === b.status && a.reason === b.reason && (a.message ?? "") === (b.message ?? "") && a.lastTransitionTime === b.lastTransitionTime && (a.observedGeneration ?? 0) === (b.observedGeneration ?? 0);
}
