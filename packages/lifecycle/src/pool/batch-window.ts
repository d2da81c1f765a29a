/**
 * The window in which pods are gathered before they are planned together: it opens with the first pod, and closes when no new pod has come for a while, or after all.
 *
 * Plain data; a window that closed is replaced by {@link noBatch}.
 */
export interface BatchWindow {
  /** When the window opened, epoch milliseconds; absent: nothing waits. */
  readonly openedMs?: number;
  /** When the last new pod came, epoch milliseconds. */
  readonly lastMs?: number;
  /** The uids gathered, in the order in which they came: a pod that comes twice does not keep the window open. */
  readonly uids: readonly string[];
}

/** The lengths of the window, in milliseconds; without them one second and ten (Karpenter's BATCH_IDLE_DURATION, BATCH_MAX_DURATION). */
export interface BatchLimits {
  readonly idleMs?: number;
  readonly maxMs?: number;
}

const IDLE_MS = 1_000;
const MAX_MS = 10_000;

/** A window that has not opened. */
export const noBatch: BatchWindow = { uids: [] };

/**
 * Takes a pod (or a node whose pods move) into the window.
 *
 * @example
 * ```ts
 * import { addToBatch, batchClosesMs, noBatch } from "@groupless/lifecycle";
 * const window = addToBatch(noBatch, "a", 0);
 * batchClosesMs(addToBatch(window, "b", 600)); // => 1600
 * batchClosesMs(addToBatch(window, "a", 600)); // => 1000
 * ```
 */
export function addToBatch(window: BatchWindow, uid: string, nowMs: number): BatchWindow {
  if (window.uids.includes(uid)) return window;
  return { openedMs: window.openedMs ?? nowMs, lastMs: nowMs, uids: [...window.uids, uid] };
}

/** When the window closes if nothing more comes, epoch milliseconds; undefined for one that has not opened. */
export function batchClosesMs({ openedMs, lastMs }: BatchWindow, { idleMs = IDLE_MS, maxMs = MAX_MS }: BatchLimits = {}): number | undefined {
  return openedMs === undefined || lastMs === undefined ? undefined : Math.min(lastMs + idleMs, openedMs + maxMs);
}

/** Is it time to plan? A clock that was set back behind the window's opening closes it: its length can no longer be told. */
export function isBatchClosed(window: BatchWindow, nowMs: number, limits: BatchLimits = {}): boolean {
  const closesMs = batchClosesMs(window, limits);
  return closesMs !== undefined && (nowMs >= closesMs || nowMs < (window.openedMs as number));
}
