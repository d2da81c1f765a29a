import { type Bits, bits, hasBit, keepBits, setBit } from "../intern/bits.ts";
import { anyNegative } from "../intern/amounts.ts";
import type { Amounts } from "../intern/resources.ts";

interface Ranks {
  /** Distinct amounts, ascending. */
  readonly amounts: readonly number[];
  /** For each the variants with at least as much. */
  readonly atLeast: readonly Bits[];
}

/**
 * Which variants have room, by rank: for every resource asked for the distinct allocatable amounts in order, and for each the variants with at least that much.
 */
export class FitIndex {
  /** Variants with no negative amount: with one, nothing fits at all. */
  readonly usable: Bits;
  readonly #allocatable: readonly Amounts[];
  readonly #ranks: (Ranks | undefined)[] = [];
  readonly #amounts: (Amounts | undefined)[] = [];
  readonly #negative: (boolean | undefined)[] = [];

  constructor(allocatable: readonly Amounts[]) {
    this.#allocatable = allocatable;
    this.usable = bits(allocatable.length);
    for (let variant = 0; variant < allocatable.length; variant++) if (!anyNegative(allocatable[variant] as Amounts)) setBit(this.usable, variant);
  }

  /** How much of a resource each variant has. */
  amounts(column: number): Amounts {
    let found = this.#amounts[column];
    if (found === undefined) {
      const list = this.#allocatable.map((amounts) => amounts[column] as number);
      this.#amounts[column] = found = list.some((amount) => typeof amount !== "number") ? (list as unknown as Amounts) : Float64Array.from(list);
    }
    return found;
  }

  /** Has any variant less than none of it? */
  hasNegative(column: number): boolean {
    return (this.#negative[column] ??= this.amounts(column).some((amount) => amount < 0));
  }

  /** Keeps in the set the variants that hold these amounts. */
  keep(into: Bits, amounts: Amounts): void {
    keepBits(into, this.usable);
    for (let column = 0; column < amounts.length; column++) {
      const amount = amounts[column] as number;
      if (!(amount > 0)) continue;
      const at = this.atLeast(column, amount);
      if (at === undefined) {
        into.fill(0);
        return;
      }
      keepBits(into, at);
    }
  }

  /** The variants with at least so much of a resource; undefined if there is none. */
  atLeast(column: number, amount: number): Bits | undefined {
    const rank = this.rank(column, amount);
    return this.#ranks[column]?.atLeast[rank];
  }

  /** How many of the distinct amounts are less: amounts of one rank fit the same variants. */
  rank(column: number, amount: number): number {
    const { amounts } = (this.#ranks[column] ??= this.#rank(column));
    let low = 0;
    let high = amounts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((amounts[middle] as number) < amount) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The most of a resource that any usable variant has. */
  largest(column: number): number | undefined {
    return (this.#ranks[column] ??= this.#rank(column)).amounts.at(-1);
  }

  #rank(column: number): Ranks {
    const size = this.#allocatable.length;
    const order: number[] = [];
    const amountOf: number[] = [];
    for (let variant = 0; variant < size; variant++) {
      amountOf.push((this.#allocatable[variant] as Amounts)[column] as number);
      if (hasBit(this.usable, variant)) order.push(variant);
    }
    order.sort((a, b) => ((amountOf[a] as number) < (amountOf[b] as number) ? 1 : (amountOf[a] as number) > (amountOf[b] as number) ? -1 : 0));
    const amounts: number[] = [];
    const atLeast: Bits[] = [];
    let current = bits(size);
    for (const variant of order) {
      const amount = amountOf[variant] as number;
      if (amounts.length === 0 || amounts[amounts.length - 1] !== amount) {
        current = current.slice();
        amounts.push(amount);
        atLeast.push(current);
      }
      setBit(current, variant);
    }
    return { amounts: amounts.reverse(), atLeast: atLeast.reverse() };
  }
}
