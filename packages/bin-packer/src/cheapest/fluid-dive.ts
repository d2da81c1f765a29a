import type { Effort } from "./effort.ts";
import type { GreedyCover } from "./greedy-cover.ts";
import type { Batch, Model } from "./model.ts";
import { fitting, take } from "./node-load.ts";
import { promisingBins, usefulBins } from "./promising-bins.ts";
import { remaining } from "./remaining.ts";
import { type VolumeBound, volumeBound } from "./volume-bound.ts";

/**
 * Follows the fluid optimum down: of every bin it opens, a part of the whole nodes is filled with the mix of pods that the optimum puts
 * there, then it is solved anew for the pods that are left. Where no bin is opened a whole time any more, the rest is covered greedily.
 *
 * What rounding does to one node the next optimum takes into account, so nothing piles up. `part` is how much of the nodes to take at a time.
 */
export function fluidDive(model: Model, first: VolumeBound, part: number, cover: GreedyCover, effort: Effort): Batch[] {
  const { classCount, resourceCount: R, free, prices, limits } = model;
  const left = model.counts.slice();
  const plan: Batch[] = [];
  let fluid = first;
  let classes: ArrayLike<number> = Int32Array.from({ length: classCount }, (_, i) => i);
  for (;;) {
    const values = new Float64Array(classCount);
    for (let k = 0; k < classes.length; k++) values[classes[k] as number] = fluid.values[k] as number;
    const { opened, shares } = fluid;
    const bins = Array.from(opened.keys()).filter((bin) => (opened[bin] as number) >= 1).sort((a, b) => (opened[b] as number) * (prices[b] as number) - (opened[a] as number) * (prices[a] as number) || a - b);
    let worth = 0;
    let price = 0;
    for (let i = 0; i < classCount; i++) worth += (values[i] as number) * (left[i] as number);
    for (const bin of bins) {
      const nodes = opened[bin] as number;
      const count = Math.max(1, Math.floor(nodes * part));
      const mix = shares.flatMap((share): Mix[] => (share.bin === bin ? [{ podClass: classes[share.podClass] as number, each: share.pods / nodes }] : []));
      fill(bin, count, mix);
      price += (prices[bin] as number) * count;
    }
    for (let i = 0; i < classCount; i++) worth -= (values[i] as number) * (left[i] as number);
    // Where limits leave nodes half empty, the fluid knows nothing of what nodes are to be like.
    if (bins.length === 0 || worth < price / 2) return [...plan, ...cover.cover(values, left, effort, { eager: effort, bins: usefulBins(model, promisingBins(model, cover, values, left, effort), left, opened) })];
    const rest = remaining(model, left);
    if (rest.classes.length === 0) return plan;
    fluid = volumeBound(rest.model, effort);
    classes = rest.classes;
  }

  /** So many nodes of the bin, each with its mix as far as whole pods go: what all of them get, then the rest by turns, then what else fits. */
  function fill(bin: number, count: number, mix: Mix[]): void {
    const copies = Math.max(1, Math.floor(count / MOST_UNLIKE));
    const unlike = Math.floor(count / copies);
    const rooms = Array.from({ length: unlike }, () => free.slice(bin * R, bin * R + R));
    const loads = rooms.map(() => new Map<number, number>());
    const put = (node: number, podClass: number, pods: number): void => {
      take(model, rooms[node] as Float64Array, podClass, pods);
      const load = loads[node] as Map<number, number>;
      load.set(podClass, (load.get(podClass) ?? 0) + pods);
      left[podClass] = (left[podClass] as number) - pods * copies;
    };
    const hasRoomByLimit = (node: number, podClass: number): boolean => limits[podClass] === Infinity || ((loads[node] as Map<number, number>).get(podClass) ?? 0) < (limits[podClass] as number);
    for (const { podClass, each } of mix) {
      const whole = Math.floor(each + 1e-6);
      if (whole > 0) for (let node = 0; node < unlike; node++) put(node, podClass, fitting(model, rooms[node] as Float64Array, podClass, Math.min(whole, Math.floor((left[podClass] as number) / copies), limits[podClass] as number)));
    }
    const size = (i: number): number => {
      let largest = 0;
      for (let r = 0; r < R; r++) largest = Math.max(largest, (model.requests[i * R + r] as number) / (free[bin * R + r] as number));
      return largest;
    };
    for (const { podClass, each } of mix.sort((a, b) => size(b.podClass) - size(a.podClass) || a.podClass - b.podClass)) {
      const over = (each - Math.floor(each + 1e-6)) * unlike;
      for (let pods = Math.min(Math.floor((left[podClass] as number) / copies), Math.round(over)); pods > 0; pods--) {
        let best = -Infinity;
        let chosen = -1;
        for (let node = 0; node < unlike; node++) {
          const fit = closeness(rooms[node] as Float64Array, bin, podClass);
          if (fit.holds && hasRoomByLimit(node, podClass) && fit.cosine + 0.3 * fit.roomNorm > best) {
            best = fit.cosine + 0.3 * fit.roomNorm;
            chosen = node;
          }
        }
        effort.spend(unlike * 2);
        if (chosen < 0) break;
        put(chosen, podClass, 1);
      }
    }
    const allowed = model.allowed[bin] as Int32Array;
    rooms.forEach((room, node) => {
      for (;;) {
        let best = 0;
        let chosen = -1;
        for (let k = 0; k < allowed.length; k++) {
          const podClass = allowed[k] as number;
          if ((left[podClass] as number) < copies) continue;
          const fit = closeness(room, bin, podClass);
          const square = fit.cosine * fit.cosine;
          const score = square * square * fit.filled;
          if (fit.holds && score > best && hasRoomByLimit(node, podClass)) {
            best = score;
            chosen = podClass;
          }
        }
        effort.spend(allowed.length);
        if (chosen < 0) break;
        put(node, chosen, 1);
      }
    });
    for (const load of loads) if (load.size > 0) plan.push({ bin, pattern: [...load].filter(([, pods]) => pods > 0).sort(([a], [b]) => a - b), copies });
  }

  /** How a pod's request lies to the room left on a node: in shares of the node, all resources but the last, which is the count of pods. */
  function closeness(room: Float64Array, bin: number, podClass: number): Closeness {
    const { requests } = model;
    let dot = 0;
    let roomNorm = 0;
    let askedNorm = 0;
    for (let r = 0; r < R; r++) {
      const asked = requests[podClass * R + r] as number;
      if (asked > (room[r] as number) * (1 + 1e-9)) {
        answer.holds = false;
        return answer;
      }
      if (r === R - 1) continue;
      const whole = free[bin * R + r] as number;
      const [have, share] = [(room[r] as number) / whole, asked / whole];
      dot += have * share;
      roomNorm += have * have;
      askedNorm += share * share;
    }
    answer.holds = true;
    answer.cosine = dot / Math.sqrt(roomNorm * askedNorm + 1e-300);
    answer.roomNorm = Math.sqrt(roomNorm);
    answer.filled = Math.sqrt(askedNorm / (roomNorm + 1e-300));
    return answer;
  }
}

/** Beyond so many nodes of a bin, several get the same pods: a million nodes are not looked at one by one. */
const MOST_UNLIKE = 512;

interface Mix {
  readonly podClass: number;
  readonly each: number;
}

interface Closeness {
  holds: boolean;
  cosine: number;
  roomNorm: number;
  filled: number;
}

/** Written by each look at a pod and a node, read at once. */
const answer: Closeness = { holds: false, cosine: 0, roomNorm: 0, filled: 0 };
