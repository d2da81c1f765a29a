import { Effort } from "./effort.ts";
import { fluidDive } from "./fluid-dive.ts";
import { GreedyCover } from "./greedy-cover.ts";
import { type Batch, type Model, merged, priceOf } from "./model.ts";
import { binsByPrice, downsized } from "./node-load.ts";
import { patternColumns } from "./pattern-columns.ts";
import { promisingBins, usefulBins } from "./promising-bins.ts";
import { prune } from "./prune.ts";
import { type Random, seededRandom } from "./random.ts";
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
  const effort = new Effort(budgetMs);
  const volume = volumeBound(model, effort);
  const random = seededRandom(0x9e3779b9);
  const byPrice = binsByPrice(model);
  const cover = new GreedyCover(model);
  const cheaper = (a: readonly Batch[], b: readonly Batch[]): readonly Batch[] => (priceOf(model, b) < priceOf(model, a) - 1e-12 ? b : a);

  const constructed = constructions(model, volume, byPrice, cover, effort, random);
  let best = constructed.reduce(cheaper);
  let { values, boundUsdPerHour } = volume;
  const gap = (): number => priceOf(model, best) / boundUsdPerHour - 1;
  if (effort.isLeft && gap() > 1e-4 && model.classCount <= MOST_CLASSES_FOR_PATTERNS) {
    const share = effort.share(patternShare(model.classCount));
    const patterns = patternColumns(model, volume, constructed.flat(), cover, share, random);
    effort.reclaim(share);
    best = cheaper(best, downsized(model, patterns.plan, byPrice));
    ({ values, boundUsdPerHour } = patterns);
  }
  if (effort.isLeft && gap() > 1e-4) best = ruinAndRecreate(model, best, values, boundUsdPerHour, cover, effort, random);
  return {
    plan: merged(best).map(({ bin, pattern, copies }) => ({ bin: kept[bin] as number, pattern, copies })),
    priceUsdPerHour: priceOf(model, best),
    boundUsdPerHour,
    values,
    bound: boundUsdPerHour > volume.boundUsdPerHour ? "patterns" : "volume",
  };
}

/** Constructions, of which none wins everywhere; the first always runs, the others while there is effort left. */
function constructions(model: Model, volume: VolumeBound, byPrice: Int32Array, cover: GreedyCover, effort: Effort, random: Random): (readonly Batch[])[] {
  const makers: (() => readonly Batch[])[] = [
    () => fluidDive(model, volume, 1, cover, effort),
    () => fluidDive(model, volume, 0.5, cover, effort),
    // The bins that matter, the best few of every class among them: where every proposal is kept up to date, others cost more than they bring.
    () => {
      const share = effort.share(CAREFUL_SHARE);
      const plan = cover.cover(volume.values, model.counts, effort, { eager: share, bins: usefulBins(model, promisingBins(model, cover, volume.values, model.counts, share), model.counts, volume.opened) });
      effort.reclaim(share);
      return plan;
    },
    () => fluidDive(model, volume, 0.7, cover, effort, random),
  ];
  return makers.flatMap((make, index) => (index === 0 || effort.isLeft ? [downsized(model, make(), byPrice)] : []));
}

/** The part of the effort for the one cover that is made with care. */
const CAREFUL_SHARE = 0.2;
