import type { Clock } from "../port/clock.ts";

/** When a batch is sent: after a pause in requests, or a longest wait, or with so many requests. */
export interface BatchWindow {
  readonly idleMs: number;
  readonly maxMs: number;
  readonly maxItems: number;
}

/** Karpenter pkg/batcher. */
export const FLEET_WINDOW: BatchWindow = { idleMs: 35, maxMs: 1000, maxItems: 1000 };
export const INSTANCE_WINDOW: BatchWindow = { idleMs: 100, maxMs: 1000, maxItems: 500 };

interface Waiting<Request, Result> {
  readonly request: Request;
  readonly key: string;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

export type Batcher<Request, Result> = (request: Request, options?: { readonly signal?: AbortSignal }) => Promise<Result>;

/**
 * Gathers requests for the length of a window, then runs each group of equal key once; `run` answers in the order it was given the requests.
 * Groups larger than `maxGroup` are run in parts. A request aborted while it waits is left out; one aborted later gets its answer, since the others' went with it. Without a window nothing waits.
 */
export function batcher<Request, Result>({ clock, window, keyOf, maxGroup = Number.POSITIVE_INFINITY, run }: { readonly clock: Clock; readonly window: BatchWindow | undefined; readonly keyOf: (request: Request) => string; readonly maxGroup?: number; readonly run: (requests: readonly Request[]) => Promise<readonly Result[]> }): Batcher<Request, Result> {
  let waiting: readonly Waiting<Request, Result>[] = [];
  let closing: { readonly openedMs: number; readonly full: AbortController; lastMs: number } | undefined;

  async function open(within: BatchWindow): Promise<void> {
    const current = (closing = { openedMs: clock.nowMs(), full: new AbortController(), lastMs: clock.nowMs() });
    for (;;) {
      const restMs = Math.min(current.lastMs + within.idleMs, current.openedMs + within.maxMs) - clock.nowMs();
      if (restMs <= 0 || current.full.signal.aborted) break;
      await clock.sleep(restMs, current.full.signal).catch(() => undefined);
    }
    closing = undefined;
    flush();
  }

  function flush(): void {
    const groups = groupBy(waiting);
    waiting = [];
    for (const group of groups.values()) for (let from = 0; from < group.length; from += maxGroup) void runGroup(group.slice(from, from + maxGroup));
  }

  async function runGroup(group: readonly Waiting<Request, Result>[]): Promise<void> {
    try {
      const results = await run(group.map(({ request }) => request));
      group.forEach(({ resolve }, index) => resolve(results[index] as Result));
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  return (request, { signal } = {}) =>
    new Promise<Result>((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason);
      const one: Waiting<Request, Result> = { request, key: keyOf(request), resolve, reject };
      const leave = (): void => {
        if (!waiting.includes(one)) return;
        waiting = waiting.filter((other) => other !== one);
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", leave, { once: true });
      waiting = [...waiting, one];
      if (window === undefined) return flush();
      if (closing === undefined) void open(window);
      else closing.lastMs = clock.nowMs();
      if (waiting.length >= window.maxItems) closing?.full.abort();
    });
}

function groupBy<T extends { readonly key: string }>(all: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(one.key, [...(groups.get(one.key) ?? []), one]);
  return groups;
}
