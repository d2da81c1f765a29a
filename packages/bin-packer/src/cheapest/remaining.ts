import type { Model } from "./model.ts";

/** The model of the pods that are left, with the class of the whole model that each of its classes is. */
export interface Remaining {
  readonly model: Model;
  readonly classes: Int32Array;
}

export function remaining(model: Model, left: Float64Array): Remaining {
  const { resourceCount: R, binCount, classCount } = model;
  let count = 0;
  for (let i = 0; i < left.length; i++) if ((left[i] as number) > 0) count++;
  const classes = new Int32Array(count);
  count = 0;
  for (let i = 0; i < left.length; i++) if ((left[i] as number) > 0) classes[count++] = i;
  const requests = new Float64Array(count * R);
  classes.forEach((i, k) => requests.set(model.requests.subarray(i * R, i * R + R), k * R));
  const counts = Float64Array.from(classes, (i) => left[i] as number);
  const most = new Float64Array(binCount * count);
  const allowed = Array.from({ length: binCount }, (_, bin) => {
    const here = new Int32Array(count);
    let open = 0;
    for (let k = 0; k < count; k++) {
      const pods = Math.min(model.most[bin * classCount + (classes[k] as number)] as number, counts[k] as number);
      if (pods === 0) continue;
      most[bin * count + k] = pods;
      here[open++] = k;
    }
    return here.slice(0, open);
  });
  return { model: { ...model, classCount: count, requests, counts, allowed, limits: Float64Array.from(classes, (i) => model.limits[i] as number), most }, classes };
}
