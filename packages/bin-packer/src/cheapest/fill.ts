import type { Effort } from "./effort.ts";
import type { Model, Pattern } from "./model.ts";
import { fitting, take } from "./node-load.ts";

/** Fills one empty node of the bin with the classes in the order given, as many pods of each as are left and fit. */
export function fillInOrder(model: Model, bin: number, order: ArrayLike<number>, left: Float64Array, effort: Effort): Pattern {
  const R = model.resourceCount;
  const room = model.free.slice(bin * R, bin * R + R);
  const pattern: [number, number][] = [];
  for (let k = 0; k < order.length; k++) {
    const podClass = order[k] as number;
    const available = left[podClass] as number;
    if (available <= 0 || (model.most[bin * model.classCount + podClass] as number) === 0) continue;
    const pods = fitting(model, room, podClass, available);
    if (pods === 0) continue;
    take(model, room, podClass, pods);
    pattern.push([podClass, pods]);
  }
  effort.spend(order.length);
  return pattern.sort(([a], [b]) => a - b);
}

/**
 * Fills one empty node so that its resources run out together: always the class whose request points most in the direction of the room
 * that is left (largest dot product of shares), a quarter of what would fit at a time.
 */
export function fillAligned(model: Model, bin: number, classes: ArrayLike<number>, left: Float64Array, bias: Float64Array | undefined, effort: Effort): Pattern {
  const { resourceCount: R, requests, free, most, classCount } = model;
  const room = free.slice(bin * R, bin * R + R);
  const taken = new Map<number, number>();
  let open: number[] = [];
  for (let k = 0; k < classes.length; k++) {
    const podClass = classes[k] as number;
    if ((left[podClass] as number) > 0 && (most[bin * classCount + podClass] as number) > 0) open.push(podClass);
  }
  const inverse = new Float64Array(R);
  for (let r = 0; r < R; r++) inverse[r] = 1 / Math.max(free[bin * R + r] as number, 1e-12);
  const weight = new Float64Array(R);
  while (open.length > 0) {
    effort.spend(open.length);
    for (let r = 0; r < R; r++) weight[r] = (room[r] as number) * (inverse[r] as number) * (inverse[r] as number);
    let best = -1;
    let chosen = -1;
    let kept = 0;
    for (const podClass of open) {
      if (fitting(model, room, podClass, 1) === 0 || (taken.get(podClass) ?? 0) >= (left[podClass] as number)) continue;
      open[kept++] = podClass;
      let score = 0;
      for (let r = 0; r < R; r++) score += (weight[r] as number) * (requests[podClass * R + r] as number);
      if (bias !== undefined) score *= bias[podClass] as number;
      if (score > best) {
        best = score;
        chosen = podClass;
      }
    }
    open.length = kept;
    if (chosen < 0) break;
    const fit = fitting(model, room, chosen, (left[chosen] as number) - (taken.get(chosen) ?? 0));
    const pods = Math.ceil(fit / 4);
    take(model, room, chosen, pods);
    taken.set(chosen, (taken.get(chosen) ?? 0) + pods);
  }
  return [...taken].sort(([a], [b]) => a - b);
}
