import { Effort, searchMs } from "./effort.ts";
import { fluidDive } from "./fluid-dive.ts";
import { GreedyCover } from "./greedy-cover.ts";
import { type Batch, type Model, merged, priceOf } from "./model.ts";
import { binsByPrice, downsized } from "./node-load.ts";
import { patternColumns } from "./pattern-columns.ts";
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
const MANY_PODS = 16;
const FEW_CLASSES = 60;
/** Beyond so many, the patterns of one plan are enough to start with: more make the master slower than they make it better. */
const SEVERAL_CLASSES = 200;
/** A gap that the local search alone will not close, and the effort a class it takes to mix patterns of many pods. */
const LARGE_GAP = 0.012;
const PLENTY_A_CLASS = 400_000;

/** The part of the effort that goes into patterns; the local search gets the rest. It fills nodes of many pods well without them, unless much is left to gain. */
function patternShare({ counts, classCount }: Model, { opened }: VolumeBound, gap: number, effort: Effort): number {
  if (classCount > MOST_CLASSES_FOR_PATTERNS) return 0;
  const pods = counts.reduce((sum, count) => sum + count, 0);
  if (pods / opened.reduce((sum, nodes) => sum + nodes, 1) < MANY_PODS) return 0.6;
  if (classCount <= FEW_CLASSES) return 0.3;
  return gap > LARGE_GAP && effort.left > classCount * PLENTY_A_CLASS ? 0.6 : 0;
}

/**
 * The cheapest plan found for the model within the budget, and what no plan can undercut.
 *
 * Every class must be allowed on some bin. The same model and budget give the same plan on every machine: effort is counted, not timed.
 */
export function optimise(full: Model, budgetMs: number): Optimum {
  if (full.classCount === 0) return { plan: [], priceUsdPerHour: 0, boundUsdPerHour: 0, values: new Float64Array(0), bound: "volume" };
  const { model, kept } = prune(full);
  const effort = new Effort(searchMs(budgetMs));
  const volume = volumeBound(model, effort);
  const random = seededRandom(0x9e3779b9);
  const byPrice = binsByPrice(model);
  const cover = new GreedyCover(model);
  const cheaper = (a: readonly Batch[], b: readonly Batch[]): readonly Batch[] => (priceOf(model, b) < priceOf(model, a) - 1e-12 ? b : a);

  const constructed = constructions(model, volume, byPrice, cover, effort);
  let best = constructed.reduce(cheaper);
  let { values, boundUsdPerHour } = volume;
  const gap = (): number => priceOf(model, best) / boundUsdPerHour - 1;
  const part = patternShare(model, volume, gap(), effort);
  if (effort.isLeft && gap() > 1e-4 && part > 0) {
    const share = effort.share(part);
    const patterns = patternColumns(model, volume, model.classCount > SEVERAL_CLASSES ? best : constructed.flat(), cover, share, random);
    effort.reclaim(share);
    best = patterns.plans.map((plan) => downsized(model, plan, byPrice)).reduce(cheaper, best);
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
function constructions(model: Model, volume: VolumeBound, byPrice: Int32Array, cover: GreedyCover, effort: Effort): (readonly Batch[])[] {
  const makers: (() => readonly Batch[])[] = [
    () => fluidDive(model, volume, 1, cover, effort),
    () => fluidDive(model, volume, 0.5, cover, effort),
    () => fluidDive(model, volume, 0.7, cover, effort),
  ];
  return makers.flatMap((make, index) => (index === 0 || effort.isLeft ? [downsized(model, make(), byPrice)] : []));
}
