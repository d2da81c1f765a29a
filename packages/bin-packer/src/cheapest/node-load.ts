import type { Batch, Model, Pattern } from "./model.ts";

const ROUNDING = 1e-9;

/** How many pods of the class still fit a room, at most `limit`. */
export function fitting({ requests, resourceCount: R }: Model, room: Float64Array, podClass: number, limit: number): number {
  let fit = limit;
  const base = podClass * R;
  for (let r = 0; r < R; r++) {
    const asked = requests[base + r] as number;
    if (asked > 0) {
      const whole = Math.floor((room[r] as number) / asked + ROUNDING);
      if (whole < fit) fit = whole;
      if (fit <= 0) return 0;
    }
  }
  return fit;
}

export function take({ requests, resourceCount: R }: Model, room: Float64Array, podClass: number, pods: number): void {
  for (let r = 0; r < R; r++) room[r] = (room[r] as number) - pods * (requests[podClass * R + r] as number);
}

/** What the pods of a pattern ask for together. */
export function demandOf(model: Model, pattern: Pattern): Float64Array {
  const demand = new Float64Array(model.resourceCount);
  for (const [podClass, pods] of pattern) for (let r = 0; r < demand.length; r++) demand[r] = (demand[r] as number) + pods * (model.requests[podClass * demand.length + r] as number);
  return demand;
}

/** The cheapest bin that allows and holds the pods; bins are tried in the order given, cheapest first. */
export function cheapestBin(model: Model, byPrice: Int32Array, pattern: Pattern): number {
  const demand = demandOf(model, pattern);
  const { resourceCount: R, free, most, classCount } = model;
  for (const bin of byPrice) {
    let holds = true;
    for (let r = 0; r < R && holds; r++) holds = (demand[r] as number) <= (free[bin * R + r] as number) + ROUNDING * (free[bin * R + r] as number);
    if (holds && pattern.every(([podClass]) => (most[bin * classCount + podClass] as number) > 0)) return bin;
  }
  return -1;
}

/** Bins by price, then by number. */
export function binsByPrice({ prices, binCount }: Model): Int32Array {
  return Int32Array.from({ length: binCount }, (_, bin) => bin).sort((a, b) => (prices[a] as number) - (prices[b] as number) || a - b);
}

export function worthOf(pattern: Pattern, values: Float64Array): number {
  let worth = 0;
  for (const [podClass, pods] of pattern) worth += pods * (values[podClass] as number);
  return worth;
}

/** Each node as the cheapest bin that holds its pods. */
export function downsized(model: Model, plan: readonly Batch[], byPrice: Int32Array): Batch[] {
  return plan.map((batch) => ({ ...batch, bin: cheapestBin(model, byPrice, batch.pattern) }));
}
