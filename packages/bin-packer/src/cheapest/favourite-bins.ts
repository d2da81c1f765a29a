import type { Model } from "./model.ts";

/** For each class the bin it is cheapest on by its largest share of a node, as if it paid for nothing else; -1 for a class without any. */
export function favouriteBins({ classCount, resourceCount: R, requests, free, prices, allowed }: Model): Int32Array {
  const favourite = new Int32Array(classCount).fill(-1);
  const least = new Float64Array(classCount).fill(Infinity);
  allowed.forEach((classes, bin) => {
    for (const i of classes) {
      let largest = 0;
      for (let r = 0; r < R; r++) largest = Math.max(largest, (requests[i * R + r] as number) / (free[bin * R + r] as number));
      const cost = largest * (prices[bin] as number);
      if (cost < (least[i] as number)) {
        least[i] = cost;
        favourite[i] = bin;
      }
    }
  });
  return favourite;
}
