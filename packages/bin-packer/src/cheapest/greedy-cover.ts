import type { Effort } from "./effort.ts";
import { fillAligned, fillInOrder } from "./fill.ts";
import type { Batch, Model, Pattern } from "./model.ts";
import { worthOf } from "./node-load.ts";
import type { Random } from "./random.ts";

export interface CoverOptions {
  /** Which bins to open; all by default. */
  readonly bins?: ArrayLike<number>;
  /** Shakes the orders, so that repeated covers differ. */
  /** As long as this lasts, every proposal whose pods ran out is renewed, not only the one that would win: much slower, and often better. */
  readonly eager?: Effort;
  readonly noise?: { readonly random: Random; readonly deviation: number };
}

interface Proposal {
  readonly bin: number;
  readonly make: () => Pattern;
  pattern: Pattern;
  /** Value of the pattern for each USD. */
  ratio: number;
}

/**
 * Covers the pods that are left, value for money: again and again the node whose pods are worth most for its price, in as many copies as there are pods for.
 *
 * Each bin proposes its fill by density under three weightings of the resources and its aligned fill; a proposal is renewed only when pods for it ran out.
 */
export function greedyCover(model: Model, values: Float64Array, counts: Float64Array, spent: Effort, options: CoverOptions = {}): Batch[] {
  const effort = options.eager ?? spent;
  const left = counts.slice();
  const classes = Int32Array.from([...left.keys()].filter((i) => (left[i] as number) > 0));
  const bins = options.bins ?? Int32Array.from({ length: model.binCount }, (_, bin) => bin);
  const proposals: Proposal[] = [];
  for (let k = 0; k < bins.length; k++) {
    const bin = bins[k] as number;
    for (const order of densityOrders(model, bin, classes, values, options.noise, effort)) proposals.push({ bin, make: () => fillInOrder(model, bin, order, left, effort), pattern: [], ratio: Infinity });
    const bias = options.noise === undefined ? undefined : shaken(model.classCount, classes, options.noise);
    proposals.push({ bin, make: () => fillAligned(model, bin, classes, left, bias, effort), pattern: [], ratio: Infinity });
  }
  const renew = (proposal: Proposal): void => {
    proposal.pattern = proposal.make();
    proposal.ratio = worthOf(proposal.pattern, values) / (model.prices[proposal.bin] as number);
  };
  const isStale = ({ pattern }: Proposal): boolean => pattern.some(([podClass, pods]) => (left[podClass] as number) < pods);
  for (const proposal of proposals) renew(proposal);
  const plan: Batch[] = [];
  for (;;) {
    // Fewer pods are no better choice, so a proposal that was worse before need not be renewed until it would win.
    let best: Proposal | undefined;
    if (options.eager?.isLeft === true) for (const proposal of proposals) if (isStale(proposal)) renew(proposal);
    for (const proposal of proposals) if (proposal.pattern.length > 0 && (best === undefined || proposal.ratio > best.ratio)) best = proposal;
    effort.spend(proposals.length >> 2);
    if (best === undefined) return plan;
    if (isStale(best)) {
      renew(best);
      continue;
    }
    let copies = Infinity;
    for (const [podClass, pods] of best.pattern) copies = Math.min(copies, Math.floor((left[podClass] as number) / pods));
    for (const [podClass, pods] of best.pattern) left[podClass] = (left[podClass] as number) - pods * copies;
    plan.push({ bin: best.bin, pattern: best.pattern, copies });
  }
}

/** Classes by value for the resources they take, with resources weighed evenly, or mostly the first, or mostly the second. */
export function densityOrders({ resourceCount: R, requests, free, prices, most, classCount }: Model, bin: number, classes: Int32Array, values: Float64Array, noise: CoverOptions["noise"], effort: Effort): Int32Array[] {
  const here = classes.filter((i) => (most[bin * classCount + i] as number) > 0);
  effort.spend(here.length * 4 + 80);
  return [undefined, 0, 1].map((favoured) => {
    const weights = Array.from({ length: R }, (_, r) => ((prices[bin] as number) / Math.max(free[bin * R + r] as number, 1e-12)) * (favoured === undefined ? 1 / R : r === favoured ? 1 : 0.05));
    const score = scores(classCount);
    for (let k = 0; k < here.length; k++) {
      const i = here[k] as number;
      let cost = 0;
      for (let r = 0; r < R; r++) cost += (weights[r] as number) * (requests[i * R + r] as number);
      score[i] = ((values[i] as number) / Math.max(cost, 1e-12)) * (noise === undefined ? 1 : Math.max(0.05, 1 + noise.random.normal() * noise.deviation));
    }
    return here.slice().sort((a, b) => (score[b] as number) - (score[a] as number) || a - b);
  });
}

let buffer = new Float64Array(256);

/** A list that the next caller overwrites. */
function scores(length: number): Float64Array {
  if (buffer.length < length) buffer = new Float64Array(length);
  return buffer;
}

function shaken(classCount: number, classes: Int32Array, { random, deviation }: NonNullable<CoverOptions["noise"]>): Float64Array {
  const bias = new Float64Array(classCount);
  for (const i of classes) bias[i] = Math.max(0.05, 1 + random.normal() * deviation);
  return bias;
}
