import type { Action, ObjectAction, ReportAction } from "../action.ts";
import type { ClaimState } from "../claim-state.ts";
import type { LifecycleEvent } from "../event.ts";
import { written } from "../object/written.ts";
import { type Outcome, sooner } from "../outcome.ts";
import type { LifecycleReason } from "../reason.ts";
import { claimOf, fold, type Folded } from "./fold.ts";
import { conditionsPass, passes, type StepOptions } from "./passes.ts";
import { isQuietPod, quietSince, quietStill } from "./quiet.ts";
import { endStrays } from "./strays.ts";

/** What a step leads to. */
export interface Step {
  readonly state: ClaimState;
  /** To be carried out in this order; their answers come back as events. */
  readonly actions: readonly Action[];
  /** What went wrong or was ignored; never a cause to stop. */
  readonly reasons: readonly LifecycleReason[];
}

/** Karpenter's recorder holds the same event back for so long, in milliseconds. */
const REPORT_AGAIN_MS = 120_000;
// One write may make the next one possible, but a claim's whole life has fewer stages than this.
const ROUNDS = 12;

/**
 * What happens next to a NodeClaim and its node: takes in one event, answers with the new state and with what is to be done.
 *
 * The state already holds this step's writes; when the API server's version differs, feed it in as `observed`. Any event may come twice, late or never:
 * an instance is launched once, none is lost, and a claim that is being deleted comes to its end. Bad input is told in `reasons`, never thrown.
 *
 * @example
 * ```ts
 * import { claimState, nothingObserved, step } from "@groupless/lifecycle";
 * const nodeClaim = {
 *   apiVersion: "karpenter.sh/v1" as const,
 *   kind: "NodeClaim" as const,
 *   metadata: { name: "default-x7k2p", labels: { "karpenter.k8s.aws/ec2nodeclass": "default" } },
 *   spec: { nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "default" }, requirements: [] },
 * };
 * const { actions } = step(claimState(nodeClaim, nothingObserved), { type: "tick" }, { nowMs: 0 });
 * actions.map(({ type }) => type); // => ["update", "launch", "requeue"]
 * ```
 */
export function step(before: ClaimState, event: LifecycleEvent, options: StepOptions): Step {
  const folded = fold(before, event, options);
  if (isQuietPod(before, folded, event, options.nowMs)) return quietly(folded, options);
  const actions: Action[] = [];
  const reasons: LifecycleReason[] = [...folded.reasons];
  let state = perform(folded.state, folded.actions, actions, options);
  let requeueAfterMs: number | undefined;
  for (let round = 0; round < ROUNDS && claimOf(state) !== undefined; round += 1) {
    requeueAfterMs = undefined;
    let isChanged = false;
    for (const pass of passes(state, options)) {
      const result = pass(state);
      const count = actions.length;
      state = perform(result.state, result.outcome.actions, actions, options);
      isChanged ||= actions.slice(count).some(isWrite);
      requeueAfterMs = sooner(requeueAfterMs, result.outcome.requeueAfterMs);
      if (round === 0) reasons.push(...result.outcome.reasons);
    }
    if (!isChanged) break;
  }
  const strays = endStrays(state, options.nowMs);
  state = strays.state;
  actions.push(...strays.outcome.actions);
  requeueAfterMs = sooner(claimOf(state) === undefined ? undefined : requeueAfterMs, strays.outcome.requeueAfterMs);
  const untilMs = requeueAfterMs === undefined ? undefined : options.nowMs + requeueAfterMs;
  actions.push(...requeues(untilMs, options.nowMs));
  return { state: { ...state, quiet: quietSince(options.nowMs, untilMs) }, actions, reasons };
}

// The claim's conditions are looked at only if the event was written down.
function quietly(folded: Folded, options: StepOptions): Step {
  const { nowMs } = options;
  const actions: Action[] = [];
  const reasons: LifecycleReason[] = [...folded.reasons];
  let state = perform(folded.state, folded.actions, actions, options);
  let requeueAfterMs: number | undefined;
  if (actions.length > 0) {
    const { state: next, outcome } = conditionsPass(state, options);
    state = perform(next, outcome.actions, actions, options);
    requeueAfterMs = outcome.requeueAfterMs;
    reasons.push(...outcome.reasons);
  }
  const quiet = quietStill(state, nowMs, requeueAfterMs);
  return { state: { ...state, quiet }, actions: [...actions, ...requeues(quiet.untilMs, nowMs)], reasons };
}

function requeues(untilMs: number | undefined, nowMs: number): readonly Action[] {
  return untilMs === undefined ? [] : [{ type: "requeue", afterMs: untilMs - nowMs }];
}

function isWrite(action: Action): action is ObjectAction {
  return action.type === "create" || action.type === "update" || action.type === "delete";
}

// Notes an outcome's actions down, in the list and in the state.
function perform(before: ClaimState, wanted: Outcome["actions"], actions: Action[], { nowMs }: StepOptions): ClaimState {
  let state = before;
  for (const action of wanted) {
    if (action.type === "report") {
      const known = reported(state, action, nowMs);
      if (known === undefined) continue;
      state = { ...state, reportedMs: known };
    }
    if (isWrite(action)) {
      const observed = written(state.observed, action, { nowMs });
      if (action.type === "delete" && observed === state.observed) continue;
      state = { ...state, observed };
      if (!observed.nodeClaims.some(({ metadata }) => metadata.name === state.nodeClaim)) state = { ...state, phase: "gone", evictions: {} };
    }
    actions.push(action);
  }
  return state;
}

// The events of the last two minutes with this one; undefined if it is among them.
function reported(state: ClaimState, { object, reason, message }: ReportAction, nowMs: number): ClaimState["reportedMs"] | undefined {
  const key = `${reason} ${object} ${message}`;
  const recent = Object.fromEntries(Object.entries(state.reportedMs).filter(([, atMs]) => atMs <= nowMs && nowMs - atMs < REPORT_AGAIN_MS));
  return recent[key] === undefined ? { ...recent, [key]: nowMs } : undefined;
}
