import { CoveringLp } from "./covering-lp.ts";
import type { Effort } from "./effort.ts";
import { fillAligned, fillInOrder } from "./fill.ts";
import type { GreedyCover } from "./greedy-cover.ts";
import { promisingBins, usefulBins } from "./promising-bins.ts";
import { knapsackBound } from "./knapsack-bound.ts";
import type { Batch, Model, Pattern } from "./model.ts";
import { worthOf } from "./node-load.ts";
import type { Random } from "./random.ts";
import type { VolumeBound } from "./volume-bound.ts";

export interface PatternSolution {
  /** Whole copies of the fractional optimum's patterns, the rest covered greedily. */
  readonly plan: readonly Batch[];
  /** At least the volume bound; above it where whole pods on whole nodes cannot do what fractions can. */
  readonly boundUsdPerHour: number;
  readonly values: Float64Array;
}

/** Every so many rounds the bound is certified; in between only columns are looked for. */
const CERTIFY_EVERY = 8;
const SEARCH_NODES = 300_000;
/** The part of the effort for what rounding leaves. */
const FINISHING_SHARE = 0.25;

/**
 * The fractional mix of whole-node patterns that covers all pods cheapest (Gilmore & Gomory 1961), rounded.
 *
 * New patterns come from shaken greedy fills at smoothed class values; the bound comes from the values alone, divided by the largest
 * (certified worth of a node / its price), so it holds however far the search went.
 */
export function patternColumns(model: Model, volume: VolumeBound, known: readonly Batch[], cover: GreedyCover, effort: Effort, random: Random): PatternSolution {
  const { resourcePrices } = volume;
  const finishing = effort.share(FINISHING_SHARE);
  const columns: { readonly bin: number; readonly pattern: Pattern }[] = [];
  const seen = new Set<string>();
  const lp = new CoveringLp(model.counts, seeds(model, columns));
  const add = (bin: number, pattern: Pattern): boolean => {
    const key = `${bin}:${pattern.join(";")}`;
    if (pattern.length === 0 || seen.has(key)) return false;
    seen.add(key);
    columns.push({ bin, pattern });
    lp.add(model.prices[bin] as number, pattern, columns.length - 1);
    return true;
  };
  for (const { bin, pattern } of known) add(bin, pattern);
  let bound = volume.boundUsdPerHour;
  let best = volume.values;
  let smoothing = 0.7;
  for (let round = 1; effort.isLeft; round++) {
    const before = lp.pivots;
    lp.solve(2_000);
    effort.spend((lp.pivots - before) * (model.classCount * model.classCount * 0.08 + columns.length * 2));
    if (lp.cost <= bound * (1 + 1e-3)) break;
    const master = lp.duals;
    let added = 0;
    for (const blend of [smoothing, 0]) {
      const values = master.map((value, i) => blend * (best[i] as number) + (1 - blend) * value);
      for (const { bin, pattern } of proposals(model, resourcePrices, values, effort, random)) if (worthOf(pattern, master) > (model.prices[bin] as number) * (1 + 1e-6) && add(bin, pattern)) added += 1;
      if (added >= 3) break;
    }
    if (round % CERTIFY_EVERY === 0 || added === 0) {
      const values = master.map((value, i) => smoothing * (best[i] as number) + (1 - smoothing) * value);
      const certified = certify(values, master);
      if (certified.bound > bound) {
        bound = certified.bound;
        best = certified.values;
      } else smoothing *= 0.7;
      added += certified.added;
      if (added === 0 && smoothing < 0.05) break;
    }
  }
  return { plan: rounded(), boundUsdPerHour: bound, values: best };

  /** The values divided by the steepest node: feasible duals. Bins that might be steepest are searched, the others are bounded. */
  function certify(values: Float64Array, master: Float64Array): { readonly bound: number; readonly values: Float64Array; readonly added: number } {
    let steepest = 0;
    let found = 0;
    const R = model.resourceCount;
    const rough = Array.from({ length: model.binCount }, (_, bin) => ({ bin, upper: knapsackBound(model, bin, values, resourcePrices.subarray(bin * R, bin * R + R), 0, effort).upper / (model.prices[bin] as number) })).sort((a, b) => b.upper - a.upper || a.bin - b.bin);
    for (const { bin, upper } of rough) {
      if (upper <= steepest) break;
      const exact = knapsackBound(model, bin, values, resourcePrices.subarray(bin * R, bin * R + R), SEARCH_NODES, effort);
      steepest = Math.max(steepest, exact.upper / (model.prices[bin] as number));
      if (worthOf(exact.pattern, master) > (model.prices[bin] as number) * (1 + 1e-6) && add(bin, exact.pattern)) found += 1;
    }
    let worth = 0;
    for (let i = 0; i < values.length; i++) worth += (values[i] as number) * (model.counts[i] as number);
    return { bound: worth / steepest, values: values.map((value) => value / steepest), added: found };
  }

  function rounded(): Batch[] {
    const left = model.counts.slice();
    const plan: Batch[] = [];
    const put = (bin: number, pattern: Pattern, wanted: number): void => {
      let copies = wanted;
      for (const [podClass, pods] of pattern) copies = Math.min(copies, Math.floor((left[podClass] as number) / pods));
      if (copies <= 0) return;
      for (const [podClass, pods] of pattern) left[podClass] = (left[podClass] as number) - pods * copies;
      plan.push({ bin, pattern, copies });
    };
    const solution = lp.solution().flatMap(({ tag, weight }) => (tag < 0 ? [] : [{ ...(columns[tag] as { bin: number; pattern: Pattern }), weight }]));
    for (const { bin, pattern, weight } of solution) put(bin, pattern, Math.floor(weight + 1e-6));
    for (const { bin, pattern, weight } of solution.toSorted((a, b) => (b.weight % 1) - (a.weight % 1))) if (weight % 1 > 0.5) put(bin, pattern, 1);
    const rest = cover.cover(best, left, effort, { eager: finishing, bins: usefulBins(model, promisingBins(model, cover, best, left, finishing), left, volume.opened) });
    effort.reclaim(finishing);
    return [...plan, ...rest];
  }
}

/** Shaken fills of every bin: by value against the fluid's resource prices, and aligned. */
function* proposals(model: Model, resourcePrices: Float64Array, values: Float64Array, effort: Effort, random: Random): Generator<{ readonly bin: number; readonly pattern: Pattern }> {
  const { binCount, resourceCount: R, requests, prices, free, counts } = model;
  const score = new Float64Array(model.classCount);
  for (let bin = 0; bin < binCount; bin++) {
    const classes = model.allowed[bin] as Int32Array;
    for (let copy = 0; copy < 3; copy++) {
      const weights = Array.from({ length: R }, (_, r) => ((resourcePrices[bin * R + r] as number) + (1e-3 * (prices[bin] as number)) / (free[bin * R + r] as number)) * (copy === 0 ? 1 : Math.max(0.1, 1 + 0.35 * random.normal())));
      for (const i of classes) {
        let cost = 0;
        for (let r = 0; r < R; r++) cost += (weights[r] as number) * (requests[i * R + r] as number);
        score[i] = ((values[i] as number) / Math.max(cost, 1e-300)) * (1 + 0.01 * random.normal());
      }
      effort.spend(classes.length * 4);
      const order = classes.slice().sort((a, b) => (score[b] as number) - (score[a] as number) || a - b);
      yield { bin, pattern: fillInOrder(model, bin, order, counts, effort) };
    }
    if (random.next() < 24 / binCount) {
      const bias = new Float64Array(model.classCount);
      const sharpness = [2, 8, 32][Math.floor(random.next() * 3)] as number;
      for (const i of classes) {
        let cost = 0;
        for (let r = 0; r < R; r++) cost += ((resourcePrices[bin * R + r] as number) + (1e-3 * (prices[bin] as number)) / (free[bin * R + r] as number)) * (requests[i * R + r] as number);
        let power = 1;
        const worth = Math.min(2, (values[i] as number) / Math.max(cost, 1e-300));
        for (let k = 0; k < sharpness; k++) power *= worth;
        bias[i] = power * Math.max(0.2, 1 + 0.2 * random.normal());
      }
      yield { bin, pattern: fillAligned(model, bin, classes, counts, bias, effort) };
    }
  }
}

/** The cheapest bin full of each class alone: the first basis. */
function seeds({ classCount, binCount, prices, allowed, most }: Model, columns: { readonly bin: number; readonly pattern: Pattern }[]): { cost: number; amount: number; tag: number }[] {
  return Array.from({ length: classCount }, (_, podClass) => {
    let chosen = -1;
    for (let bin = 0; bin < binCount; bin++) {
      const amount = most[bin * classCount + podClass] as number;
      if (amount > 0 && (allowed[bin] as Int32Array).length > 0 && (chosen < 0 || (prices[bin] as number) / amount < (prices[chosen] as number) / (most[chosen * classCount + podClass] as number))) chosen = bin;
    }
    const amount = most[chosen * classCount + podClass] as number;
    columns.push({ bin: chosen, pattern: [[podClass, amount]] });
    return { cost: prices[chosen] as number, amount, tag: columns.length - 1 };
  });
}
