import { isUnderConsolidateAfter, type NodeClaim, NODE_POOL_LABEL, type NodePool } from "@groupless/api";
import { conditionOf, isTrue, withCondition, withKnownConditions, withoutCondition } from "../object/condition.ts";
import { lengthMs } from "../object/length.ts";
import { isDeleting } from "../object/metadata.ts";
import { instantOf } from "../object/timestamp.ts";
import type { Observed } from "../observed.ts";
import { idle, isManaged, type Outcome, type PassOptions, sooner } from "../outcome.ts";
import type { LifecycleReason } from "../reason.ts";
import { driftReason, type DriftOptions, INSTANCE_TYPE_CHECK_AGE_MS, INSTANCE_TYPE_CHECK_MS, isInstanceTypeChecked } from "./drift.ts";
import { guarded } from "../object/guarded.ts";

/** Drift is looked for that often, in milliseconds. */
export const DRIFT_CHECK_MS = 300_000;

interface Stage {
  readonly nodeClaim: NodeClaim;
  readonly requeueAfterMs?: number;
  readonly reasons?: readonly LifecycleReason[];
}

/** What {@link checkDisruptionConditions} is told. */
export type DisruptionConditionOptions = PassOptions & Omit<DriftOptions, "nowMs" | "providerDrift">;

/**
 * Keeps the conditions Drifted and Consolidatable of a claim, which make it a candidate for disruption (Karpenter's controller nodeclaim.disruption).
 *
 * A claim whose pool is gone keeps the conditions it has; one of a static pool is never consolidatable.
 */
export function checkDisruptionConditions(observed: Observed, name: string, options: DisruptionConditionOptions): Outcome {
  return guarded(`NodeClaim/${name}`, () => conditionsOf(observed, name, options), idle);
}

function conditionsOf(observed: Observed, name: string, options: DisruptionConditionOptions): Outcome {
  const found = observed.nodeClaims.find(({ metadata }) => metadata.name === name);
  if (found === undefined || !isManaged(found, options) || isDeleting(found)) return idle;
  const nodePool = observed.nodePools.find(({ metadata }) => metadata.name === found.metadata.labels?.[NODE_POOL_LABEL]);
  if (nodePool === undefined) return idle;
  const before = calms.get(found);
  if (before !== undefined && isStillCalm(before, nodePool, options) && !isInstanceTypeChecked(found, options)) return calmly(before, options.nowMs);
  const drift = withDrifted(withKnownConditions(found, options.nowMs), nodePool, options);
  const quiet: Stage = nodePool.spec.replicas === undefined ? withConsolidatable(drift.nodeClaim, nodePool, options.nowMs) : { nodeClaim: drift.nodeClaim };
  const reasons = quiet.reasons ?? [];
  const requeueAfterMs = sooner(drift.requeueAfterMs, quiet.requeueAfterMs);
  if (quiet.nodeClaim !== found) return { actions: [{ type: "update", object: quiet.nodeClaim }], reasons, ...(requeueAfterMs === undefined ? {} : { requeueAfterMs }) };
  if (reasons.length === 0 && !isInstanceTypeChecked(found, options)) {
    const untilMs = quiet.requeueAfterMs === undefined ? Number.POSITIVE_INFINITY : options.nowMs + quiet.requeueAfterMs;
    calms.set(found, { nodePool, providerDrift: options.answers?.providerDrift, fromMs: options.nowMs, untilMs, checkMs: drift.requeueAfterMs });
  }
  return { actions: [], reasons, ...(requeueAfterMs === undefined ? {} : { requeueAfterMs }) };
}

/** A claim that had the conditions it should have, and under what: it has them still while all of that is as it was and its quiet time goes on. */
interface Calm {
  readonly nodePool: NodePool;
  readonly providerDrift: string | undefined;
  readonly fromMs: number;
  /** When its quiet time ends; Infinity: there is none that would. */
  readonly untilMs: number;
  readonly checkMs: number | undefined;
}

// Claims are looked at every few minutes, and hardly ever is there anything to be written.
const calms = new WeakMap<NodeClaim, Calm>();

function isStillCalm({ nodePool, providerDrift, fromMs, untilMs }: Calm, current: NodePool, options: DisruptionConditionOptions): boolean {
  return nodePool === current && providerDrift === options.answers?.providerDrift && options.nowMs >= fromMs && options.nowMs < untilMs;
}

function calmly({ checkMs, untilMs }: Calm, nowMs: number): Outcome {
  const requeueAfterMs = sooner(checkMs, untilMs === Number.POSITIVE_INFINITY ? undefined : untilMs - nowMs);
  return requeueAfterMs === undefined ? idle : { actions: [], reasons: [], requeueAfterMs };
}

function withDrifted(nodeClaim: NodeClaim, nodePool: NodePool, options: DisruptionConditionOptions): Stage {
  if (!isTrue(nodeClaim, "Launched")) return { nodeClaim: withoutCondition(nodeClaim, "Drifted") };
  const providerDrift = options.answers?.providerDrift;
  const reason = driftReason(nodePool, nodeClaim, providerDrift === undefined ? options : { ...options, providerDrift });
  const changed = reason === undefined ? withoutCondition(nodeClaim, "Drifted") : withCondition(nodeClaim, { type: "Drifted", status: "True", reason, message: reason }, options.nowMs);
  return { nodeClaim: changed, requeueAfterMs: DRIFT_CHECK_MS };
}

// Quiet since its last pod came or went, or since it was initialized if none did.
function withConsolidatable(nodeClaim: NodeClaim, nodePool: NodePool, nowMs: number): Stage {
  const { ms: afterMs, reasons } = lengthMs(nodePool.spec.disruption?.consolidateAfter, nodePool, "spec.disruption.consolidateAfter");
  if (afterMs === undefined || !isTrue(nodeClaim, "Initialized")) return { nodeClaim: withoutCondition(nodeClaim, "Consolidatable"), reasons };
  if (!isUnderConsolidateAfter(nodePool.spec.disruption.consolidateAfter, nodeClaim, nowMs)) {
    return { nodeClaim: withCondition(nodeClaim, { type: "Consolidatable", status: "True" }, nowMs) };
  }
  return { nodeClaim: withoutCondition(nodeClaim, "Consolidatable"), requeueAfterMs: quietSinceMs(nodeClaim, nowMs) + afterMs - nowMs };
}

function quietSinceMs(nodeClaim: NodeClaim, nowMs: number): number {
  return instantOf(nodeClaim.status?.lastPodEventTime) ?? instantOf(conditionOf(nodeClaim, "Initialized")?.lastTransitionTime) ?? nowMs;
}

/**
 * When a claim that has the conditions it should have next needs another look for the time alone: when its quiet time ends or its type is looked for again.
 * Whatever else could make it drift comes as an event. Undefined: never.
 */
export function nextConditionMs(observed: Observed, name: string, options: DisruptionConditionOptions, instanceTypeFoundMs: number | undefined): number | undefined {
  const { nowMs } = options;
  const nodeClaim = observed.nodeClaims.find(({ metadata }) => metadata.name === name);
  const nodePool = observed.nodePools.find(({ metadata }) => metadata.name === nodeClaim?.metadata.labels?.[NODE_POOL_LABEL]);
  if (nodeClaim === undefined || nodePool === undefined) return undefined;
  const { ms: afterMs } = lengthMs(nodePool.spec.disruption?.consolidateAfter, nodePool, "spec.disruption.consolidateAfter");
  const isQuietening = nodePool.spec.replicas === undefined && afterMs !== undefined && isTrue(nodeClaim, "Initialized") && !isTrue(nodeClaim, "Consolidatable");
  return sooner(isQuietening ? quietSinceMs(nodeClaim, nowMs) + afterMs : undefined, nextTypeCheckMs(nodeClaim, options, instanceTypeFoundMs));
}

function nextTypeCheckMs(nodeClaim: NodeClaim, { nowMs, instanceTypes }: DisruptionConditionOptions, foundMs: number | undefined): number | undefined {
  const createdMs = instantOf(nodeClaim.metadata.creationTimestamp);
  if (createdMs === undefined) return undefined;
  const dueMs = Math.max(createdMs + INSTANCE_TYPE_CHECK_AGE_MS + 1, foundMs === undefined ? 0 : foundMs + INSTANCE_TYPE_CHECK_MS);
  // A type that is gone may come back any time, and the types may not have been known.
  return instanceTypes === undefined || dueMs <= nowMs ? nowMs + DRIFT_CHECK_MS : dueMs;
}
