import { type DivisibleWorth, divisibleWorth, keptWorth } from "./divisible-worth.ts";
import type { Effort } from "./effort.ts";
import { FluidSimplex } from "./fluid-simplex.ts";
import type { Model } from "./model.ts";

/** An optimum of the fluid relaxation, or the best point reached within the limit. */
export interface FluidSolution {
  /** Bin by resource: USD an hour for one unit. */
  readonly resourcePrices: Float64Array;
  /** Nodes a bin, fractional. */
  readonly opened: Float64Array;
  /** How many pods of a class go on a bin, fractional; nothing but what is above zero. */
  readonly shares: readonly FluidShare[];
  readonly pivots: number;
}

export interface FluidShare {
  readonly bin: number;
  readonly podClass: number;
  readonly pods: number;
}

/**
 * The fluid relaxation as a linear programme: x pods of class i on bin t, z nodes of bin t,
 *
 *   minimise Σ p z   subject to   C z − Σ a x ≥ 0 for every bin and resource,   Σ x = d for every class.
 *
 * Few bins matter, so it starts with those that single classes like best and takes in others once a node of theirs, filled with pods cut
 * like cloth, would be worth more than it costs. Bins that stay outside have prices that prove it.
 */
export function solveFluid(model: Model, pivotLimit: number, effort?: Effort): FluidSolution {
  const { binCount, classCount, resourceCount: R, prices } = model;
  const simplex = new FluidSimplex(model);
  const resourcePrices = new Float64Array(binCount * R);
  for (;;) {
    const before = simplex.pivots;
    simplex.optimise(pivotLimit);
    const rows = simplex.bins.length * R;
    effort?.spend((simplex.pivots - before) * (rows * rows * 0.15 + rows * 4 + classCount * (2 + simplex.bins.length * 0.25)) + 100);
    const values = simplex.values();
    const wanted: { readonly bin: number; readonly gain: number; readonly fill: DivisibleWorth }[] = [];
    for (let bin = 0; bin < binCount; bin++) {
      if (simplex.isIn(bin) || (model.allowed[bin] as Int32Array).length === 0) continue;
      const fill = divisibleWorth(model, bin, values);
      for (let r = 0; r < R; r++) resourcePrices[bin * R + r] = Math.max(0, fill.prices[r] as number);
      const gain = fill.worth / (prices[bin] as number) - 1;
      if (gain > 1e-9) wanted.push({ bin, gain, fill: keptWorth(fill) });
    }
    effort?.spend((binCount - simplex.bins.length) * classCount * 4);
    if (wanted.length === 0 || simplex.pivots >= pivotLimit) break;
    wanted.sort((a, b) => b.gain - a.gain || a.bin - b.bin);
    simplex.admit(wanted.slice(0, Math.max(BINS_AT_ONCE, simplex.bins.length >> 1)));
  }
  for (const [local, bin] of simplex.bins.entries()) for (let r = 0; r < R; r++) resourcePrices[bin * R + r] = Math.max(0, simplex.prices[local * R + r] as number);
  return { resourcePrices, opened: simplex.opened(), shares: simplex.shares(), pivots: simplex.pivots };
}

const BINS_AT_ONCE = 6;
