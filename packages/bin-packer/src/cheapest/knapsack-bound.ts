import type { Effort } from "./effort.ts";
import type { Model, Pattern } from "./model.ts";

/** No node of the bin holds pods worth more than `upper`; the best one seen above the floor holds `pattern`, worth `value` (none: the floor). */
export interface KnapsackBound {
  readonly upper: number;
  readonly value: number;
  readonly pattern: Pattern;
}

const ROUNDING = 1e-9;

/**
 * Bounds the worth of one node of a bin at the given class values, from above by resource prices and from below by a node.
 *
 * With any prices μ ≥ 0 of the bin's resources, a node is worth at most μ·C + Σ most·max(0, value − μ·a): the prices are improved by turns
 * along each axis, and then a depth-first search over whole pods closes what it can within `nodeLimit`; both are valid whenever they stop.
 * Nodes worth no more than `floor` are of no interest: the search passes them by, and `upper` is not below it unless prices alone prove so.
 */
export function knapsackBound(model: Model, bin: number, values: Float64Array, startPrices: Float64Array, nodeLimit: number, effort: Effort, floor = 0): KnapsackBound {
  const { resourceCount: R, requests, free, most, classCount } = model;
  const classes = [...(model.allowed[bin] as Int32Array)].filter((i) => (values[i] as number) > 0);
  const room = free.slice(bin * R, bin * R + R);
  const prices = improved(startPrices);
  const surplus = (i: number): number => {
    let cost = 0;
    for (let r = 0; r < R; r++) cost += (prices[r] as number) * (requests[i * R + r] as number);
    return (values[i] as number) - cost;
  };
  // The most promising first: what the search takes early it takes well, and what comes late adds little to the bound.
  const gains = new Map(classes.map((i) => [i, surplus(i)]));
  const order = classes.sort((a, b) => (gains.get(b) as number) / (values[b] as number) - (gains.get(a) as number) / (values[a] as number) || a - b);
  const tail = new Float64Array(order.length + 1);
  for (let k = order.length - 1; k >= 0; k--) tail[k] = (tail[k + 1] as number) + Math.max(0, gains.get(order[k] as number) as number) * (most[bin * classCount + (order[k] as number)] as number);
  const worthOfRoom = (): number => {
    let worth = 0;
    for (let r = 0; r < R; r++) worth += (prices[r] as number) * (room[r] as number);
    return worth;
  };
  const relaxed = worthOfRoom() + (tail[0] as number);

  let best = floor;
  let bestTaken: number[] = [];
  const taken: number[] = order.map(() => 0);
  let visited = 0;
  // What the search had to leave open when the limit struck.
  let open = 0;
  search(0, 0);
  effort.spend(visited * 4);
  return { upper: Math.min(relaxed, Math.max(best, open)), value: best, pattern: bestTaken.flatMap((pods, k): [number, number][] => (pods > 0 ? [[order[k] as number, pods]] : [])).sort(([a], [b]) => a - b) };

  function search(k: number, value: number): void {
    if (value > best) {
      best = value;
      bestTaken = taken.slice();
    }
    if (k === order.length) return;
    const reach = value + worthOfRoom() + (tail[k] as number);
    if (reach <= best + ROUNDING * best) return;
    if (++visited > nodeLimit) {
      open = Math.max(open, reach);
      return;
    }
    const podClass = order[k] as number;
    let fit = most[bin * classCount + podClass] as number;
    for (let r = 0; r < R; r++) {
      const asked = requests[podClass * R + r] as number;
      if (asked > 0) fit = Math.min(fit, Math.floor((room[r] as number) / asked + ROUNDING));
    }
    for (let pods = fit; pods >= 0; pods--) {
      taken[k] = pods;
      for (let r = 0; r < R; r++) room[r] = (room[r] as number) - pods * (requests[podClass * R + r] as number);
      search(k + 1, value + pods * (values[podClass] as number));
      for (let r = 0; r < R; r++) room[r] = (room[r] as number) + pods * (requests[podClass * R + r] as number);
    }
    taken[k] = 0;
  }

  /** Descends the convex, piecewise linear bound along the axes and along trades between two resources; each turn is exact along its line. */
  function improved(start: Float64Array): Float64Array {
    const current = start.slice();
    const turns = directions();
    for (let round = 0; round < 3; round++) for (const turn of turns) descend(current, turn);
    return current;
  }

  function directions(): Float64Array[] {
    const unit = Array.from({ length: R }, (_, r) => (model.prices[bin] as number) / Math.max(free[bin * R + r] as number, 1e-12));
    const axes = unit.map((step, r) => Float64Array.from({ length: R }, (_, k) => (k === r ? step : 0)));
    const trades = unit.flatMap((gain, r) => unit.slice(0, r).map((loss, q) => Float64Array.from({ length: R }, (_, k) => (k === r ? gain : k === q ? -loss : 0))));
    return [...axes, ...trades];
  }

  function descend(current: Float64Array, turn: Float64Array): void {
    effort.spend(classes.length * 3);
    let low = -Infinity;
    let high = Infinity;
    let slope = 0;
    for (let r = 0; r < R; r++) {
      const step = turn[r] as number;
      slope += step * (free[bin * R + r] as number);
      if (step > 0) low = Math.max(low, -(current[r] as number) / step);
      if (step < 0) high = Math.min(high, -(current[r] as number) / step);
    }
    const breaks: { at: number; jump: number }[] = [];
    for (const i of classes) {
      let cost = 0;
      let along = 0;
      for (let r = 0; r < R; r++) {
        cost += (current[r] as number) * (requests[i * R + r] as number);
        along += (turn[r] as number) * (requests[i * R + r] as number);
      }
      if (Math.abs(along) < 1e-15) continue;
      const pods = most[bin * classCount + i] as number;
      if (along > 0) slope -= pods * along;
      breaks.push({ at: ((values[i] as number) - cost) / along, jump: pods * Math.abs(along) });
    }
    breaks.sort((a, b) => a.at - b.at);
    let at = low;
    for (const { at: next, jump } of breaks) {
      if (slope >= 0) break;
      at = next;
      slope += jump;
    }
    if (slope < 0) at = high;
    at = Math.min(high, Math.max(low, at));
    if (!Number.isFinite(at)) return;
    for (let r = 0; r < R; r++) current[r] = Math.max(0, (current[r] as number) + at * (turn[r] as number));
  }
}
