import { divisibleWorth } from "./divisible-worth.ts";
import type { Effort } from "./effort.ts";
import { fluidDive } from "./fluid-dive.ts";
import { GreedyCover } from "./greedy-cover.ts";
import { knapsackBound } from "./knapsack-bound.ts";
import type { Batch, Model, Pattern } from "./model.ts";
import { worthOf } from "./node-load.ts";
import { PatternPool } from "./pattern-pool.ts";
import type { Random } from "./random.ts";
import { remaining } from "./remaining.ts";
import { type VolumeBound, volumeBound } from "./volume-bound.ts";

export interface PatternSolution {
  /** Plans that come of rounding the fractional optimum's patterns by and by. */
  readonly plans: readonly (readonly Batch[])[];
  /** At least the volume bound; above it where whole pods on whole nodes cannot do what fractions can. */
  readonly boundUsdPerHour: number;
  readonly values: Float64Array;
}

const SEARCH_NODES = 100_000;
/** Parts of the effort for the fractional optimum, and for what proves the bound. */
const GROWING_SHARE = 0.5;
const PROOF_SHARE = 0.4;

/**
 * The fractional mix of whole-node patterns that covers all pods cheapest, and plans from rounding it.
 *
 * The bound comes from the class values alone, divided by the largest (certified worth of a node / its price), so it holds however far the
 * search went.
 */
export function patternColumns(model: Model, volume: VolumeBound, known: readonly Batch[], cover: GreedyCover, effort: Effort, random: Random): PatternSolution {
  const pool = new PatternPool(model, cover, random);
  for (const { bin, pattern } of known) pool.add(bin, pattern);
  const growing = effort.share(GROWING_SHARE);
  pool.grow(model.counts, 400, volume.values, growing);
  effort.reclaim(growing);
  const proving = effort.share(PROOF_SHARE);
  let bound = volume.boundUsdPerHour;
  let best = volume.values;
  for (let smoothing = 0; proving.isLeft && pool.cost > bound * (1 + 1e-4); ) {
    pool.solve(proving);
    const master = pool.duals;
    const certified = certify(smoothing === 0 ? master : master.map((value, i) => smoothing * (best[i] as number) + (1 - smoothing) * value), master, proving);
    if (certified !== undefined) {
      bound = certified.bound;
      best = certified.values;
    } else if (smoothing === 0) smoothing = 0.5;
    else break;
    pool.grow(model.counts, 20, best, proving);
  }
  effort.reclaim(proving);
  const plans: (readonly Batch[])[] = [];
  for (const threshold of [0.8, 0.6, 0.9, 0.7]) {
    if (!effort.isLeft && plans.length > 0) break;
    pool.demand(model.counts);
    pool.solve(effort);
    plans.push(dive(threshold));
  }
  return { plans, boundUsdPerHour: bound, values: best };

  /**
   * The values divided by the steepest node: feasible duals. Bins that might be steepest are searched, the others are bounded; undefined as soon
   * as one is so steep that the bound would be no better than the one there is.
   */
  function certify(values: Float64Array, master: Float64Array, spent: Effort): { readonly bound: number; readonly values: Float64Array } | undefined {
    let worth = 0;
    for (let i = 0; i < values.length; i++) worth += (values[i] as number) * (model.counts[i] as number);
    // The master's values are at one with their price on the nodes of its mix.
    let steepest = values === master ? 1 : 0;
    const rough = Array.from({ length: model.binCount }, (_, bin) => {
      const { worth: most, prices } = divisibleWorth(model, bin, values);
      return { bin, prices: prices.slice(), upper: most / (model.prices[bin] as number) };
    }).sort((a, b) => b.upper - a.upper || a.bin - b.bin);
    spent.spend(model.binCount * model.classCount * 12);
    for (const { bin, prices, upper } of rough) {
      if (upper <= steepest) break;
      const exact = knapsackBound(model, bin, values, prices, spent.isLeft ? SEARCH_NODES : 0, spent, steepest * (model.prices[bin] as number));
      steepest = Math.max(steepest, Math.min(upper, exact.upper / (model.prices[bin] as number)));
      if (worthOf(exact.pattern, master) > (model.prices[bin] as number) * (1 + 1e-6)) pool.add(bin, exact.pattern);
      if (worth / steepest <= bound) return undefined;
    }
    return { bound: worth / steepest, values: values.map((value) => value / steepest) };
  }

  /** Takes the patterns of the mix that are there a whole time, or nearly so, and mixes anew for the pods that are left. */
  function dive(threshold: number): Batch[] {
    const left = model.counts.slice();
    const plan: Batch[] = [];
    const put = (bin: number, pattern: Pattern, wanted: number): boolean => {
      let copies = wanted;
      for (const [podClass, pods] of pattern) copies = Math.min(copies, Math.floor((left[podClass] as number) / pods));
      if (copies <= 0) return false;
      for (const [podClass, pods] of pattern) left[podClass] = (left[podClass] as number) - pods * copies;
      plan.push({ bin, pattern, copies });
      return true;
    };
    for (;;) {
      const mix = pool.mix();
      const nodes = mix.reduce((sum, { weight }) => sum + weight, 0);
      if (nodes < TAIL_NODES || nodes < mix.length * TAIL_WEIGHT) break;
      let taken = 0;
      for (const { bin, pattern, weight } of mix) if (weight >= 1 - 1e-3 && put(bin, pattern, Math.floor(weight + 1e-3))) taken++;
      const most = Math.max(1, nodes * 0.06);
      let more = 0;
      for (const { bin, pattern, weight } of mix.map((column) => ({ ...column, weight: column.weight - Math.floor(column.weight + 1e-3) })).sort((a, b) => b.weight - a.weight)) {
        if (more >= most || (weight < threshold && more + taken > 0)) break;
        if (put(bin, pattern, 1)) more++;
      }
      if (taken + more === 0) break;
      pool.demand(left);
      if (!effort.isLeft) break;
      pool.grow(left, ROUNDS_A_DIVE, undefined, effort);
    }
    const rest = remaining(model, left);
    if (rest.classes.length === 0) return plan;
    const tail = fluidDive(rest.model, volumeBound(rest.model, effort), threshold, new GreedyCover(rest.model), effort);
    return [...plan, ...tail.map(({ bin, pattern, copies }): Batch => ({ bin, pattern: pattern.map(([podClass, pods]) => [rest.classes[podClass] as number, pods]), copies }))];
  }
}

/** Fewer nodes than that, or so little of every pattern, is better packed afresh. */
const TAIL_NODES = 4;
const TAIL_WEIGHT = 0.12;
const ROUNDS_A_DIVE = 4;
