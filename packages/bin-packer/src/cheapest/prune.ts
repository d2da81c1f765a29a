import { type Model, makeModel } from "./model.ts";

/** The model without bins that another bin beats: no dearer, no smaller in anything, and open to all the same classes. */
export function prune(model: Model): { readonly model: Model; readonly kept: Int32Array } {
  const { binCount, classCount, resourceCount: R, free, prices, allowed, requests, counts } = model;
  const masks = allowed.map((classes) => {
    const mask = new Uint32Array((classCount + 31) >> 5);
    for (const i of classes) mask[i >> 5] = (mask[i >> 5] as number) | (1 << (i & 31));
    return mask;
  });
  const size = (bin: number): number => {
    let sum = 0;
    for (let r = 0; r < R; r++) sum += free[bin * R + r] as number;
    return sum;
  };
  const order = Array.from({ length: binCount }, (_, bin) => bin).sort((a, b) => (prices[a] as number) - (prices[b] as number) || size(b) - size(a) || a - b);
  const kept: number[] = [];
  for (const bin of order) {
    if ((allowed[bin] as Int32Array).length === 0) continue;
    const beaten = kept.some((other) => {
      for (let r = 0; r < R; r++) if ((free[other * R + r] as number) < (free[bin * R + r] as number)) return false;
      const [mine, theirs] = [masks[bin] as Uint32Array, masks[other] as Uint32Array];
      return mine.every((word, k) => (word & ~(theirs[k] as number)) === 0);
    });
    if (!beaten) kept.push(bin);
  }
  const row = (matrix: Float64Array, index: number): number[] => [...matrix.subarray(index * R, index * R + R)];
  const pruned = makeModel({
    requests: Array.from({ length: classCount }, (_, i) => row(requests, i)),
    counts: [...counts],
    limits: [...model.limits],
    free: kept.map((bin) => row(free, bin)),
    prices: kept.map((bin) => prices[bin] as number),
    allows: (index, i) => (((masks[kept[index] as number] as Uint32Array)[i >> 5] as number) >>> (i & 31)) % 2 === 1,
  });
  return { model: pruned, kept: Int32Array.from(kept) };
}
