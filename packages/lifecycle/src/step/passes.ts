import type { NodeClaim } from "@groupless/api";
import type { Action } from "../action.ts";
import type { Answers } from "../answers.ts";
import type { ClaimState } from "../claim-state.ts";
import { conditionOf } from "../object/condition.ts";
import { isDeleting } from "../object/metadata.ts";
import { without } from "../object/omit.ts";
import { withField } from "./with-field.ts";
import { nodesOf } from "../object/provider-id.ts";
import { written } from "../object/written.ts";
import { combined, idle, type Outcome } from "../outcome.ts";
import { CONSISTENCY_CHECK_MS, checkConsistency } from "../run/consistency.ts";
import { checkDisruptionConditions, type DisruptionConditionOptions, DRIFT_CHECK_MS, nextConditionMs } from "../run/disruption-conditions.ts";
import { INSTANCE_TYPE_CHECK_MS, isInstanceTypeChecked } from "../run/drift.ts";
import { checkExpiration } from "../run/expiration.ts";
import { hydrateNode, hydrateNodeClaim } from "../run/hydration.ts";
import { lifecycle } from "../start/lifecycle.ts";
import { dueEvictions, enqueue } from "../terminate/eviction-queue.ts";
import { TERMINATION_POLL_MS } from "../terminate/finalization.ts";
import { terminateNode } from "../terminate/termination.ts";
import { isDue } from "./due.ts";
import { claimOf, LAUNCH_ANSWER_MS } from "./fold.ts";

/** What a step is told beside the event: the time, and the types of the claim's NodePool, without which no claim drifts for its type. */
export type StepOptions = Omit<DisruptionConditionOptions, "answers" | "isInstanceTypeKnown">;

/** What running one controller on a state led to. */
export interface Passed {
  readonly state: ClaimState;
  readonly outcome: Outcome;
}

/** An unanswered question is put again after that long, in milliseconds. */
const ASK_AGAIN_MS = 30_000;
// The reasons for drift that are looked for before the provider is asked.
const DRIFT_BEFORE_PROVIDER = ["NodePoolDrifted", "RequirementsDrifted", "InstanceTypeNotFound"];
// Failed launches are tried again after 1 s, 2 s, … 60 s (Karpenter's rate limiter of nodeclaim.lifecycle).
const LAUNCH_BASE_DELAY_MS = 1_000;
const LAUNCH_MAX_DELAY_MS = 60_000;

/** Where among them is the one that keeps the claim's conditions Drifted and Consolidatable. */
export const CONDITIONS = 2;

// What concerns the claim comes first, then two controllers for each of its nodes, then its evictions.
const OF_CLAIM = 5;
const OF_NODE = 2;

/** How many controllers concern a claim with these nodes, which are run in the order of their places. */
export function passCount(nodes: readonly string[]): number {
  return OF_CLAIM + OF_NODE * nodes.length + 1;
}

/** Runs the controller of that place on the state; `nodes`: the claim's as of the beginning of the round. */
export function runAt(index: number, nodes: readonly string[], state: ClaimState, options: StepOptions): Passed {
  switch (index) {
    case 0:
      return { state, outcome: hydrateNodeClaim(state.observed, state.nodeClaim, options) };
    case 1:
      return lifecyclePass(state, options);
    case CONDITIONS:
      return conditionsPass(state, options);
    case 3:
      return { state, outcome: checkExpiration(state.observed, state.nodeClaim, options) };
    case 4:
      return consistencyPass(state, options);
    default: {
      const name = nodes[Math.floor((index - OF_CLAIM) / OF_NODE)];
      if (name === undefined) return evictionPass(state, options);
      return (index - OF_CLAIM) % OF_NODE === 0 ? { state, outcome: hydrateNode(state.observed, name, options) } : terminationPass(state, name, options);
    }
  }
}

/** The names of the claim's nodes. */
export function nodesOfState(state: ClaimState): readonly string[] {
  const nodeClaim = claimOf(state);
  return nodeClaim === undefined ? [] : nodesOf(state.observed, nodeClaim).map(({ metadata }) => metadata.name);
}

function lifecyclePass(state: ClaimState, options: StepOptions): Passed {
  const { nowMs } = options;
  const isBackingOff = state.launchBackOffUntilMs !== undefined && nowMs < state.launchBackOffUntilMs && state.launchBackOffUntilMs - nowMs <= LAUNCH_MAX_DELAY_MS;
  const current = answersAt(state, nowMs);
  const answers: Answers = { ...current, ...(current.launch === undefined && isBackingOff ? { launch: "asked" } : {}) };
  // A claim that backs off has no launch under way: nothing holds up its end.
  const ending = without(answers, "launch");
  const nodeClaim = claimOf(state) as NodeClaim;
  const outcome = lifecycle(state.observed, state.nodeClaim, Object.assign({}, options, { answers: isDeleting(nodeClaim) && current.launch === undefined ? ending : answers }));
  let next = asked(state, outcome.actions, nowMs);
  const wait: number[] = [];
  const { launch } = state.answers;
  if (launch !== undefined && launch !== "asked") {
    next = { ...next, answers: without(next.answers, "launch") };
    if (!launch.launched && launch.kind === "create") {
      const delayMs = Math.min(LAUNCH_BASE_DELAY_MS * 2 ** Math.min(state.launchFailures, 10), LAUNCH_MAX_DELAY_MS);
      next = { ...next, launchFailures: state.launchFailures + 1, launchBackOffUntilMs: nowMs + delayMs };
      wait.push(delayMs);
    }
  } else if (isBackingOff && current.launch === undefined) wait.push((state.launchBackOffUntilMs as number) - nowMs);
  const isLost = launch === "asked" && isDue(nowMs, state.askedMs.launch, LAUNCH_ANSWER_MS) && isDue(nowMs, state.askedMs.list, ASK_AGAIN_MS);
  const list: readonly Action[] = isLost ? [{ type: "list-instances" }] : [];
  if (isLost) next = { ...next, askedMs: { ...next.askedMs, list: nowMs } };
  if (next.answers.launch === "asked") wait.push(LAUNCH_ANSWER_MS);
  return { state: next, outcome: combined([outcome, { actions: list, reasons: [] }, ...wait.map((requeueAfterMs) => ({ actions: [], reasons: [], requeueAfterMs }))]) };
}

function conditionsPass(state: ClaimState, options: StepOptions): Passed {
  const { nowMs } = options;
  const isInstanceTypeKnown = !isDue(nowMs, state.instanceTypeFoundMs, INSTANCE_TYPE_CHECK_MS);
  // Of the answers it is told what the provider says of drift, which does not grow old.
  const current = Object.assign({}, options, { isInstanceTypeKnown, answers: state.answers });
  const outcome = checkDisruptionConditions(state.observed, state.nodeClaim, current);
  const observed = outcome.actions.reduce((before, action) => written(before, action, options), state.observed);
  if (isInstanceTypeKnown || options.instanceTypes === undefined) return { state, outcome: untilNext(outcome, observed, state, current) };
  // Only a type that was found is not looked for again: one that is gone may come back any time.
  const nodeClaim = claimOf(withField(state, { observed }));
  const isFound = nodeClaim !== undefined && isInstanceTypeChecked(nodeClaim, current) && !DRIFT_BEFORE_PROVIDER.includes(conditionOf(nodeClaim, "Drifted")?.reason ?? "");
  const next = isFound ? withField(state, { instanceTypeFoundMs: nowMs }) : state;
  return { state: next, outcome: untilNext(outcome, observed, next, current) };
}

// Karpenter looks for drift every five minutes, and would write nothing until then.
function untilNext(outcome: Outcome, observed: ClaimState["observed"], { nodeClaim, instanceTypeFoundMs }: ClaimState, options: DisruptionConditionOptions): Outcome {
  const { actions, reasons, requeueAfterMs } = outcome;
  if (requeueAfterMs === undefined || requeueAfterMs < DRIFT_CHECK_MS) return outcome;
  const nextMs = nextConditionMs(observed, nodeClaim, options, instanceTypeFoundMs);
  return nextMs === undefined ? { actions, reasons } : { actions, reasons, requeueAfterMs: nextMs - options.nowMs };
}

function consistencyPass(state: ClaimState, options: StepOptions): Passed {
  const since = state.consistencyCheckedMs;
  if (!isDue(options.nowMs, since, CONSISTENCY_CHECK_MS)) return { state, outcome: { actions: [], reasons: [], requeueAfterMs: (since as number) + CONSISTENCY_CHECK_MS - options.nowMs } };
  const outcome = checkConsistency(state.observed, state.nodeClaim, options);
  return { state: outcome.requeueAfterMs === undefined ? state : withField(state, { consistencyCheckedMs: options.nowMs }), outcome };
}

function terminationPass(state: ClaimState, node: string, options: StepOptions): Passed {
  const { evict, ...outcome } = terminateNode(state.observed, node, Object.assign({}, options, { answers: answersAt(state, options.nowMs) }));
  const next = asked(state, outcome.actions, options.nowMs);
  const evictions = enqueue(next.evictions, evict, options.nowMs);
  return { state: evictions === next.evictions ? next : withField(next, { evictions }), outcome };
}

function evictionPass(state: ClaimState, { nowMs }: StepOptions): Passed {
  if (Object.keys(state.evictions).length === 0) return { state, outcome: idle };
  const { queue, ...due } = dueEvictions(state.evictions, nowMs);
  return { state: queue === state.evictions ? state : { ...state, evictions: queue }, outcome: { reasons: [], ...due } };
}

// What is known of the provider by now: old answers about an instance are asked for again, and questions whose answers seem lost too.
function answersAt({ answers, askedMs, answeredMs }: ClaimState, nowMs: number): Answers {
  const { instance, termination, ...others } = answers;
  const isInstanceStale = instance === "present" ? isDue(nowMs, answeredMs.instance, TERMINATION_POLL_MS) : instance === "asked" && isDue(nowMs, askedMs.instance, ASK_AGAIN_MS);
  const isTerminationStale = termination === "terminating" ? isDue(nowMs, answeredMs.termination, TERMINATION_POLL_MS) : termination === "asked" && isDue(nowMs, askedMs.termination, ASK_AGAIN_MS);
  return { ...others, ...(instance === undefined || isInstanceStale ? {} : { instance }), ...(termination === undefined || isTerminationStale ? {} : { termination }) };
}

function asked(state: ClaimState, actions: readonly Action[], nowMs: number): ClaimState {
  let next = state;
  for (const { type } of actions) {
    if (type === "launch") next = { ...next, answers: { ...next.answers, launch: "asked" }, askedMs: { ...next.askedMs, launch: nowMs } };
    if (type === "get-instance") next = { ...next, answers: { ...next.answers, instance: "asked" }, askedMs: { ...next.askedMs, instance: nowMs } };
    if (type === "terminate") next = { ...next, answers: { ...next.answers, termination: "asked" }, askedMs: { ...next.askedMs, termination: nowMs } };
  }
  return next;
}
