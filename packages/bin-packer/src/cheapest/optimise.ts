import { Effort } from "./effort.ts";
import { downsized, fluidGuidedFit } from "./fluid-guided-fit.ts";
import { greedyCover } from "./greedy-cover.ts";
import { type Batch, type Model, merged, priceOf } from "./model.ts";
import { binsByPrice } from "./node-load.ts";
import { patternColumns } from "./pattern-columns.ts";
import { promisingBins, usefulBins } from "./promising-bins.ts";
import { prune } from "./prune.ts";
import { seededRandom } from "./random.ts";
import { ruinAndRecreate } from "./ruin-and-recreate.ts";
import { type VolumeBound, volumeBound } from "./volume-bound.ts";

export interface Optimum {
  readonly plan: readonly Batch[];
  readonly priceUsdPerHour: number;
  readonly boundUsdPerHour: number;
  readonly bound: "volume" | "patterns";
  /** What a pod of each class is worth at least: no node holds more worth than it costs, and all pods together are worth the bound. */
  readonly values: Float64Array;
}

/** Beyond so many classes the pattern master's basis costs more than it brings. */
const MOST_CLASSES_FOR_PATTERNS = 700;
/** The part of the effort that goes into patterns; the local search gets the rest. Many classes make more patterns than there are nodes. */
const patternShare = (classes: number): number => (classes <= 200 ? 0.55 : 0.25);

/**
 * The cheapest plan found for the model within the budget, and what no plan can undercut.
 *
 * Every class must be allowed on some bin. The same model and budget give the same plan on every machine: effort is counted, not timed.
 */
export function optimise(full: Model, budgetMs: number): Optimum {
  if (full.classCount === 0) return { plan: [], priceUsdPerHour: 0, boundUsdPerHour: 0, values: new Float64Array(0), bound: "volume" };
  const { model, kept } = prune(full);
  const volume = volumeBound(model);
  const effort = new Effort(budgetMs);
  const random = seededRandom(0x9e3779b9);
  const byPrice = binsByPrice(model);
  const cheaper = (a: readonly Batch[], b: readonly Batch[]): readonly Batch[] => (priceOf(model, b) < priceOf(model, a) - 1e-12 ? b : a);

  const constructed = constructions(model, volume, byPrice, effort);
  let best = constructed.reduce(cheaper);
  let { values, boundUsdPerHour } = volume;
  const gap = (): number => priceOf(model, best) / boundUsdPerHour - 1;
  if (effort.isLeft && gap() > 1e-4 && model.classCount <= MOST_CLASSES_FOR_PATTERNS) {
    const share = effort.share(patternShare(model.classCount));
    const patterns = patternColumns(model, volume, constructed.flat(), share, random);
    effort.reclaim(share);
    best = cheaper(best, downsized(model, patterns.plan, byPrice));
    ({ values, boundUsdPerHour } = patterns);
  }
  if (effort.isLeft && gap() > 1e-4) best = ruinAndRecreate(model, best, values, boundUsdPerHour, effort, random);
  return {
    plan: merged(best).map(({ bin, pattern, copies }) => ({ bin: kept[bin] as number, pattern, copies })),
    priceUsdPerHour: priceOf(model, best),
    boundUsdPerHour,
    values,
    bound: boundUsdPerHour > volume.boundUsdPerHour ? "patterns" : "volume",
  };
}

/** Beyond so many nodes, node-by-node work costs more than it brings; covers work by whole batches and do not mind. */
const MOST_NODES_ONE_BY_ONE = 10_000;

/** Four constructions, of which none wins everywhere; the first always runs, the others while there is effort left. */
function constructions(model: Model, volume: VolumeBound, byPrice: Int32Array, effort: Effort): (readonly Batch[])[] {
  const large = (): Float64Array => volume.values.map((value, i) => value * (1 + 0.1 * relativeSize(model, i)));
  // The bins that matter, the best few of every class among them: where every proposal is kept up to date, others cost more than they bring.
  const careful = (values: Float64Array) => (): readonly Batch[] => {
    const share = effort.share(CAREFUL_SHARE);
    const plan = downsized(model, greedyCover(model, values, model.counts, effort, { eager: share, bins: usefulBins(model, promisingBins(model, values, share), model.counts, volume.opened) }), byPrice);
    effort.reclaim(share);
    return plan;
  };
  const covers = [careful(volume.values), () => downsized(model, greedyCover(model, volume.values, model.counts, effort), byPrice), () => downsized(model, greedyCover(model, large(), model.counts, effort), byPrice)];
  const fits = volume.opened.reduce((sum, nodes) => sum + nodes, 0) > MOST_NODES_ONE_BY_ONE ? [] : [() => fluidGuidedFit(model, volume, "direction", effort), () => fluidGuidedFit(model, volume, "tightness", effort)];
  const makers: (() => readonly Batch[])[] = [...fits.slice(0, 1), ...covers, ...fits.slice(1)];
  return makers.flatMap((make, index) => (index === 0 || effort.isLeft ? [make()] : []));
}

/** The part of the effort for the one cover that is made with care. */
const CAREFUL_SHARE = 0.2;

/** A pod's largest share of the largest bin's resources. */
function relativeSize({ resourceCount: R, requests, free, binCount }: Model, podClass: number): number {
  let largest = 0;
  for (let r = 0; r < R; r++) {
    let most = 0;
    for (let bin = 0; bin < binCount; bin++) most = Math.max(most, free[bin * R + r] as number);
    largest = Math.max(largest, (requests[podClass * R + r] as number) / Math.max(most, 1e-12));
  }
  return largest;
}
