import { CoveringLp } from "./covering-lp.ts";
import { divisibleWorth } from "./divisible-worth.ts";
import type { Effort } from "./effort.ts";
import type { GreedyCover } from "./greedy-cover.ts";
import type { Model, Pattern } from "./model.ts";
import { worthOf } from "./node-load.ts";
import { searchPattern } from "./pattern-search.ts";
import type { Random } from "./random.ts";

/** A node's worth of pods on a bin. */
export interface Column {
  readonly bin: number;
  readonly pattern: Pattern;
}

/**
 * Patterns of whole nodes and the cheapest fractional mix of those known (Gilmore & Gomory 1961): a restricted master and the pricing that
 * finds it new columns.
 */
export class PatternPool {
  readonly #model: Model;
  readonly #cover: GreedyCover;
  readonly #random: Random;
  readonly #columns: Column[] = [];
  readonly #known = new Set<string>();
  readonly #lp: CoveringLp;

  constructor(model: Model, cover: GreedyCover, random: Random) {
    this.#model = model;
    this.#cover = cover;
    this.#random = random;
    this.#lp = new CoveringLp(model.counts, this.#seeds());
  }

  get cost(): number {
    return this.#lp.cost;
  }

  get duals(): Float64Array {
    return this.#lp.duals;
  }

  /** The mix of columns, heaviest first. */
  get size(): string {
    return `${this.#columns.length}c ${this.#lp.pivots}p`;
  }

  mix(): { readonly bin: number; readonly pattern: Pattern; readonly weight: number }[] {
    return this.#lp.solution().map(({ column, weight }) => ({ ...(this.#columns[column] as Column), weight }));
  }

  add(bin: number, pattern: Pattern): boolean {
    const key = `${bin}:${pattern.join(";")}`;
    if (pattern.length === 0 || this.#known.has(key)) return false;
    this.#known.add(key);
    this.#columns.push({ bin, pattern });
    this.#lp.add(this.#model.prices[bin] as number, pattern);
    return true;
  }

  demand(left: Float64Array): void {
    this.#lp.demand(left);
  }

  solve(effort: Effort): void {
    const n = this.#model.classCount;
    const cost = n * n * 0.2 + this.#lp.size * 0.6 + n * 4;
    const most = Math.max(PIVOTS_AT_LEAST, Math.min(MOST_PIVOTS, effort.left / cost));
    const before = this.#lp.pivots;
    this.#lp.solve(most);
    effort.spend((this.#lp.pivots - before + 1) * cost);
  }

  /** Solves, and looks for columns of the pods that are left, until nothing is found any more or after so many rounds. Returns the rounds it took. */
  grow(left: Float64Array, rounds: number, toward: Float64Array | undefined, effort: Effort): number {
    let barren = 0;
    let hot: readonly number[] = [];
    for (let round = 0; round < rounds; round++) {
      this.solve(effort);
      if (!effort.isLeft) return round;
      const master = this.#lp.duals;
      if (round % 6 === 0) hot = this.#hotBins(master, left, effort);
      // By turns a glance at many bins at values held back a little, so that they do not swing, and a search of some bins.
      let found = 0;
      if (round % 2 === 0) {
        const values = toward === undefined ? master : master.map((value, i) => SMOOTHING * (toward[i] as number) + (1 - SMOOTHING) * value);
        this.#cover.fills(values, left, effort, { bins: this.#some(hot, BINS_A_GLANCE), noise: { random: this.#random, deviation: 0.02, tilt: round % 4 === 0 ? 0 : 0.4 } }, (bin, ratio, pattern) => {
          if (ratio < (toward === undefined ? 1 + 1e-6 : 0.9)) return;
          const made = pattern();
          if (worthOf(made, master) > (this.#model.prices[bin] as number) * (1 + 1e-6) && this.add(bin, made)) found++;
        });
      } else {
        for (const bin of this.#some(hot, BINS_A_SEARCH)) {
          const made = searchPattern(this.#model, bin, master, left, (this.#model.prices[bin] as number) * (1 + 1e-6), SEARCH_LOOKS, effort, this.#random);
          if (made !== undefined && this.add(bin, made)) found++;
        }
      }
      barren = found === 0 ? barren + 1 : 0;
      if (barren >= BARREN_ROUNDS) return round;
    }
    return rounds;
  }

  /** About so many of the bins, by chance. */
  #some(bins: readonly number[], count: number): readonly number[] {
    return bins.length <= count ? bins : bins.filter(() => this.#random.next() * bins.length < count);
  }

  /** Bins of which a node might be worth more than it costs, if pods could be cut. */
  #hotBins(values: Float64Array, left: Float64Array, effort: Effort): number[] {
    const { binCount, prices, classCount } = this.#model;
    const hot: number[] = [];
    const asked = values.map((value, i) => ((left[i] as number) > 0 ? value : 0));
    for (let bin = 0; bin < binCount; bin++) if (divisibleWorth(this.#model, bin, asked).worth > (prices[bin] as number)) hot.push(bin);
    effort.spend(binCount * classCount * 4);
    return hot;
  }

  /** The cheapest bin full of each class alone: the first basis. */
  #seeds(): { cost: number; amount: number }[] {
    const { classCount, binCount, prices, allowed, most } = this.#model;
    return Array.from({ length: classCount }, (_, podClass) => {
      let chosen = -1;
      for (let bin = 0; bin < binCount; bin++) {
        const amount = most[bin * classCount + podClass] as number;
        if (amount > 0 && (allowed[bin] as Int32Array).length > 0 && (chosen < 0 || (prices[bin] as number) / amount < (prices[chosen] as number) / (most[chosen * classCount + podClass] as number))) chosen = bin;
      }
      const amount = most[chosen * classCount + podClass] as number;
      this.#columns.push({ bin: chosen, pattern: [[podClass, amount]] });
      return { cost: prices[chosen] as number, amount };
    });
  }
}

const MOST_PIVOTS = 3_000;
const PIVOTS_AT_LEAST = 20;
const SMOOTHING = 0.6;
const BINS_A_GLANCE = 24;
const BINS_A_SEARCH = 40;
const BARREN_ROUNDS = 4;
const SEARCH_LOOKS = 2_000;
