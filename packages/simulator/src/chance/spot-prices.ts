import { hash32, type Random } from "../clock/random.ts";

/** How prices of spot capacity move. Default: they stay as listed. */
export type SpotPriceOptions =
  /**
   * About their listed price: every `stepMs` (default one hour) they take a random step of `volatility` (the standard deviation of the logarithm, e.g. 0.05) and go back
   * the share `reversion` (default 0.1) of the way. Never dearer than on demand.
   */
  | { readonly kind: "mean-reverting"; readonly volatility: number; readonly reversion?: number; readonly stepMs?: number }
  /** As recorded, e.g. by `aws ec2 describe-spot-price-history`; before its first point a pool has its listed price. */
  | { readonly kind: "recorded"; readonly points: readonly SpotPricePoint[] };

/** A price from a moment on. */
export interface SpotPricePoint {
  /** After the start of the run, in milliseconds. */
  readonly atMs: number;
  readonly instanceType: string;
  readonly zone: string;
  readonly usdPerHour: number;
}

/** What spot capacity costs as time goes by. */
export interface SpotPrices {
  /** When prices next change after that, epoch milliseconds; undefined: never. */
  nextMs(afterMs: number): number | undefined;
  /** Counts the changes up to then: within one count prices are the same. */
  version(nowMs: number): number;
  /** USD an hour now, of a pool that is listed at `listed`. */
  price(pool: { readonly instanceType: string; readonly zone: string }, listed: number, onDemand: number, nowMs: number): number;
}

const HOUR_MS = 3_600_000;

/** The prices of a run that starts at `startMs`. */
export function spotPrices(options: SpotPriceOptions, random: Random, startMs: number): SpotPrices {
  return options.kind === "recorded" ? recorded(options.points, startMs) : meanReverting(options, random.uuid(), startMs);
}

function meanReverting({ volatility, reversion = 0.1, stepMs = HOUR_MS }: Extract<SpotPriceOptions, { readonly kind: "mean-reverting" }>, salt: string, startMs: number): SpotPrices {
  const known = new Map<string, { step: number; log: number }>();
  const version = (nowMs: number): number => Math.max(0, Math.floor((nowMs - startMs) / stepMs));
  return {
    version,
    nextMs: (afterMs) => (afterMs < startMs ? startMs + stepMs : startMs + (version(afterMs) + 1) * stepMs),
    price: ({ instanceType, zone }, listed, onDemand, nowMs) => {
      const pool = `${instanceType} ${zone}`;
      let state = known.get(pool);
      if (state === undefined) known.set(pool, (state = { step: 0, log: 0 }));
      // Each step hangs on the pool and the step alone, so that it does not matter who asks when.
      for (const now = version(nowMs); state.step < now; ) {
        state.step += 1;
        state.log = (1 - reversion) * state.log + volatility * normal(`${salt} ${pool} ${state.step}`);
      }
      return Math.min(onDemand, listed * Math.exp(state.log));
    },
  };
}

function recorded(points: readonly SpotPricePoint[], startMs: number): SpotPrices {
  const byPool = new Map<string, SpotPricePoint[]>();
  for (const point of points.toSorted((a, b) => a.atMs - b.atMs)) {
    const pool = `${point.instanceType} ${point.zone}`;
    byPool.set(pool, [...(byPool.get(pool) ?? []), point]);
  }
  const times = [...new Set(points.map(({ atMs }) => startMs + atMs))].sort((a, b) => a - b);
  return {
    version: (nowMs) => times.filter((atMs) => atMs <= nowMs).length,
    nextMs: (afterMs) => times.find((atMs) => atMs > afterMs),
    price: ({ instanceType, zone }, listed, _, nowMs) => byPool.get(`${instanceType} ${zone}`)?.findLast(({ atMs }) => startMs + atMs <= nowMs)?.usdPerHour ?? listed,
  };
}

// Box and Muller's method on two hashes.
function normal(text: string): number {
  const uniform = (part: string): number => {
    const draw = hash32(`${text} ${part}`);
    return ((Math.imul(draw ^ (draw >>> 15), 0x2c1b3c6d) >>> 0) + 0.5) / 0x1_0000_0000;
  };
  return Math.sqrt(-2 * Math.log(uniform("a"))) * Math.cos(2 * Math.PI * uniform("b"));
}
