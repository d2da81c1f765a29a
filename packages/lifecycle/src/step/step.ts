import type { Action, ObjectAction, ReportAction } from "../action.ts";
import type { ClaimState, Quiet } from "../claim-state.ts";
import type { LifecycleEvent } from "../event.ts";
import { isTrue } from "../object/condition.ts";
import { without } from "../object/omit.ts";
import { written } from "../object/written.ts";
import { type Outcome, sooner } from "../outcome.ts";
import type { LifecycleReason } from "../reason.ts";
import { claimOf, fold } from "./fold.ts";
import { CONDITIONS, nodesOfState, passCount, runAt, type StepOptions } from "./passes.ts";
import { isQuiet, waitMs } from "./quiet.ts";
import { endStrays } from "./strays.ts";
import { withField } from "./with-field.ts";

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
  const work: Work = { state: folded.state, actions: [], reasons: [...folded.reasons] };
  perform(work, folded.actions, options);
  if (isQuiet(before, folded, event, options.nowMs) && lookAtDue(work, folded.actions.length > 0, options)) return stepOf(work, waitMs(work.state.quiet, options.nowMs));
  const requeueAfterMs = lookAtAll(work, options);
  const strays = endStrays(work.state, options.nowMs);
  work.state = strays.state;
  work.actions.push(...strays.outcome.actions);
  return stepOf(work, sooner(claimOf(work.state) === undefined ? undefined : requeueAfterMs, strays.outcome.requeueAfterMs));
}

/** A step under way. */
interface Work {
  state: ClaimState;
  readonly actions: Action[];
  readonly reasons: LifecycleReason[];
}

function stepOf({ state, actions, reasons }: Work, requeueAfterMs: number | undefined): Step {
  return { state, actions: requeueAfterMs === undefined ? actions : [...actions, { type: "requeue", afterMs: requeueAfterMs }], reasons };
}

// Runs all controllers until none has anything to write; answers when the first wants to be run again.
function lookAtAll(work: Work, options: StepOptions): number | undefined {
  let requeueAfterMs: number | undefined;
  if (work.state.quiet !== undefined) work.state = without(work.state, "quiet");
  for (let round = 0; round < ROUNDS && claimOf(work.state) !== undefined; round += 1) {
    requeueAfterMs = undefined;
    const dueMs: (number | null)[] = [];
    let isChanged = false;
    const nodes = nodesOfState(work.state);
    for (let index = 0; index < passCount(nodes); index += 1) {
      const outcome = runPass(work, index, nodes, options);
      isChanged ||= outcome.hasWritten;
      requeueAfterMs = sooner(requeueAfterMs, outcome.requeueAfterMs);
      dueMs.push(outcome.requeueAfterMs === undefined ? null : options.nowMs + outcome.requeueAfterMs);
      if (round === 0) work.reasons.push(...outcome.reasons);
    }
    if (isChanged) continue;
    // What was ignored is told at every look, and before a claim is initialized it waits for answers.
    if (work.reasons.length === 0 && isTrue(claimOf(work.state), "Initialized")) work.state = withField(work.state, { quiet: { fromMs: options.nowMs, dueMs } });
    break;
  }
  return requeueAfterMs;
}

// Runs the controllers whose time has come, and the one that looks at when a pod came or went; false once one of the others writes, or ignores something: all are to look then.
function lookAtDue(work: Work, hasPodEvent: boolean, options: StepOptions): boolean {
  const quiet = work.state.quiet as Quiet;
  const due = (index: number): boolean => (quiet.dueMs[index] ?? Infinity) <= options.nowMs || (hasPodEvent && index === CONDITIONS);
  if (!hasPodEvent && !quiet.dueMs.some((dueMs) => dueMs !== null && dueMs <= options.nowMs)) return true;
  const dueMs = [...quiet.dueMs];
  const nodes = nodesOfState(work.state);
  for (let index = 0; index < passCount(nodes); index += 1) {
    if (!due(index)) continue;
    const outcome = runPass(work, index, nodes, options);
    if (outcome.reasons.length > 0 || (outcome.hasWritten && index !== CONDITIONS)) return false;
    dueMs[index] = outcome.requeueAfterMs === undefined ? null : options.nowMs + outcome.requeueAfterMs;
  }
  work.state = withField(work.state, { quiet: { fromMs: quiet.fromMs, dueMs } });
  return true;
}

function runPass(work: Work, index: number, nodes: readonly string[], options: StepOptions): { readonly hasWritten: boolean; readonly reasons: Outcome["reasons"]; readonly requeueAfterMs: number | undefined } {
  const { state, outcome } = runAt(index, nodes, work.state, options);
  const { reasons, requeueAfterMs } = outcome;
  const count = work.actions.length;
  work.state = state;
  if (outcome.actions.length > 0) perform(work, outcome.actions, options);
  return { hasWritten: work.actions.length > count && work.actions.slice(count).some(isWrite), reasons, requeueAfterMs };
}

function isWrite(action: Action): action is ObjectAction {
  return action.type === "create" || action.type === "update" || action.type === "delete";
}

// Notes an outcome's actions down, in the list and in the state.
function perform(work: Work, wanted: Outcome["actions"], { nowMs }: StepOptions): void {
  for (const action of wanted) {
    const { state } = work;
    if (action.type === "report") {
      const known = reported(state, action, nowMs);
      if (known === undefined) continue;
      work.state = withField(state, { reportedMs: known });
    }
    if (isWrite(action)) {
      const observed = written(state.observed, action, { nowMs });
      if (action.type === "delete" && observed === state.observed) continue;
      work.state = observed.nodeClaims.some(({ metadata }) => metadata.name === state.nodeClaim) ? withField(state, { observed }) : withField(state, { observed, phase: "gone", evictions: {} });
    }
    work.actions.push(action);
  }
}

// The events of the last two minutes with this one; undefined if it is among them.
function reported(state: ClaimState, { object, reason, message }: ReportAction, nowMs: number): ClaimState["reportedMs"] | undefined {
  const key = `${reason} ${object} ${message}`;
  const recent = Object.fromEntries(Object.entries(state.reportedMs).filter(([, atMs]) => atMs <= nowMs && nowMs - atMs < REPORT_AGAIN_MS));
  return recent[key] === undefined ? { ...recent, [key]: nowMs } : undefined;
}
