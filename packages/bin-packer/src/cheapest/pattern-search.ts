import { divisibleWorth } from "./divisible-worth.ts";
import type { Effort } from "./effort.ts";
import type { Model, Pattern } from "./model.ts";
import type { Random } from "./random.ts";

/**
 * Looks depth first for whole pods on one node of the bin that are worth more than `target`, with the prices at which pods cut like cloth fill it
 * best: at them no pod is worth more than it costs, so that a mix whose losses add up to more than there is to lose cannot come out above.
 *
 * Undefined where there is none, or none was found within `looks`; shaken orders look elsewhere first.
 */
export function searchPattern(model: Model, bin: number, values: Float64Array, left: Float64Array, target: number, looks: number, effort: Effort, random: Random): Pattern | undefined {
  const { resourceCount: R, classCount, requests, most, free } = model;
  const { worth, prices } = divisibleWorth(model, bin, values);
  const classes: { readonly podClass: number; readonly loss: number; readonly rank: number }[] = [];
  const allowed = model.allowed[bin] as Int32Array;
  effort.spend(allowed.length * 12);
  if (worth <= target) return undefined;
  for (let k = 0; k < allowed.length; k++) {
    const podClass = allowed[k] as number;
    const value = values[podClass] as number;
    if (value <= 0 || (left[podClass] as number) <= 0) continue;
    let loss = -value;
    for (let r = 0; r < R; r++) loss += (prices[r] as number) * (requests[podClass * R + r] as number);
    if (loss < worth - target) classes.push({ podClass, loss: Math.max(0, loss), rank: loss / value + 0.02 * random.normal() });
  }
  classes.sort((a, b) => a.rank - b.rank || a.podClass - b.podClass);
  const n = classes.length;
  const room = free.slice(bin * R, bin * R + R);
  const asks = new Float64Array(n * R);
  const losses = new Float64Array(n);
  const limits = new Float64Array(n);
  // The least that the classes from here on ask of each resource: room below that is lost.
  const least = new Float64Array((n + 1) * R).fill(Infinity);
  for (let k = n - 1; k >= 0; k--) {
    const { podClass, loss } = classes[k] as { podClass: number; loss: number };
    losses[k] = loss;
    limits[k] = Math.min(most[bin * classCount + podClass] as number, left[podClass] as number);
    for (let r = 0; r < R; r++) {
      asks[k * R + r] = requests[podClass * R + r] as number;
      least[k * R + r] = Math.min(least[(k + 1) * R + r] as number, asks[k * R + r] as number);
    }
  }
  const taken = new Int32Array(n);
  let best: Int32Array | undefined;
  let highest = target;
  let seen = 0;
  descend(0, 0);
  effort.spend(seen * 3);
  if (best === undefined) return undefined;
  const pattern: (readonly [number, number])[] = [];
  best.forEach((pods, k) => {
    if (pods > 0) pattern.push([(classes[k] as { podClass: number }).podClass, pods]);
  });
  return pattern.sort(([a], [b]) => a - b);

  function descend(k: number, lost: number): void {
    let stranded = lost;
    let closed = k === n;
    for (let r = 0; r < R; r++) if (closed || (room[r] as number) < (least[k * R + r] as number)) closed = true;
    if (closed) {
      for (let r = 0; r < R; r++) stranded += (prices[r] as number) * (room[r] as number);
      if (worth - stranded > highest * (1 + 1e-9)) {
        highest = worth - stranded;
        best = taken.slice();
      }
      return;
    }
    let fit = limits[k] as number;
    const base = k * R;
    for (let r = 0; r < R; r++) {
      const asked = asks[base + r] as number;
      if (asked > 0 && asked * fit > (room[r] as number) * (1 + 1e-9)) fit = Math.floor((room[r] as number) / asked + 1e-9);
    }
    const loss = losses[k] as number;
    if (loss > 0) fit = Math.min(fit, Math.floor((worth - highest - lost) / loss));
    for (let pods = fit; pods >= 0; pods--) {
      if (++seen > looks) return;
      if (worth - lost - loss * pods <= highest) continue;
      taken[k] = pods;
      for (let r = 0; r < R; r++) room[r] = (room[r] as number) - pods * (asks[base + r] as number);
      descend(k + 1, lost + loss * pods);
      for (let r = 0; r < R; r++) room[r] = (room[r] as number) + pods * (asks[base + r] as number);
    }
    taken[k] = 0;
  }
}
