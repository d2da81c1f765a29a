import { CoveringLp } from "./covering-lp.ts";
import { FractionalKnapsacks } from "./fractional-knapsack.ts";
import type { Model } from "./model.ts";

/** What the fluid relaxation says: nothing is cheaper than `bound`, what a pod of each class is worth, and which bins it opens. */
export interface VolumeBound {
  readonly boundUsdPerHour: number;
  /** USD an hour a pod of the class; feasible duals scaled so that their sum over all pods is the bound. */
  readonly values: Float64Array;
  /** Nodes a bin, fractional. */
  readonly opened: Float64Array;
}

const GAP = 2e-4;
const PIVOTS_A_ROUND = 4_000;

/**
 * The fluid bound: classes spread fractionally over fractions of nodes.
 *
 * Solved by column generation: the master mixes whole fractional nodes, a knapsack a bin proposes better ones. Whatever values the
 * search ends with, the bound is theirs: values divided by the largest (worth of a full bin / its price) are feasible duals (Farley 1990),
 * and the worth is certified by resource prices in plain arithmetic.
 */
export function volumeBound(model: Model, roundLimit = 200): VolumeBound {
  const { classCount, binCount, prices, counts } = model;
  const knapsacks = new FractionalKnapsacks(model);
  const lp = new CoveringLp(counts, seeds(model));
  const seen = new Set<string>();
  let bound = 0;
  let best = new Float64Array(classCount);
  let smoothing = 0.6;
  for (let round = 0; round < roundLimit; round++) {
    lp.solve(PIVOTS_A_ROUND);
    const master = lp.duals;
    if (lp.cost - bound <= GAP * lp.cost) break;
    const values = round === 0 ? master : master.map((value, i) => (1 - smoothing) * value + smoothing * (best[i] as number));
    let added = 0;
    let steepest = 0;
    for (let bin = 0; bin < binCount; bin++) {
      const { pattern, upper } = knapsacks.solve(bin, values);
      steepest = Math.max(steepest, upper / (prices[bin] as number));
      let worth = 0;
      for (const [podClass, pods] of pattern) worth += (master[podClass] as number) * pods;
      if (worth <= (prices[bin] as number) * (1 + 1e-7)) continue;
      const key = `${bin}:${pattern.map(([podClass]) => podClass).join(",")}`;
      if (seen.has(key)) continue;
      seen.add(key);
      lp.add(prices[bin] as number, pattern, bin);
      added += 1;
    }
    const certified = worthOf(values, counts) / steepest;
    if (certified > bound) {
      bound = certified;
      best = values.map((value) => value / steepest);
    } else smoothing *= 0.8;
    if (added === 0) {
      if (smoothing < 1e-3) break;
      smoothing *= 0.3;
    }
  }
  const opened = new Float64Array(binCount);
  for (const { tag, weight } of lp.solution()) opened[tag] = (opened[tag] as number) + weight;
  return { boundUsdPerHour: bound, values: best, opened };
}

/** Each class alone on the bin that holds it cheapest: the first basis. */
function seeds({ classCount, binCount, resourceCount: R, requests, free, prices, allowed }: Model): { cost: number; amount: number; tag: number }[] {
  const best = Array.from({ length: classCount }, () => ({ cost: Infinity, amount: 0, tag: -1 }));
  for (let bin = 0; bin < binCount; bin++) {
    const cost = prices[bin] as number;
    for (const podClass of allowed[bin] as Int32Array) {
      let amount = Infinity;
      for (let r = 0; r < R; r++) {
        const asked = requests[podClass * R + r] as number;
        if (asked > 0) amount = Math.min(amount, (free[bin * R + r] as number) / asked);
      }
      const known = best[podClass] as { cost: number; amount: number; tag: number };
      if (cost * known.amount < known.cost * amount || known.tag < 0) best[podClass] = { cost, amount, tag: bin };
    }
  }
  return best;
}

function worthOf(values: Float64Array, counts: Float64Array): number {
  let worth = 0;
  for (let i = 0; i < values.length; i++) worth += (values[i] as number) * (counts[i] as number);
  return worth;
}
