import type { Clock } from "../port/clock.ts";

/** A clock that moves only when told to. */
export interface VirtualClock extends Clock {
  /** Moves on, waking sleepers in the order of their times; between two, everything they started runs as far as it can without the clock. */
  advance(ms: number): Promise<void>;
  /** Runs something to its end, moving the clock from one sleeper to the next whenever nothing else can run. */
  drive<T>(work: Promise<T>): Promise<T>;
  /** When the next sleeper wakes; undefined if none sleeps. */
  nextMs(): number | undefined;
}

interface Sleeper {
  readonly atMs: number;
  readonly order: number;
  readonly wake: () => void;
}

/** A clock at the given time. */
export function virtualClock(startMs = 0): VirtualClock {
  let now = startMs;
  let order = 0;
  let sleepers: readonly Sleeper[] = [];

  async function wakeNext(): Promise<void> {
    const [next, ...rest] = sleepers;
    if (next === undefined) return;
    sleepers = rest;
    now = Math.max(now, next.atMs);
    next.wake();
    await settled();
  }

  return {
    nowMs: () => now,
    nextMs: () => sleepers[0]?.atMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) return reject(signal.reason);
        const sleeper: Sleeper = { atMs: now + Math.max(0, ms), order: order++, wake: () => (signal?.removeEventListener("abort", stop), resolve()) };
        const stop = (): void => {
          sleepers = sleepers.filter((one) => one !== sleeper);
          reject(signal?.reason);
        };
        signal?.addEventListener("abort", stop, { once: true });
        sleepers = [...sleepers, sleeper].sort((a, b) => a.atMs - b.atMs || a.order - b.order);
      }),
    async advance(ms) {
      const untilMs = now + ms;
      await settled();
      while (sleepers[0] !== undefined && sleepers[0].atMs <= untilMs) await wakeNext();
      now = untilMs;
    },
    async drive(work) {
      let done = false;
      const ended = (): void => void (done = true);
      work.then(ended, ended);
      await settled();
      while (!done) {
        if (sleepers.length === 0) {
          // Nobody sleeps: the work waits for something that is not the clock.
          await Promise.race([work.then(ended, ended), turn()]);
        } else await wakeNext();
      }
      return work;
    },
  };
}

/** Lets everything run that needs no clock: microtasks all end before the next turn of the event loop. */
export async function settled(): Promise<void> {
  await turn();
}

const channelTurn = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    (port1 as unknown as { onmessage: () => void }).onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(0);
  });

// The event loop's own turn where there is one; a browser's timers would wait 4 ms each.
const turn: () => Promise<void> = typeof setImmediate === "function" ? () => new Promise((resolve) => setImmediate(resolve)) : channelTurn;
