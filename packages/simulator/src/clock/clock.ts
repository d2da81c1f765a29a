/** Something to do at a moment of virtual time. */
export interface Timer {
  readonly atMs: number;
  /** Timers of the same moment run in the order they were set. */
  readonly order: number;
  readonly run: () => void | Promise<void>;
  cancelled: boolean;
}

/** What the clock needs of an AbortSignal; browsers and Node have it, the language does not. */
export interface Signal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void): void;
}

/** A clock that stands still until it is told to move, and the queue of what happens when. */
export interface Clock {
  /** Epoch milliseconds. */
  nowMs(): number;
  /** Run at `atMs`, or now when that has passed. */
  at(atMs: number, run: () => void | Promise<void>): Timer;
  after(delayMs: number, run: () => void | Promise<void>): Timer;
  cancel(timer: Timer): void;
  /** Move to `untilMs`, running everything due on the way; `settle` is called first and after each timer. */
  runUntil(untilMs: number, settle: () => void | Promise<void>): Promise<void>;
  /** When the next timer is due; undefined when there is none. */
  nextMs(): number | undefined;
  /** Resolves after the given time of this clock, or rejects with the signal's reason. */
  sleep(ms: number, signal?: Signal): Promise<void>;
  /** Work that goes on beside the timers: the clock does not move while it could go on without moving. */
  background(work: Promise<void>): void;
}

// More steps than any one call to EC2 takes; work that has not come to an end by then waits for other work, or for a timer.
const MOST_STEPS = 2_000;

/**
 * A clock at `startMs`.
 *
 * @param busy ends with the calls that are on their way outside the simulation; undefined if there are none: the clock waits for them
 */
export function virtualClock(startMs: number, busy?: () => Promise<unknown> | undefined): Clock {
  let now = startMs;
  let order = 0;
  const heap: Timer[] = [];

  const at = (atMs: number, run: Timer["run"]): Timer => {
    const timer: Timer = { atMs: Math.max(atMs, now), order: order++, run, cancelled: false };
    push(heap, timer);
    return timer;
  };
  const dropCancelled = (): void => {
    while (heap[0]?.cancelled === true) pop(heap);
  };

  let working = 0;
  let waiting = 0;
  const letWorkGoOn = async (): Promise<void> => {
    for (let step = 0; step < MOST_STEPS && working > waiting; step += 1) {
      const outside = busy?.();
      if (outside === undefined) await undefined;
      else {
        await outside;
        step = 0;
      }
    }
  };

  return {
    nowMs: () => now,
    at,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) return reject(signal.reason as Error);
        waiting += 1;
        const timer = at(now + ms, () => {
          waiting -= 1;
          resolve();
        });
        signal?.addEventListener("abort", () => {
          if (timer.cancelled) return;
          timer.cancelled = true;
          waiting -= 1;
          reject(signal.reason as Error);
        });
      }),
    background: (work) => {
      working += 1;
      void work.finally(() => {
        working -= 1;
      });
    },
    after: (delayMs, run) => at(now + delayMs, run),
    cancel: (timer) => {
      timer.cancelled = true;
    },
    nextMs: () => {
      dropCancelled();
      return heap[0]?.atMs;
    },
    runUntil: async (untilMs, settle) => {
      const first = settle();
      if (first !== undefined) await first;
      for (;;) {
        if (working > waiting) {
          await letWorkGoOn();
          const settling = settle();
          if (settling !== undefined) await settling;
          if (working > waiting && heap.length === 0) break;
        }
        dropCancelled();
        const next = heap[0];
        if (next === undefined || next.atMs > untilMs) break;
        pop(heap);
        now = next.atMs;
        const running = next.run();
        // Awaiting only what is a promise keeps a day of a thousand nodes out of the microtask queue.
        if (running !== undefined) await running;
        const settling = settle();
        if (settling !== undefined) await settling;
      }
      now = Math.max(now, untilMs);
    },
  };
}

const before = (a: Timer, b: Timer): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

function push(heap: Timer[], timer: Timer): void {
  let index = heap.length;
  heap.push(timer);
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent] as Timer;
    if (!before(timer, above)) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = timer;
}

function pop(heap: Timer[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let index = 0;
  for (;;) {
    let child = 2 * index + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1] as Timer, heap[child] as Timer)) child += 1;
    const below = heap[child] as Timer;
    if (!before(below, last)) break;
    heap[index] = below;
    index = child;
  }
  heap[index] = last;
}
