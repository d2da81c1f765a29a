import type { Effort } from "./effort.ts";
import { greedyCover } from "./greedy-cover.ts";
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
export function ruinAndRecreate(model: Model, plan: readonly Batch[], values: Float64Array, boundUsdPerHour: number, effort: Effort, random: Random): Batch[] {
  const byPrice = binsByPrice(model);
  const toNode = (bin: number, pattern: Pattern): Node => ({ bin, pattern, waste: Math.max(0, (model.prices[bin] as number) - worthOf(pattern, values)) });
  const nodes = plan.flatMap(({ bin, pattern, copies }) => Array.from({ length: copies }, () => toNode(bin, pattern)));
  let price = nodes.reduce((sum, { bin }) => sum + (model.prices[bin] as number), 0);
  const promising = promisingBins(model, values, effort);
  let cheapest = price;
  let best: readonly Node[] = nodes.slice();
  const left = new Float64Array(model.classCount);
  while (effort.isLeft && nodes.length > 1 && price > boundUsdPerHour * (1 + 1e-6)) {
    const count = Math.min(nodes.length, 4 + Math.floor(random.next() * 12));
    const picked = pick(nodes, count, random);
    effort.spend(2_000 + count * 20);
    left.fill(0);
    let before = 0;
    for (const index of picked) {
      const { bin, pattern } = nodes[index] as Node;
      before += model.prices[bin] as number;
      for (const [podClass, pods] of pattern) left[podClass] = (left[podClass] as number) + pods;
    }
    const shaken = values.map((value) => value * Math.max(0.2, 1 + random.normal() * 0.03));
    const rebuilt = greedyCover(model, shaken, left, effort, { bins: usefulBins(model, promising, left, before, random), noise: { random, deviation: 0.15 } }).map((batch) => ({ ...batch, bin: cheapestBin(model, byPrice, batch.pattern) }));
    const after = rebuilt.reduce((sum, { bin, copies }) => sum + (model.prices[bin] as number) * copies, 0);
    let stillLeft = 0;
    for (let i = 0; i < left.length; i++) stillLeft += left[i] as number;
    for (const { pattern, copies } of rebuilt) for (const [, pods] of pattern) stillLeft -= pods * copies;
    if (stillLeft > 0 || after > before + (SLACK * price * random.next() * random.next()) / nodes.length + 1e-9) continue;
    price += after - before;
    for (const index of picked.sort((a, b) => b - a)) {
      nodes[index] = nodes.at(-1) as Node;
      nodes.pop();
    }
    for (const { bin, pattern, copies } of rebuilt) for (let copy = 0; copy < copies; copy++) nodes.push(toNode(bin, pattern));
    if (price < cheapest - 1e-9) {
      cheapest = price;
      best = nodes.slice();
    }
  }
  return best.map(({ bin, pattern }) => ({ bin, pattern, copies: 1 }));
}

/** Bins that cost no more than all the opened nodes together: the most promising, the best few of every class, and others by chance. */
function usefulBins(model: Model, promising: Int32Array, left: Float64Array, priceUsdPerHour: number, random: Random): number[] {
  const wanting: number[] = [];
  for (let i = 0; i < left.length; i++) if ((left[i] as number) > 0) wanting.push(i);
  const served = new Uint8Array(wanting.length);
  const useful: number[] = [];
  const chance = OTHER_BINS / promising.length;
  for (const bin of promising) {
    if ((model.prices[bin] as number) > priceUsdPerHour * 1.0001) continue;
    const base = bin * model.classCount;
    let open = false;
    let serves = false;
    for (let k = 0; k < wanting.length; k++) {
      if ((model.most[base + (wanting[k] as number)] as number) === 0) continue;
      open = true;
      if ((served[k] as number) < BINS_A_CLASS) serves = true;
    }
    if (!open || !(serves || useful.length < PROMISING_BINS || random.next() < chance)) continue;
    for (let k = 0; k < wanting.length; k++) if ((model.most[base + (wanting[k] as number)] as number) > 0) served[k] = (served[k] as number) + 1;
    useful.push(bin);
  }
  return useful;
}

/** How much dearer a step may be, in average nodes; small, or the search goes astray. */
const SLACK = 0.06;
const PROMISING_BINS = 12;
const OTHER_BINS = 6;
const BINS_A_CLASS = 3;

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
