import type { Effort } from "./effort.ts";
import { type GreedyCover, QUICK_FILLS } from "./greedy-cover.ts";
import type { Batch, Model, Pattern } from "./model.ts";
import { binsByPrice, cheapestBin, worthOf } from "./node-load.ts";
import { promisingBins } from "./promising-bins.ts";
import type { Random } from "./random.ts";

interface Node {
  readonly bin: number;
  readonly pattern: Pattern;
  /** Price less what its pods are worth. */
  readonly waste: number;
}

/**
 * Opens a few nodes, wasteful ones first, packs their pods anew with shaken orders and keeps what is no dearer, or hardly so (Schrimpf et al. 2000);
 * the cheapest plan on the way is the answer.
 *
 * Goes on until the effort is spent or the plan costs the bound.
 */
export function ruinAndRecreate(model: Model, plan: readonly Batch[], values: Float64Array, boundUsdPerHour: number, cover: GreedyCover, effort: Effort, random: Random): Batch[] {
  const byPrice = binsByPrice(model);
  const toNode = (bin: number, pattern: Pattern): Node => ({ bin, pattern, waste: Math.max(0, (model.prices[bin] as number) - worthOf(pattern, values)) });
  const nodes = plan.flatMap(({ bin, pattern, copies }) => Array.from({ length: copies }, () => toNode(bin, pattern)));
  let price = nodes.reduce((sum, { bin }) => sum + (model.prices[bin] as number), 0);
  const choice = new BinChoice(model, promisingBins(model, cover, values, model.counts, effort), random);
  let cheapest = price;
  let best: readonly Node[] = nodes.slice();
  const left = new Float64Array(model.classCount);
  const shaken = new Float64Array(model.classCount);
  while (effort.isLeft && nodes.length > 1 && price > boundUsdPerHour * (1 + 1e-6)) {
    const count = Math.min(nodes.length, 2 + Math.floor(random.next() * 5));
    const picked = pick(nodes, count, random);
    let before = 0;
    for (const index of picked) {
      const { bin, pattern } = nodes[index] as Node;
      before += model.prices[bin] as number;
      for (const [podClass, pods] of pattern) {
        left[podClass] = (left[podClass] as number) + pods;
        shaken[podClass] = 0;
      }
    }
    let stillLeft = 0;
    for (const index of picked) {
      for (const [podClass, pods] of (nodes[index] as Node).pattern) {
        stillLeft += pods;
        if (shaken[podClass] === 0) shaken[podClass] = (values[podClass] as number) * Math.max(0.2, 1 + random.normal() * 0.03);
      }
    }
    const bins = choice.of(left, before);
    const rebuilt = cover.cover(shaken, left, effort, { bins, kinds: QUICK_FILLS, noise: { random, deviation: 0.15 } });
    effort.spend(400 + count * 60);
    let after = 0;
    const made: Node[] = [];
    for (const { pattern, copies } of rebuilt) {
      const bin = cheapestBin(model, byPrice, pattern);
      after += (model.prices[bin] as number) * copies;
      for (const [, pods] of pattern) stillLeft -= pods * copies;
      for (let copy = 0; copy < copies; copy++) made.push(toNode(bin, pattern));
    }
    for (const index of picked) for (const [podClass] of (nodes[index] as Node).pattern) left[podClass] = 0;
    if (stillLeft > 0 || after > before + (SLACK * price * random.next() * random.next()) / nodes.length + 1e-9) continue;
    price += after - before;
    for (const index of picked.sort((a, b) => b - a)) {
      nodes[index] = nodes.at(-1) as Node;
      nodes.pop();
    }
    nodes.push(...made);
    if (price < cheapest - 1e-9) {
      cheapest = price;
      best = nodes.slice();
    }
  }
  return best.map(({ bin, pattern }) => ({ bin, pattern, copies: 1 }));
}

/** How much dearer a step may be, in average nodes; small, or the search goes astray. */
const SLACK = 0.03;
const OTHER_BINS = 8;
const BINS_A_CLASS = 3;

/** Bins worth a try for some pods: the most promising of every class, and others by chance. */
class BinChoice {
  readonly #model: Model;
  readonly #random: Random;
  /** The bins that hold a class, the most promising first. */
  readonly #bins: readonly Int32Array[];
  readonly #chosen: Int32Array;
  #round = 0;

  constructor(model: Model, promising: Int32Array, random: Random) {
    this.#model = model;
    this.#random = random;
    this.#bins = Array.from({ length: model.classCount }, (_, i) => promising.filter((bin) => (model.most[bin * model.classCount + i] as number) > 0));
    this.#chosen = new Int32Array(model.binCount);
  }

  /** Bins that cost no more than all the opened nodes together. */
  of(left: Float64Array, priceUsdPerHour: number): number[] {
    const { prices } = this.#model;
    const most = priceUsdPerHour * 1.0001;
    const chosen: number[] = [];
    const open: number[] = [];
    this.#round++;
    for (let i = 0; i < left.length; i++) {
      if ((left[i] as number) <= 0) continue;
      open.push(i);
      const bins = this.#bins[i] as Int32Array;
      let taken = 0;
      for (let rank = 0; rank < bins.length && taken < BINS_A_CLASS; rank++) {
        const bin = bins[rank] as number;
        if ((prices[bin] as number) > most) continue;
        taken++;
        if (this.#chosen[bin] === this.#round) continue;
        this.#chosen[bin] = this.#round;
        chosen.push(bin);
      }
    }
    for (let other = 0; other < OTHER_BINS; other++) {
      const bins = this.#bins[open[Math.floor(this.#random.next() * open.length)] as number] as Int32Array;
      const u = this.#random.next();
      const bin = bins[Math.floor(u * u * bins.length)] as number;
      if ((prices[bin] as number) > most || this.#chosen[bin] === this.#round) continue;
      this.#chosen[bin] = this.#round;
      chosen.push(bin);
    }
    return chosen;
  }
}

/** Different nodes, the wasteful more likely: each by the best of three random draws. */
function pick(nodes: readonly Node[], count: number, random: Random): number[] {
  const picked = new Set<number>();
  for (let guard = 0; picked.size < count && guard < count * 20; guard++) {
    let best = -1;
    for (let draw = 0; draw < 3; draw++) {
      const index = Math.floor(random.next() * nodes.length);
      if (!picked.has(index) && (best < 0 || (nodes[index] as Node).waste > (nodes[best] as Node).waste)) best = index;
    }
    if (best >= 0) picked.add(best);
  }
  return [...picked];
}
