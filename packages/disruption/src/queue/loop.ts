import type { KubeObject } from "@groupless/api";
import { type Prepared, update } from "@groupless/bin-packer";
import { clusterView } from "../cluster/cluster-view.ts";
import type { Command } from "../command.ts";
import { type EvaluateOptions, runPass } from "../pass/evaluate.ts";
import type { MethodReport } from "../pass/method-report.ts";
import { type DisruptionAction, reportAction } from "./action.ts";
import { type LaunchingClaims, pendingDisruption, unmarked } from "./advance.ts";
import { clusterMark } from "./fingerprint.ts";
import { type Queue, queuedProviderIDs } from "./queue.ts";
import { startCommand, type QueueStep } from "./start.ts";

/** How soon to look again when the cluster is not complete yet, in milliseconds. */
export const SYNC_RETRY_MS = 1000;
/** How soon to look again when nothing was to be done, in milliseconds. */
export const POLLING_MS = 10_000;

/** One turn of the loop: what it started, and what is to be done for that. */
export interface LoopStep extends QueueStep {
  /** 0: at once. */
  readonly requeueAfterMs: number;
  /** Commands that were started. */
  readonly started: readonly Command[];
  readonly methods: readonly MethodReport[];
  /** Why the pass broke off. */
  readonly error?: string;
}

/**
 * One turn of the disruption loop: waits for claims that have no instance yet, frees nodes that an aborted command left marked, lets the methods
 * look, and starts what the first of them wants.
 *
 * A consolidation method that looked at everything and found nothing does not look again until the cluster has changed, five minutes at most.
 */
export function disruptionLoop(queue: Queue, prepared: Prepared, options: EvaluateOptions & LaunchingClaims = {}): LoopStep {
  const idle = { started: [], methods: [], actions: [] };
  const view = clusterView(prepared);
  if ((options.launching ?? []).length > 0 || view.nodeClaims.some(({ status }) => (status?.providerID ?? "") === "")) return { ...idle, queue, requeueAfterMs: SYNC_RETRY_MS };
  const queued = new Set(queuedProviderIDs(queue));
  const actions: DisruptionAction[] = view.nodes.filter(({ providerID, deleting, node }) => !queued.has(providerID) && !deleting && node !== undefined).flatMap((record) => (record.nodeClaim === undefined ? [] : unmarked(record)));
  const freed = actions.length === 0 ? prepared : withUpdates(prepared, actions);
  const mark = clusterMark(freed, queue.mark);
  const settled = Object.entries(queue.settled)
    .filter(([, known]) => known.fingerprint === mark.fingerprint && known.sinceMs === mark.sinceMs)
    .map(([method]) => method);
  const { methods, prepared: after } = runPass(freed, { ...options, queued: [...(options.queued ?? []), ...queued], pendingDisruption: [...(options.pendingDisruption ?? []), ...pendingDisruption(queue)], settled });
  const last = methods.at(-1);
  const events = new Map(methods.flatMap((report) => report.events).map((event) => [`${event.object}\n${event.reason}\n${event.message}`, event]));
  actions.push(...[...events.values()].map(reportAction));
  let next: Queue = { ...queue, mark, settled: { ...queue.settled, ...Object.fromEntries(methods.filter((report) => report.settled).map(({ method }) => [method, mark])) } };
  const started: Command[] = [];
  for (const command of last?.commands ?? []) {
    const step = startCommand(next, command, after);
    if (step.queue !== next) started.push(command);
    next = step.queue;
    actions.push(...step.actions);
  }
  const result = { queue: next, actions, methods, started };
  if (last?.error !== undefined) return { ...result, requeueAfterMs: 0, error: last.error };
  return { ...result, requeueAfterMs: started.length > 0 ? 0 : POLLING_MS };
}

function withUpdates(prepared: Prepared, actions: readonly DisruptionAction[]): Prepared {
  const objects = actions.filter((action) => action.type === "update").map((action) => action.object);
  return update(prepared, objects.map((object: KubeObject) => ({ type: "MODIFIED" as const, object })), { nowMs: prepared.nowMs });
}
