import type { ResourceList } from "@groupless/api";
import { nanoOf, textOfNano } from "./nano.ts";

/**
 * Amounts of every resource of a snapshot, one column each, as whole multiples of the column's unit.
 *
 * The unit is the greatest common divisor of all amounts seen, so nothing is rounded. A column whose sums could pass 2^53
 * holds bigints instead of numbers: additions and comparisons of two values of one column read the same for both.
 */
export type Amounts = Float64Array;

/** A resource list in column form, with the names it mentions, zero amounts among them. */
export interface Resources {
  readonly amounts: Amounts;
  /** Columns with an amount other than zero. */
  readonly columns: readonly number[];
  readonly names: readonly string[];
}

export class ResourceColumns {
  readonly names: string[] = [];
  readonly #index = new Map<string, number>();
  readonly #nanos = new Map<string, bigint>();
  /** Greatest common divisor of the column's amounts, in nano units. */
  readonly #unit: bigint[] = [];
  readonly #largest: bigint[] = [];
  readonly #seen: Set<string>[] = [];
  #exact = false;
  #big: boolean[] = [];
  #frozen = false;
  readonly #texts: Map<number, string>[] = [];
  readonly #numbers: Map<string, number>[] = [];

  /** Makes room for the amounts of a list; call for every list before any `vector`. */
  note(list: ResourceList | undefined): void {
    if (list === undefined) return;
    for (const name in list) this.noteAmount(name, list[name] as string);
  }

  noteAmount(name: string, text: string): void {
    const column = this.column(name);
    const seen = this.#seen[column] as Set<string>;
    if (seen.has(text)) return;
    seen.add(text);
    const nano = this.nano(text);
    const size = nano < 0n ? -nano : nano;
    this.#unit[column] = gcd(this.#unit[column] as bigint, size);
    if (size > (this.#largest[column] as bigint)) this.#largest[column] = size;
  }

  column(name: string): number {
    let column = this.#index.get(name);
    if (column === undefined) {
      column = this.names.length;
      this.#index.set(name, column);
      this.names.push(name);
      this.#unit.push(0n);
      this.#largest.push(0n);
      this.#seen.push(new Set());
      this.#texts.push(new Map());
      this.#numbers.push(new Map());
    }
    return column;
  }

  /** The column of a name that was noted, or undefined. */
  find(name: string): number | undefined {
    return this.#index.get(name);
  }

  nano(text: string): bigint {
    let nano = this.#nanos.get(text);
    if (nano === undefined) this.#nanos.set(text, (nano = nanoOf(text)));
    return nano;
  }

  /** Fixes the units; `terms` is how many amounts may be summed. */
  freeze(terms: number): void {
    const limit = BigInt(Number.MAX_SAFE_INTEGER);
    // Huge pages are taken from memory, so the two are counted in one unit.
    const shared = this.names.flatMap((name, column) => (name === "memory" || name.startsWith("hugepages-") ? [column] : []));
    if (shared.length > 1) {
      const unit = shared.reduce((so, column) => gcd(so, this.#unit[column] as bigint), 0n);
      for (const column of shared) this.#unit[column] = unit;
    }
    for (let column = 0; column < this.names.length; column++) {
      if (this.#unit[column] === 0n) this.#unit[column] = 1n;
      this.#big.push(((this.#largest[column] as bigint) / (this.#unit[column] as bigint)) * BigInt(terms + 2) > limit);
    }
    this.#exact = this.#big.includes(true);
    this.#frozen = true;
  }

  /** Were all amounts of the list noted before the units were fixed, so that it has a vector? */
  covers(list: ResourceList | undefined): boolean {
    if (list === undefined) return true;
    for (const name in list) {
      const column = this.#index.get(name);
      if (column === undefined) return false;
      const nano = this.nano(list[name] as string);
      if (nano % (this.#unit[column] as bigint) !== 0n || (nano < 0n ? -nano : nano) > (this.#largest[column] as bigint)) return false;
    }
    return true;
  }

  zero(): Amounts {
    if (!this.#exact) return new Float64Array(this.names.length);
    return this.#big.map((big) => (big ? 0n : 0)) as unknown as Amounts;
  }

  copy(amounts: Amounts): Amounts {
    return amounts.slice();
  }

  /** One amount in units of its column. */
  amount(column: number, text: string): number {
    const known = this.#numbers[column] as Map<string, number>;
    let found = known.get(text);
    if (found === undefined) {
      const units = this.nano(text) / (this.#unit[column] as bigint);
      found = (this.#big[column] === true ? units : Number(units)) as number;
      known.set(text, found);
    }
    return found;
  }

  vector(list: ResourceList | undefined): Amounts {
    const amounts = this.zero();
    if (list !== undefined) {
      for (const name in list) {
        const column = this.#index.get(name) as number;
        amounts[column] = this.amount(column, list[name] as string);
      }
    }
    return amounts;
  }

  resources(amounts: Amounts, names: Iterable<string>): Resources {
    const columns: number[] = [];
    // A big column's zero is 0n: loose equality is meant.
    for (let column = 0; column < this.names.length; column++) if (amounts[column] != 0) columns.push(column);
    return { amounts, columns, names: [...names] };
  }

  text(column: number, amount: number): string {
    const known = this.#texts[column] as Map<number, string>;
    let text = known.get(amount);
    if (text === undefined) {
      text = textOfNano(BigInt(amount) * (this.#unit[column] as bigint), this.names[column] as string);
      known.set(amount, text);
    }
    return text;
  }

  get frozen(): boolean {
    return this.#frozen;
  }
}

/** Adds the second list to the first, in place. */
export function add(into: Amounts, amounts: Amounts): void {
  for (let column = 0; column < into.length; column++) (into[column] as number) += amounts[column] as number;
}

/** Takes the second list from the first, in place. */
export function subtract(from: Amounts, amounts: Amounts): void {
  for (let column = 0; column < from.length; column++) (from[column] as number) -= amounts[column] as number;
}

/** Raises the first list to the second where that is larger, in place. */
export function raise(into: Amounts, amounts: Amounts): void {
  for (let column = 0; column < into.length; column++) if ((amounts[column] as number) > (into[column] as number)) into[column] = amounts[column] as number;
}

export function anyNegative(amounts: Amounts): boolean {
  for (let column = 0; column < amounts.length; column++) if ((amounts[column] as number) < 0) return true;
  return false;
}

function gcd(a: bigint, b: bigint): bigint {
  let x = a;
  let y = b;
  // Most amounts fit a number; bigints only where they must.
  if (x <= 9007199254740991n && y <= 9007199254740991n) {
    let p = Number(x);
    let q = Number(y);
    while (q !== 0) [p, q] = [q, p % q];
    return BigInt(p);
  }
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}
