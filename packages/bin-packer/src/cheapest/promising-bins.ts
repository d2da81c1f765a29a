import type { Effort } from "./effort.ts";
import type { GreedyCover } from "./greedy-cover.ts";
import type { Model } from "./model.ts";

/** Bins by how much their best fill is worth for its price, all pods being there to choose from; the most promising first. */
export function promisingBins(model: Model, cover: GreedyCover, values: Float64Array, counts: Float64Array, effort: Effort): Int32Array {
  const ratios = new Float64Array(model.binCount);
  cover.fills(values, counts, effort, {}, (bin, ratio) => (ratios[bin] = Math.max(ratios[bin] as number, ratio)));
  return Int32Array.from({ length: model.binCount }, (_, bin) => bin).sort((a, b) => (ratios[b] as number) - (ratios[a] as number) || a - b);
}

const CAREFUL_BINS = 30;
const CAREFUL_BINS_A_CLASS = 3;

/** The most promising bins, those the fluid opens, and the best few of every class. */
export function usefulBins(model: Model, promising: Int32Array, counts: Float64Array, opened: Float64Array): Int32Array {
  const served = new Uint8Array(model.classCount);
  return promising.filter((bin, rank) => {
    const classes = model.allowed[bin] as Int32Array;
    const serves = classes.some((i) => (counts[i] as number) > 0 && (served[i] as number) < CAREFUL_BINS_A_CLASS);
    if (!serves && rank >= CAREFUL_BINS && (opened[bin] as number) < 1e-6) return false;
    for (const i of classes) if ((served[i] as number) < CAREFUL_BINS_A_CLASS) served[i] = (served[i] as number) + 1;
    return true;
  });
}
