import type { Effort } from "./effort.ts";
import { greedyCover } from "./greedy-cover.ts";
import type { Batch, Model, Pattern } from "./model.ts";
import { binsByPrice, cheapestBin, fitting } from "./node-load.ts";
import type { VolumeBound } from "./volume-bound.ts";

/**
 * Opens the whole nodes of the fluid optimum and spreads the classes over them, largest first, each where its request points most in the
 * direction of the room (`direction`) or where it leaves the least stranded (`tightness`); the rest is covered greedily.
 */
export function fluidGuidedFit(model: Model, { values, opened }: VolumeBound, mode: "direction" | "tightness", effort: Effort): Batch[] {
  const { resourceCount: R, requests, free, counts, classCount, most } = model;
  const bins = [...opened].flatMap((nodes, bin) => Array.from({ length: Math.floor(nodes + 1e-9) }, () => bin));
  const left = counts.slice();
  const loads: Map<number, number>[] = bins.map(() => new Map());
  if (bins.length > 0) {
    const rooms = bins.map((bin) => free.slice(bin * R, bin * R + R));
    const total = new Float64Array(R);
    for (const bin of bins) for (let r = 0; r < R; r++) total[r] = (total[r] as number) + (free[bin * R + r] as number);
    const size = (i: number): number => {
      let largest = 0;
      for (let r = 0; r < R; r++) largest = Math.max(largest, (requests[i * R + r] as number) / (total[r] as number));
      return largest;
    };
    const order = Array.from({ length: classCount }, (_, i) => i).sort((a, b) => size(b) - size(a) || a - b);
    for (const podClass of order) spread(podClass);

    function spread(podClass: number): void {
      let need = left[podClass] as number;
      while (need > 0) {
        effort.spend(bins.length * 2);
        const found: { node: number; score: number; fit: number }[] = [];
        for (let node = 0; node < bins.length; node++) {
          const bin = bins[node] as number;
          if ((most[bin * classCount + podClass] as number) === 0) continue;
          const fit = fitting(model, rooms[node] as Float64Array, podClass, need);
          if (fit > 0) found.push({ node, score: scoreOf(rooms[node] as Float64Array, bin, podClass), fit });
        }
        if (found.length === 0) break;
        found.sort((a, b) => a.score - b.score || a.node - b.node);
        const portion = Math.max(1, Math.ceil(need / bins.length));
        for (const { node, fit } of found) {
          const pods = Math.min(fit, portion, need);
          if (pods <= 0) break;
          const room = rooms[node] as Float64Array;
          for (let r = 0; r < R; r++) room[r] = (room[r] as number) - pods * (requests[podClass * R + r] as number);
          (loads[node] as Map<number, number>).set(podClass, ((loads[node] as Map<number, number>).get(podClass) ?? 0) + pods);
          need -= pods;
        }
      }
      left[podClass] = need;
    }
  }

  /** Smaller is better. Pods counts are left out of the direction: they are rarely what runs short. */
  function scoreOf(room: Float64Array, bin: number, podClass: number): number {
    let dot = 0;
    let roomNorm = 0;
    let askedNorm = 0;
    let slack = -Infinity;
    for (let r = 0; r < R; r++) {
      const scale = 1 / (free[bin * R + r] as number);
      const have = (room[r] as number) * scale;
      const asked = (requests[podClass * R + r] as number) * scale;
      slack = Math.max(slack, have - asked);
      if (r === R - 1) continue;
      dot += have * asked;
      roomNorm += have * have;
      askedNorm += asked * asked;
    }
    const cosine = dot / Math.max(Math.sqrt(roomNorm * askedNorm), 1e-12);
    return mode === "direction" ? -cosine : slack - 2 * cosine;
  }

  const byPrice = binsByPrice(model);
  const placed = loads.flatMap((load): Batch[] => {
    const pattern: Pattern = [...load].sort(([a], [b]) => a - b);
    return pattern.length === 0 ? [] : [{ bin: cheapestBin(model, byPrice, pattern), pattern, copies: 1 }];
  });
  return [...placed, ...downsized(model, greedyCover(model, values, left, effort), byPrice)];
}

/** Each node as the cheapest bin that holds its pods. */
export function downsized(model: Model, plan: readonly Batch[], byPrice: Int32Array): Batch[] {
  return plan.map((batch) => ({ ...batch, bin: cheapestBin(model, byPrice, batch.pattern) }));
}
