import type { Model, Pattern } from "./model.ts";

/** The best fractional load of one bin, its value, and the resource prices that prove it. */
export interface FractionalLoad {
  /** Classes and (fractional) pods of the best load. */
  readonly pattern: Pattern;
  /** No load of the bin is worth more at these class values: certified by `resourcePrices`, not by the search. */
  readonly upper: number;
  /** One price a resource: covers every allowed class's value. */
  readonly resourcePrices: Float64Array;
}

/**
 * Fractional knapsacks of a model's bins, each solved by a simplex with one row a resource and warm started from its last basis.
 *
 * Maximise the value of fractional pods within the bin's free resources; a class may repeat without limit.
 */
export class FractionalKnapsacks {
  readonly #model: Model;
  /** Basis a bin: class, or ~resource for slack. */
  readonly #bases: Int32Array[];
  readonly #inverses: Float64Array[];

  constructor(model: Model) {
    const R = model.resourceCount;
    this.#model = model;
    this.#bases = Array.from({ length: model.binCount }, () => Int32Array.from({ length: R }, (_, r) => ~r));
    this.#inverses = Array.from({ length: model.binCount }, () => identity(R));
  }

  solve(bin: number, values: Float64Array): FractionalLoad {
    const { resourceCount: R, requests, free, allowed } = this.#model;
    const basis = this.#bases[bin] as Int32Array;
    const inverse = this.#inverses[bin] as Float64Array;
    const classes = allowed[bin] as Int32Array;
    const prices = new Float64Array(R);
    for (let iteration = 0; iteration < 50; iteration++) {
      for (let r = 0; r < R; r++) {
        let price = 0;
        for (let k = 0; k < R; k++) {
          const member = basis[k] as number;
          if (member >= 0) price += (values[member] as number) * (inverse[k * R + r] as number);
        }
        prices[r] = price;
      }
      let entering: number | undefined;
      let best = 1e-9;
      for (const podClass of classes) {
        let covered = 0;
        for (let r = 0; r < R; r++) covered += (prices[r] as number) * (requests[podClass * R + r] as number);
        const value = values[podClass] as number;
        const gain = value <= 0 ? 0 : (value - covered) / value;
        if (gain > best) {
          best = gain;
          entering = podClass;
        }
      }
      // A slack enters where a resource's price fell below zero.
      if (entering === undefined) for (let r = 0; r < R; r++) if ((prices[r] as number) < -1e-12) entering = ~r;
      if (entering === undefined || !this.#exchange(bin, entering)) break;
    }
    return { pattern: this.#pattern(bin), ...this.#certify(bin, values, prices) };
  }

  /** Scales the resource prices until they cover every class: then their worth of the bin's resources bounds every load. */
  #certify(bin: number, values: Float64Array, raw: Float64Array): { readonly upper: number; readonly resourcePrices: Float64Array } {
    const { resourceCount: R, requests, free, allowed } = this.#model;
    const prices = raw.map((price) => Math.max(0, price));
    let scale = 1;
    for (const podClass of allowed[bin] as Int32Array) {
      let covered = 0;
      for (let r = 0; r < R; r++) covered += (prices[r] as number) * (requests[podClass * R + r] as number);
      const value = values[podClass] as number;
      if (value <= 0) continue;
      if (covered <= 0) return { upper: Infinity, resourcePrices: prices };
      scale = Math.max(scale, value / covered);
    }
    let upper = 0;
    for (let r = 0; r < R; r++) {
      prices[r] = (prices[r] as number) * scale;
      upper += (prices[r] as number) * (free[bin * R + r] as number);
    }
    return { upper, resourcePrices: prices };
  }

  #amounts(bin: number): Float64Array {
    const { resourceCount: R, free } = this.#model;
    const inverse = this.#inverses[bin] as Float64Array;
    const amounts = new Float64Array(R);
    for (let k = 0; k < R; k++) for (let r = 0; r < R; r++) amounts[k] = (amounts[k] as number) + (inverse[k * R + r] as number) * (free[bin * R + r] as number);
    return amounts;
  }

  #pattern(bin: number): Pattern {
    const amounts = this.#amounts(bin);
    return [...(this.#bases[bin] as Int32Array)]
      .flatMap((member, k): [number, number][] => (member >= 0 && (amounts[k] as number) > 1e-9 ? [[member, amounts[k] as number]] : []))
      .sort(([a], [b]) => a - b);
  }

  #exchange(bin: number, entering: number): boolean {
    const { resourceCount: R, requests } = this.#model;
    const basis = this.#bases[bin] as Int32Array;
    const inverse = this.#inverses[bin] as Float64Array;
    const amounts = this.#amounts(bin);
    const direction = new Float64Array(R);
    for (let k = 0; k < R; k++)
      for (let r = 0; r < R; r++) {
        const unit = entering >= 0 ? (requests[entering * R + r] as number) : r === ~entering ? 1 : 0;
        direction[k] = (direction[k] as number) + (inverse[k * R + r] as number) * unit;
      }
    let leaving = -1;
    let step = Infinity;
    for (let k = 0; k < R; k++) {
      if ((direction[k] as number) <= 1e-12) continue;
      const ratio = Math.max(0, amounts[k] as number) / (direction[k] as number);
      if (ratio < step) {
        step = ratio;
        leaving = k;
      }
    }
    if (leaving < 0) return false;
    const pivot = direction[leaving] as number;
    for (let r = 0; r < R; r++) inverse[leaving * R + r] = (inverse[leaving * R + r] as number) / pivot;
    for (let k = 0; k < R; k++) if (k !== leaving) for (let r = 0; r < R; r++) inverse[k * R + r] = (inverse[k * R + r] as number) - (direction[k] as number) * (inverse[leaving * R + r] as number);
    basis[leaving] = entering;
    return true;
  }
}

function identity(size: number): Float64Array {
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) matrix[i * size + i] = 1;
  return matrix;
}
