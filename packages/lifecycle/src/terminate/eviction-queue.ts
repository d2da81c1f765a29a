import { nameOf, type Pod, uidOf } from "@groupless/api";
import type { Action } from "../action.ts";
import type { PendingEviction } from "../claim-state.ts";
import { conditionOf } from "../object/condition.ts";
import { without } from "../object/omit.ts";
import { nodeClaimOf } from "../object/provider-id.ts";
import { report } from "../object/report.ts";
import type { Observed } from "../observed.ts";
import type { LifecycleReason } from "../reason.ts";

/** The pods to evict, by uid: a pod that takes the name of an evicted one is another pod. */
export type EvictionQueue = Readonly<Record<string, PendingEviction>>;

/** The wait after the first refusal, in milliseconds; it doubles with every refusal. */
export const EVICTION_BASE_DELAY_MS = 100;
/** The longest wait after a refusal, in milliseconds. */
export const EVICTION_MAX_DELAY_MS = 10_000;

const MULTIPLE_BUDGETS = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.";

/** The queue with these pods in it; those it has already keep their place and their back-off. */
export function enqueue(queue: EvictionQueue, pods: readonly Pod[], nowMs: number): EvictionQueue {
  const added = pods.filter((pod) => queue[uidOf(pod)] === undefined);
  if (added.length === 0) return queue;
  return { ...queue, ...Object.fromEntries(added.map((pod) => [uidOf(pod), { pod: nameOf(pod), attempts: 0, notBeforeMs: nowMs }])) };
}

/** The evictions that are due, and when the next one will be. */
export function dueEvictions(queue: EvictionQueue, nowMs: number): { readonly actions: readonly Action[]; readonly queue: EvictionQueue; readonly requeueAfterMs?: number } {
  const waiting = Object.entries(queue).filter(([, { dropped }]) => dropped !== true);
  // No wait is longer than the longest: one that seems to be comes of a clock that was set back.
  const due = waiting.filter(([, { notBeforeMs }]) => notBeforeMs <= nowMs || notBeforeMs > nowMs + EVICTION_MAX_DELAY_MS);
  const actions: readonly Action[] = due.map(([uid, { pod }]) => ({ type: "evict", pod, uid }));
  // Until it is answered a request counts as refused at the longest wait: one whose answer is lost is made again then.
  const asked = Object.fromEntries(due.map(([uid, pending]) => [uid, { ...pending, notBeforeMs: nowMs + EVICTION_MAX_DELAY_MS }]));
  const next = waiting.filter(([uid]) => asked[uid] === undefined).map(([, { notBeforeMs }]) => notBeforeMs - nowMs);
  const requeueAfterMs = Math.min(...next, ...(due.length > 0 ? [EVICTION_MAX_DELAY_MS] : []));
  return { actions, queue: due.length === 0 ? queue : { ...queue, ...asked }, ...(Number.isFinite(requeueAfterMs) ? { requeueAfterMs } : {}) };
}

/** What an answer of the API server to an eviction leads to. */
export interface EvictionAnswered {
  readonly queue: EvictionQueue;
  readonly actions: readonly Action[];
  readonly reasons: readonly LifecycleReason[];
  /** The eviction is tried again. */
  readonly isRetried: boolean;
}

/**
 * Takes in the answer to an eviction: granted (2xx), no such pod (404), another pod of that name (409), refused by its budget (429) or because it has several, or failed.
 *
 * Karpenter 1.14 never takes a pod out of its queue that answered 404 or 409; nothing happens to it any more (pkg/controllers/node/termination/terminator/eviction.go).
 */
export function answerEviction(
  queue: EvictionQueue,
  observed: Observed,
  answer: { readonly pod: string; readonly uid: string; readonly code: number; readonly message?: string },
  nowMs: number,
): EvictionAnswered {
  const pending = queue[answer.uid];
  if (pending === undefined) return { queue, actions: [], reasons: [], isRetried: false };
  const { code, message = "" } = answer;
  const pod = observed.pods.find((other) => uidOf(other) === answer.uid) ?? observed.pods.find((other) => nameOf(other) === answer.pod);
  if (code >= 200 && code < 300) {
    const actions = pod === undefined ? [] : [report(pod, "Normal", "Evicted", `Evicted pod: ${evictionReason(observed, pod)}`)];
    return { queue: without(queue, answer.uid), actions, reasons: [], isRetried: false };
  }
  if (code === 404 || code === 409) return { queue: { ...queue, [answer.uid]: { ...pending, dropped: true } }, actions: [], reasons: [], isRetried: false };
  const retried = { ...queue, [answer.uid]: { ...pending, attempts: pending.attempts + 1, notBeforeMs: nowMs + delayMs(pending.attempts) } };
  if (code === 429 || message === MULTIPLE_BUDGETS) {
    const node = observed.nodes.find(({ metadata }) => metadata.name === pod?.spec.nodeName);
    const problem = message === MULTIPLE_BUDGETS ? "eviction does not support multiple PDBs" : "evicting pod violates a PDB";
    if (node === undefined) return { queue: retried, actions: [], reasons: [{ code: "object-missing", canResolve: true, object: `Node/${pod?.spec.nodeName ?? ""}` }], isRetried: true };
    return { queue: retried, actions: [report(node, "Warning", "FailedDraining", `Failed to drain node, ${problem} (Pod=${answer.pod})`)], reasons: [], isRetried: true };
  }
  return { queue: retried, actions: [], reasons: [{ code: "eviction-failed", canResolve: true, pod: answer.pod, status: code, message }], isRetried: true };
}

function delayMs(refusals: number): number {
  return Math.min(EVICTION_BASE_DELAY_MS * 2 ** Math.min(refusals, 20), EVICTION_MAX_DELAY_MS);
}

function evictionReason(observed: Observed, pod: Pod): string {
  const node = observed.nodes.find(({ metadata }) => metadata.name === pod.spec.nodeName);
  const nodeClaim = node === undefined ? undefined : nodeClaimOf(observed, node);
  if (nodeClaim === undefined) return "";
  const condition = conditionOf(nodeClaim, "DisruptionReason");
  return condition?.status === "True" ? (condition.reason ?? "") : "Forceful Termination";
}
