import type { Effort } from "./effort.ts";
import { type FluidShare, solveFluid } from "./fluid-lp.ts";
import { dealt, gathered } from "./gathered.ts";
import type { Model } from "./model.ts";

/** What the fluid relaxation says: nothing is cheaper than `bound`, what a pod of each class is worth, and which bins it opens. */
export interface VolumeBound {
  readonly boundUsdPerHour: number;
  /** USD an hour a pod of the class; their sum over all pods is the bound. */
  readonly values: Float64Array;
  /** Nodes a bin, fractional. */
  readonly opened: Float64Array;
  /** Where it puts the pods, in fractions. */
  readonly shares: readonly FluidShare[];
  /** Bin by resource: USD an hour for one unit. */
  readonly resourcePrices: Float64Array;
}

/**
 * The fluid bound: classes spread fractionally over fractions of nodes.
 *
 * Whatever the search ends with, the bound is its own proof: resource prices are scaled so that a bin's resources together are worth no
 * more than its price; a pod's value is the least its resources cost on any bin that allows it; then no node can hold more value than
 * it costs, and the values of all pods together bound every plan from below (weak duality).
 */
export function volumeBound(model: Model, effort?: Effort): VolumeBound {
  // Prices of resources do not depend on small differences between pods, and what they prove is proved for each class itself.
  const few = gathered(model);
  const { resourcePrices, opened, shares: found } = solveFluid(few?.model ?? model, MOST_PIVOTS, effort);
  const shares = few === undefined ? found : dealt(few, model, found);
  const values = certifiedValues(model, resourcePrices);
  let bound = 0;
  for (let i = 0; i < values.length; i++) bound += (values[i] as number) * (model.counts[i] as number);
  return { boundUsdPerHour: bound, values, opened, shares, resourcePrices };
}

const MOST_PIVOTS = 20_000;

/** Values that are feasible duals whatever the resource prices are. */
export function certifiedValues({ classCount, binCount, resourceCount: R, requests, free, prices, allowed }: Model, resourcePrices: Float64Array): Float64Array {
  const values = new Float64Array(classCount).fill(Infinity);
  for (let bin = 0; bin < binCount; bin++) {
    let worth = 0;
    for (let r = 0; r < R; r++) worth += Math.max(0, resourcePrices[bin * R + r] as number) * (free[bin * R + r] as number);
    const scale = worth > 0 ? Math.min(1, (prices[bin] as number) / worth) : 1;
    for (const i of allowed[bin] as Int32Array) {
      let cost = 0;
      for (let r = 0; r < R; r++) cost += Math.max(0, resourcePrices[bin * R + r] as number) * (requests[i * R + r] as number);
      values[i] = Math.min(values[i] as number, cost * scale);
    }
  }
  return values.map((value) => (Number.isFinite(value) ? value : 0));
}
