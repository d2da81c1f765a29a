import { Effort } from "./effort.ts";
import { downsized, fluidGuidedFit } from "./fluid-guided-fit.ts";
import { greedyCover } from "./greedy-cover.ts";
import { type Batch, type Model, priceOf } from "./model.ts";
import { binsByPrice } from "./node-load.ts";
import { prune } from "./prune.ts";
import { seededRandom } from "./random.ts";
import { ruinAndRecreate } from "./ruin-and-recreate.ts";
import { type VolumeBound, volumeBound } from "./volume-bound.ts";

export interface Optimum {
  readonly plan: readonly Batch[];
  readonly priceUsdPerHour: number;
  readonly boundUsdPerHour: number;
  readonly bound: "volume" | "patterns";
}

/** The cheapest plan found for the model within the budget, and what no plan can undercut. Every class must be allowed on some bin. */
export function optimise(full: Model, budgetMs: number): Optimum {
  const { model, kept } = prune(full);
  const volume = volumeBound(model);
  const effort = new Effort(budgetMs);
  const random = seededRandom(0x9e3779b9);
  const start = construct(model, volume, effort);
  const better = ruinAndRecreate(model, start, volume.values, volume.boundUsdPerHour, effort, random);
  return {
    plan: better.map(({ bin, pattern, copies }) => ({ bin: kept[bin] as number, pattern, copies })),
    priceUsdPerHour: priceOf(model, better),
    boundUsdPerHour: volume.boundUsdPerHour,
    bound: "volume",
  };
}

/** The cheapest of four constructions; none of them wins everywhere. */
function construct(model: Model, volume: VolumeBound, effort: Effort): readonly Batch[] {
  const byPrice = binsByPrice(model);
  const large = volume.values.map((value, i) => value * (1 + 0.1 * relativeSize(model, i)));
  const plans = [
    fluidGuidedFit(model, volume, "direction", effort),
    fluidGuidedFit(model, volume, "tightness", effort),
    downsized(model, greedyCover(model, volume.values, model.counts, effort), byPrice),
    downsized(model, greedyCover(model, large, model.counts, effort), byPrice),
  ];
  return plans.reduce((best, plan) => (priceOf(model, plan) < priceOf(model, best) ? plan : best));
}

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
