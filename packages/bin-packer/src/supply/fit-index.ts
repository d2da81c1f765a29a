import { allBits, type Bits, bits, hasBit, keepBits, setBit } from "../intern/bits.ts";
import { type Amounts, anyNegative, type ResourceColumns } from "../intern/resources.ts";

/**
 * Which variants have room, by rank: for every resource the distinct allocatable amounts in order, and for each the variants with at least that much.
 */
export class FitIndex {
  readonly #ranks: readonly { readonly amounts: readonly number[]; readonly atLeast: readonly Bits[] }[];
  /** Variants with no negative amount: with one, nothing fits at all. */
  readonly usable: Bits;
  readonly #size: number;

  constructor(allocatable: readonly Amounts[], columns: ResourceColumns) {
    const size = allocatable.length;
    this.#size = size;
    this.usable = bits(size);
    for (let variant = 0; variant < size; variant++) if (!anyNegative(allocatable[variant] as Amounts)) setBit(this.usable, variant);
    this.#ranks = columns.names.map((_, column) => {
      const order = [...allocatable.keys()].filter((variant) => hasBit(this.usable, variant)).sort((a, b) => compare((allocatable[b] as Amounts)[column] as number, (allocatable[a] as Amounts)[column] as number));
      const amounts: number[] = [];
      const atLeast: Bits[] = [];
      let current = bits(size);
      for (const variant of order) {
        const amount = (allocatable[variant] as Amounts)[column] as number;
        if (amounts.length > 0 && amounts[amounts.length - 1] === amount) setBit(current, variant);
        else {
          current = current.slice();
          setBit(current, variant);
          amounts.push(amount);
          atLeast.push(current);
        }
      }
      return { amounts: amounts.reverse(), atLeast: atLeast.reverse() };
    });
  }

  /** Keeps in the set the variants that hold these amounts. */
  keep(into: Bits, amounts: Amounts, columns: readonly number[]): void {
    keepBits(into, this.usable);
    for (const column of columns) {
      const at = this.atLeast(column, amounts[column] as number);
      if (at === undefined) {
        into.fill(0);
        return;
      }
      keepBits(into, at);
    }
  }

  /** The variants with at least so much of a resource; undefined if there is none. */
  atLeast(column: number, amount: number): Bits | undefined {
    if (!(amount > 0)) return this.usable;
    const { amounts, atLeast } = this.#ranks[column] as { readonly amounts: readonly number[]; readonly atLeast: readonly Bits[] };
    let low = 0;
    let high = amounts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((amounts[middle] as number) < amount) low = middle + 1;
      else high = middle;
    }
    return atLeast[low];
  }

  /** The most of a resource that any usable variant has. */
  largest(column: number): number | undefined {
    return this.#ranks[column]?.amounts.at(-1);
  }

  all(): Bits {
    return allBits(this.#size);
  }
}

function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
