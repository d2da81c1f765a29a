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
  effort.spend(order.length + 12);
  return pattern.sort(([a], [b]) => a - b);
}

/**
 * Fills one empty node so that its resources run out together: always the class whose request points most in the direction of the room
 * that is left (largest dot product of shares), a quarter of what would fit at a time.
 */
export function fillAligned(model: Model, bin: number, classes: ArrayLike<number>, left: Float64Array, bias: Float64Array | undefined, effort: Effort): Pattern {
  const { resourceCount: R, requests, free, most, classCount } = model;
  const room = free.slice(bin * R, bin * R + R);
  // Classes still in the running, with what is left of each; those that drop out move behind `open`.
  const running = new Int32Array(classes.length);
  const rest = new Float64Array(classes.length);
  const taken: number[] = [];
  let open = 0;
  for (let k = 0; k < classes.length; k++) {
    const podClass = classes[k] as number;
    if ((left[podClass] as number) <= 0 || (most[bin * classCount + podClass] as number) === 0) continue;
    rest[open] = left[podClass] as number;
    running[open++] = podClass;
  }
  const weight = new Float64Array(R);
  while (open > 0) {
    effort.spend(open + 6);
    for (let r = 0; r < R; r++) {
      const whole = Math.max(free[bin * R + r] as number, 1e-12);
      weight[r] = (room[r] as number) / whole / whole;
    }
    let best = -1;
    let chosen = -1;
    let kept = 0;
    for (let k = 0; k < open; k++) {
      const podClass = running[k] as number;
      const base = podClass * R;
      let score = 0;
      let r = 0;
      for (; r < R; r++) {
        const asked = requests[base + r] as number;
        // The same rounding as in counting how many fit.
        if (asked > 0 && (room[r] as number) < asked * (1 - ROUNDING)) break;
        score += (weight[r] as number) * asked;
      }
      if (r < R) continue;
      rest[kept] = rest[k] as number;
      running[kept] = podClass;
      if (bias !== undefined) score *= bias[podClass] as number;
      if (score > best) {
        best = score;
        chosen = kept;
      }
      kept++;
    }
    open = kept;
    if (chosen < 0) break;
    const podClass = running[chosen] as number;
    const pods = Math.ceil(fitting(model, room, podClass, rest[chosen] as number) / 4);
    take(model, room, podClass, pods);
    taken.push(podClass, pods);
    rest[chosen] = (rest[chosen] as number) - pods;
    if (pods === 0 || (rest[chosen] as number) <= 0) {
      open--;
      running[chosen] = running[open] as number;
      rest[chosen] = rest[open] as number;
    }
  }
  return summed(taken);
}

const ROUNDING = 1e-9;

/** Classes and pods in turn, as a pattern. */
function summed(taken: readonly number[]): Pattern {
  const pattern: [number, number][] = [];
  for (let k = 0; k < taken.length; k += 2) {
    const known = pattern.find(([podClass]) => podClass === taken[k]);
    if (known === undefined) pattern.push([taken[k] as number, taken[k + 1] as number]);
    else known[1] += taken[k + 1] as number;
  }
  return pattern.filter(([, pods]) => pods > 0).sort(([a], [b]) => a - b);
}
