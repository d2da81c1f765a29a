import type { Effort } from "./effort.ts";
import type { Batch, Model, Pattern } from "./model.ts";
import type { Random } from "./random.ts";

export interface CoverOptions {
  /** Which bins to open; all by default. */
  readonly bins?: ArrayLike<number>;
  /** As long as this lasts, every proposal whose pods ran out is renewed, not only the one that would win: much slower, and often better. */
  readonly eager?: Effort;
  /** Shakes the orders, so that repeated covers differ. */
  readonly noise?: Noise;
  /** Which kinds of fill to try; all by default. */
  readonly kinds?: readonly number[];
}

/** The two kinds of fill that small covers, tried again and again in other orders, gain most by for the time they take. */
export const QUICK_FILLS: readonly number[] = [0, 3];

export interface Noise {
  readonly random: Random;
  /** Of the classes' scores. */
  readonly deviation: number;
  /** Of the weights of the resources; none by default. */
  readonly tilt?: number;
}

/** Fills a bin tries: by density with resources weighed evenly, mostly the first, mostly the second; and aligned. */
const FILLS = 4;
const ALL_FILLS: readonly number[] = [0, 1, 2, 3];
const ALIGNED = 3;
const ROUNDING = 1e-9;

/**
 * Covers pods value for money: again and again the node whose pods are worth most for its price, in as many copies as there are pods for.
 *
 * Each bin proposes its fill by density under three weightings of the resources and its aligned fill, which lets the resources run out together:
 * always the class whose request points most in the direction of the room that is left (largest dot product of shares), a quarter of what would
 * fit at a time. A proposal is renewed only when pods for it ran out.
 *
 * One object serves many covers of one model, so that a search of many small covers makes no garbage.
 */
export class GreedyCover {
  readonly #model: Model;
  /** Bins alike in what they have of each resource to what they cost of it weigh classes alike: the shape a bin, and one bin a shape. */
  readonly #shapeOf: Int32Array;
  readonly #modelBins: readonly number[];
  readonly #shapeIsReady: Uint8Array;
  // The classes there are pods of, in the order of the model.
  #open = 0;
  readonly #classOf: Int32Array;
  readonly #left: Float64Array;
  readonly #worth: Float64Array;
  readonly #requests: Float64Array;
  readonly #scores: Float64Array;
  /** Shape by fill by rank: a class. */
  readonly #orders: Int32Array;
  /** Shape by class. */
  readonly #bias: Float64Array;
  // Proposals, FILLS a bin: class and pods by turns, how many entries of that count, and worth for each USD.
  readonly #entries: Int32Array[] = [];
  #length = new Int32Array(0);
  #ratio = new Float64Array(0);
  readonly #filled: Int32Array;
  readonly #room: Float64Array;
  readonly #weight: Float64Array;
  readonly #running: Int32Array;
  readonly #taken: Float64Array;
  #bins: ArrayLike<number> = [];
  readonly #allBins: Int32Array;

  constructor(model: Model) {
    const { classCount: n, binCount, resourceCount: R } = model;
    this.#model = model;
    this.#shapeOf = new Int32Array(binCount);
    const shapes = new Map<string, number>();
    const first: number[] = [];
    this.#allBins = Int32Array.from({ length: binCount }, (_, bin) => bin);
    for (let bin = 0; bin < binCount; bin++) {
      const key = shapeOf(model, bin);
      let shape = shapes.get(key);
      if (shape === undefined) {
        shapes.set(key, (shape = shapes.size));
        first.push(bin);
      }
      this.#shapeOf[bin] = shape;
    }
    this.#modelBins = first;
    this.#shapeIsReady = new Uint8Array(first.length);
    this.#classOf = new Int32Array(n);
    this.#left = new Float64Array(n);
    this.#worth = new Float64Array(n);
    this.#requests = new Float64Array(n * R);
    this.#scores = new Float64Array(n);
    this.#orders = new Int32Array(first.length * ALIGNED * n);
    this.#bias = new Float64Array(first.length * n);
    this.#room = new Float64Array(R);
    this.#weight = new Float64Array(R);
    this.#running = new Int32Array(n);
    this.#taken = new Float64Array(n);
    this.#filled = new Int32Array(n * 2);
  }

  /** The cover of `counts` at these values; pods that no given bin holds stay out. */
  cover(values: Float64Array, counts: Float64Array, spent: Effort, { bins, eager, noise, kinds }: CoverOptions = {}): Batch[] {
    const effort = eager ?? spent;
    const proposals = this.#propose(values, counts, effort, bins, noise, kinds);
    const plan: Batch[] = [];
    for (;;) {
      // Fewer pods are no better choice, so a proposal that was worse before need not be renewed until it would win.
      if (eager?.isLeft === true) for (let p = 0; p < proposals; p++) if (this.#isStale(p)) this.#renew(p, effort);
      let best = -1;
      let most = 0;
      for (let p = 0; p < proposals; p++) {
        if ((this.#ratio[p] as number) > most) {
          most = this.#ratio[p] as number;
          best = p;
        }
      }
      effort.spend(proposals >> 2);
      if (best < 0) return plan;
      if (this.#isStale(best)) {
        this.#renew(best, effort);
        continue;
      }
      plan.push(this.#take(best));
    }
  }

  /** One fill of each kind for every bin, of pods that are not taken: who asks gets its bin and worth for each USD, and the fill itself if wanted. */
  fills(values: Float64Array, counts: Float64Array, effort: Effort, { bins, noise, kinds }: CoverOptions, each: (bin: number, ratio: number, pattern: () => Pattern) => void): void {
    const proposals = this.#propose(values, counts, effort, bins, noise, kinds);
    for (let p = 0; p < proposals; p++) if ((this.#ratio[p] as number) > 0) each(this.#bins[Math.floor(p / FILLS)] as number, this.#ratio[p] as number, () => this.#patternOf(p));
  }

  #propose(values: Float64Array, counts: Float64Array, effort: Effort, bins: ArrayLike<number> | undefined, noise: CoverOptions["noise"], kinds: readonly number[] = ALL_FILLS): number {
    const { resourceCount: R, requests } = this.#model;
    let n = 0;
    for (let i = 0; i < counts.length; i++) {
      if ((counts[i] as number) <= 0) continue;
      this.#classOf[n] = i;
      this.#left[n] = counts[i] as number;
      this.#worth[n] = values[i] as number;
      for (let r = 0; r < R; r++) this.#requests[n * R + r] = requests[i * R + r] as number;
      n++;
    }
    this.#open = n;
    this.#bins = bins ?? this.#allBins;
    this.#shapeIsReady.fill(0);
    const proposals = this.#bins.length * FILLS;
    this.#reserve(proposals);
    // What is not tried proposes nothing.
    if (kinds.length < FILLS) {
      this.#ratio.fill(0, 0, proposals);
      this.#length.fill(0, 0, proposals);
    }
    for (let k = 0; k < this.#bins.length; k++) {
      const shape = this.#shapeOf[this.#bins[k] as number] as number;
      if (this.#shapeIsReady[shape] === 0) this.#prepare(shape, noise, kinds, effort);
      for (let kind = 0; kind < kinds.length; kind++) this.#renew(k * FILLS + (kinds[kind] as number), effort);
    }
    return proposals;
  }

  #reserve(proposals: number): void {
    if (this.#length.length >= proposals) return;
    this.#length = new Int32Array(proposals * 2);
    this.#ratio = new Float64Array(proposals * 2);
    while (this.#entries.length < this.#length.length) this.#entries.push(new Int32Array(32));
  }

  /** Orders of the classes for bins of the shape, by value for the resources they take, and how far alignment is shaken. */
  #prepare(shape: number, noise: CoverOptions["noise"], kinds: readonly number[], effort: Effort): void {
    const { classCount, resourceCount: R, free, prices } = this.#model;
    const n = this.#open;
    const bin = this.#modelBins[shape] as number;
    const scores = this.#scores;
    const tilt = noise?.tilt ?? 0;
    this.#shapeIsReady[shape] = 1;
    for (let fill = 0; fill < ALIGNED; fill++) {
      if (!kinds.includes(fill)) continue;
      for (let r = 0; r < R; r++) this.#weight[r] = ((prices[bin] as number) / Math.max(free[bin * R + r] as number, 1e-12)) * (fill === 0 ? 1 / R : r === fill - 1 ? 1 : 0.05) * (tilt === 0 ? 1 : Math.max(0.1, 1 + (noise as Noise).random.normal() * tilt));
      const order = this.#orders.subarray((shape * ALIGNED + fill) * classCount, (shape * ALIGNED + fill) * classCount + n);
      for (let k = 0; k < n; k++) {
        let cost = 0;
        for (let r = 0; r < R; r++) cost += (this.#weight[r] as number) * (this.#requests[k * R + r] as number);
        scores[k] = ((this.#worth[k] as number) / Math.max(cost, 1e-12)) * (noise === undefined ? 1 : Math.max(0.05, 1 + noise.random.normal() * noise.deviation));
        order[k] = k;
      }
      sortByScore(order, scores);
    }
    for (let k = 0; k < n; k++) this.#bias[shape * classCount + k] = noise === undefined ? 1 : Math.max(0.05, 1 + noise.random.normal() * noise.deviation);
    effort.spend(n * (kinds.length < FILLS ? 15 : 30));
  }

  #isStale(proposal: number): boolean {
    const entries = this.#entries[proposal] as Int32Array;
    const length = this.#length[proposal] as number;
    for (let e = 0; e < length; e += 2) if ((this.#left[entries[e] as number] as number) < (entries[e + 1] as number)) return true;
    return false;
  }

  /** As many copies as there are pods for. */
  #take(proposal: number): Batch {
    const entries = this.#entries[proposal] as Int32Array;
    const length = this.#length[proposal] as number;
    let copies = Infinity;
    for (let e = 0; e < length; e += 2) copies = Math.min(copies, Math.floor((this.#left[entries[e] as number] as number) / (entries[e + 1] as number)));
    for (let e = 0; e < length; e += 2) this.#left[entries[e] as number] = (this.#left[entries[e] as number] as number) - (entries[e + 1] as number) * copies;
    return { bin: this.#bins[Math.floor(proposal / FILLS)] as number, pattern: this.#patternOf(proposal), copies };
  }

  #patternOf(proposal: number): Pattern {
    const entries = this.#entries[proposal] as Int32Array;
    const pattern: (readonly [number, number])[] = [];
    for (let e = 0; e < (this.#length[proposal] as number); e += 2) pattern.push([this.#classOf[entries[e] as number] as number, entries[e + 1] as number]);
    return pattern.sort(([a], [b]) => a - b);
  }

  #renew(proposal: number, effort: Effort): void {
    const bin = this.#bins[Math.floor(proposal / FILLS)] as number;
    const { resourceCount: R, free, prices } = this.#model;
    for (let r = 0; r < R; r++) this.#room[r] = free[bin * R + r] as number;
    const fill = proposal % FILLS;
    const length = fill === ALIGNED ? this.#fillAligned(bin, effort) : this.#fillInOrder(bin, fill, effort);
    let entries = this.#entries[proposal] as Int32Array;
    if (entries.length < length) this.#entries[proposal] = entries = new Int32Array(length * 2);
    let worth = 0;
    for (let e = 0; e < length; e += 2) {
      const [k, pods] = [this.#filled[e] as number, this.#filled[e + 1] as number];
      entries[e] = k;
      entries[e + 1] = pods;
      worth += (this.#worth[k] as number) * pods;
    }
    this.#length[proposal] = length;
    // Pods worth nothing are to be covered as well.
    this.#ratio[proposal] = length === 0 ? 0 : Math.max(worth / (prices[bin] as number), 1e-300);
  }

  #fillInOrder(bin: number, fill: number, effort: Effort): number {
    const { classCount, resourceCount: R, most } = this.#model;
    const n = this.#open;
    const [room, requests] = [this.#room, this.#requests];
    const base = ((this.#shapeOf[bin] as number) * ALIGNED + fill) * classCount;
    let e = 0;
    for (let rank = 0; rank < n; rank++) {
      const k = this.#orders[base + rank] as number;
      const available = this.#left[k] as number;
      if (available <= 0) continue;
      let fit = Math.min(available, most[bin * classCount + (this.#classOf[k] as number)] as number);
      if (fit === 0) continue;
      for (let r = 0; r < R; r++) {
        const asked = requests[k * R + r] as number;
        const have = room[r] as number;
        if (asked > have * (1 + ROUNDING) + 1e-12) {
          fit = 0;
          break;
        }
        if (asked * fit > have) fit = Math.floor(have / asked + ROUNDING);
      }
      if (fit <= 0) continue;
      for (let r = 0; r < R; r++) room[r] = (room[r] as number) - fit * (requests[k * R + r] as number);
      this.#filled[e++] = k;
      this.#filled[e++] = fit;
    }
    effort.spend(n + 10);
    return e;
  }

  #fillAligned(bin: number, effort: Effort): number {
    const { classCount, resourceCount: R, most, free } = this.#model;
    const n = this.#open;
    const [room, requests, running, taken, weight] = [this.#room, this.#requests, this.#running, this.#taken, this.#weight];
    const bias = (this.#shapeOf[bin] as number) * classCount;
    let open = 0;
    for (let k = 0; k < n; k++) {
      if ((this.#left[k] as number) <= 0 || (most[bin * classCount + (this.#classOf[k] as number)] as number) === 0) continue;
      taken[k] = 0;
      running[open++] = k;
    }
    let e = 0;
    let steps = n;
    while (open > 0) {
      steps += open + 4;
      for (let r = 0; r < R; r++) {
        const whole = Math.max(free[bin * R + r] as number, 1e-12);
        weight[r] = (room[r] as number) / whole / whole;
      }
      let best = -1;
      let chosen = -1;
      let kept = 0;
      for (let c = 0; c < open; c++) {
        const k = running[c] as number;
        let score = 0;
        let r = 0;
        for (; r < R; r++) {
          const asked = requests[k * R + r] as number;
          // The same rounding as in counting how many fit.
          if (asked > 0 && (room[r] as number) < asked * (1 - ROUNDING)) break;
          score += (weight[r] as number) * asked;
        }
        if (r < R) continue;
        running[kept] = k;
        score *= this.#bias[bias + k] as number;
        if (score > best) {
          best = score;
          chosen = kept;
        }
        kept++;
      }
      open = kept;
      if (chosen < 0) break;
      const k = running[chosen] as number;
      const limit = Math.min(this.#left[k] as number, most[bin * classCount + (this.#classOf[k] as number)] as number);
      let fit = limit - (taken[k] as number);
      for (let r = 0; r < R; r++) {
        const asked = requests[k * R + r] as number;
        if (asked > 0) fit = Math.min(fit, Math.floor((room[r] as number) / asked + ROUNDING));
      }
      const pods = Math.ceil(fit / 4);
      if (pods > 0) {
        for (let r = 0; r < R; r++) room[r] = (room[r] as number) - pods * (requests[k * R + r] as number);
        if ((taken[k] as number) === 0) {
          this.#filled[e] = k;
          e += 2;
        }
        taken[k] = (taken[k] as number) + pods;
      }
      if (pods === 0 || (taken[k] as number) >= limit) running[chosen] = running[--open] as number;
    }
    for (let at = 0; at < e; at += 2) this.#filled[at + 1] = taken[this.#filled[at] as number] as number;
    effort.spend(steps + 10);
    return e;
  }
}

/** Bins whose resources stand to each other alike, to within a fifth, and to within half for the last, which is the count of pods. */
function shapeOf({ resourceCount: R, free }: Model, bin: number): string {
  const first = Math.max(free[bin * R] as number, 1e-9);
  let shape = "";
  for (let r = 1; r < R; r++) shape += `,${magnitude((free[bin * R + r] as number) / first, r === R - 1 ? 2 : 1.2)}`;
  return shape;
}

/** How often `base` goes into a ratio, by multiplication alone: logarithms differ in their last digit from engine to engine. */
function magnitude(ratio: number, base: number): number {
  if (!(ratio > 1e-9)) return -1000;
  let exponent = 0;
  let rest = ratio;
  for (; rest >= base; rest /= base) exponent++;
  for (; rest < 1; rest *= base) exponent--;
  return exponent;
}

/** Highest score first, ties in the order given: binary insertion, which beats a general sort on lists this short. */
function sortByScore(order: Int32Array, scores: Float64Array): void {
  if (order.length > 200) {
    order.sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
    return;
  }
  for (let at = 1; at < order.length; at++) {
    const k = order[at] as number;
    const score = scores[k] as number;
    let low = 0;
    let high = at;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((scores[order[middle] as number] as number) >= score) low = middle + 1;
      else high = middle;
    }
    for (let to = at; to > low; to--) order[to] = order[to - 1] as number;
    order[low] = k;
  }
}
