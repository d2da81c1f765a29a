import type { NodePool } from "@groupless/api";
import type { Action, RegistrationAction } from "../action.ts";
import { conditionOf, withCondition, withKnownConditions } from "../object/condition.ts";
import type { Observed } from "../observed.ts";
import { idle, isManaged, type Outcome, type PassOptions } from "../outcome.ts";

/** Do a pool's nodes register? */
export type RegistrationStatus = "unknown" | "healthy" | "unhealthy";

/** How the last registrations of a pool's nodes went, oldest first. */
export type RegistrationHealth = readonly boolean[];

const REMEMBERED = 4;
const UNHEALTHY_FAILURES = 2;
const CONDITION = "NodeRegistrationHealthy";

/** Nothing is known of the pool's registrations. */
export const unknownRegistrations: RegistrationHealth = [];

/** The health after one more registration, or failure: the last four count. */
export function withRegistration(health: RegistrationHealth, succeeded: boolean): RegistrationHealth {
  return [...health, succeeded].slice(-REMEMBERED);
}

/** Unhealthy with two failures among the last four; unknown with none at all (Karpenter pkg/state/nodepoolhealth). */
export function registrationStatus(health: RegistrationHealth): RegistrationStatus {
  if (health.length === 0) return "unknown";
  return health.filter((succeeded) => !succeeded).length >= UNHEALTHY_FAILURES ? "unhealthy" : "healthy";
}

/** The health that a status stands for, as it is taken over when the record is lost. */
export function registrationsOf(status: RegistrationStatus): RegistrationHealth {
  return status === "unknown" ? [] : status === "healthy" ? [true] : [false, false];
}

/** What a record leads to. */
export interface Recorded {
  readonly health: RegistrationHealth;
  readonly actions: readonly Action[];
}

/** Carries out a `record-registration` action: the pool's health with it, and its condition NodeRegistrationHealthy should that change. */
export function recordRegistration(observed: Observed, health: RegistrationHealth, record: RegistrationAction, { nowMs }: PassOptions): Recorded {
  const next = withRegistration(health, record.succeeded);
  const found = observed.nodePools.find(({ metadata }) => metadata.name === record.nodePool);
  if (found === undefined) return { health: next, actions: [] };
  const status = registrationStatus(next);
  const known = withKnownConditions(found, nowMs);
  let changed = known;
  if (record.succeeded && status === "healthy") changed = withCondition(known, { type: CONDITION, status: "True" }, nowMs);
  if (!record.succeeded && status === "unhealthy" && conditionOf(known, CONDITION)?.status !== "False") {
    changed = withCondition(known, { type: CONDITION, status: "False", ...record.failure }, nowMs);
  }
  return { health: next, actions: changed === known ? [] : [{ type: "update", object: changed }] };
}

/** What keeping a pool's registration health leads to. */
export interface RegistrationHealthKept extends Outcome {
  readonly health: RegistrationHealth;
}

/**
 * Starts a pool's record anew when the pool or its node class has changed, and takes it over from the condition after a restart
 * (Karpenter pkg/controllers/nodepool/registrationhealth).
 *
 * @param nodeClassGeneration the generation of the pool's node class; undefined: it does not exist, and nothing is done
 */
export function keepRegistrationHealth(observed: Observed, name: string, health: RegistrationHealth, nodeClassGeneration: number | undefined, options: PassOptions): RegistrationHealthKept {
  const nodePool = observed.nodePools.find(({ metadata }) => metadata.name === name);
  if (nodePool === undefined || nodeClassGeneration === undefined || !isManaged({ spec: nodePool.spec.template.spec }, options)) return { ...idle, health };
  const condition = conditionOf(nodePool, CONDITION);
  const taken = health.length > 0 ? health : condition?.status === "True" ? registrationsOf("healthy") : condition?.status === "False" ? registrationsOf("unhealthy") : health;
  const isStale =
    condition === undefined || nodePool.status?.nodeClassObservedGeneration !== nodeClassGeneration || (nodePool.metadata.generation ?? 0) !== (condition.observedGeneration ?? 0);
  const known = withKnownConditions(nodePool, options.nowMs);
  const reset = isStale
    ? withCondition(known, { type: CONDITION, status: "Unknown", reason: "AwaitingReconciliation", message: "object is awaiting reconciliation" }, options.nowMs)
    : known;
  const changed: NodePool = reset.status?.nodeClassObservedGeneration === nodeClassGeneration ? reset : { ...reset, status: { ...reset.status, nodeClassObservedGeneration: nodeClassGeneration } };
  return { health: isStale ? unknownRegistrations : taken, actions: changed === nodePool ? [] : [{ type: "update", object: changed }], reasons: [] };
}
