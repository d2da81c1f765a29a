import type { ResourceList } from "@groupless/api";
import { plainAmount, plainText } from "./amount-text.ts";
import { isBinary, nanoOf, textOfNano } from "./nano.ts";

/**
 * Amounts of every resource of a snapshot, one column each, as whole multiples of the column's unit.
 *
 * The unit is the greatest common divisor of all amounts seen, so nothing is rounded. A column whose sums could pass 2^53
 * holds bigints instead of numbers: additions and comparisons of two values of one column read the same for both.
 */
export type Amounts = Float64Array;

/** A resource list in column form. */
export interface Resources {
  readonly id: number;
  readonly amounts: Amounts;
  /** Columns with an amount other than zero. */
  readonly columns: readonly number[];
  /** The columns of all names it mentions, zero amounts among them: a bit each, or a number {@link ResourceColumns.named} knows. */
  readonly mask: number;
  /** Columns of which it asks more than anything could ever hold, with the true amounts in nano units: `amounts` has one unit more than that. */
  readonly beyond: ReadonlyMap<number, bigint> | undefined;
}

interface Column {
  /** Amounts by text, in nano units; filled where plain reading does not do. */
  readonly texts: Map<string, number>;
  /** Greatest common divisor and largest of the plain amounts, in thousandths if `milli`. */
  divisor: number;
  largest: number;
  milli: boolean;
  /** Texts that are not plain. */
  readonly odd: string[];
  unit: bigint;
  big: boolean;
  readonly printed: Map<number, string>;
  /** So many of the texts are of what there is or may be, not of what is asked for. */
  supplied: number;
  /** Texts of amounts beyond all that. */
  readonly beyond: Map<string, bigint>;
}

export class ResourceColumns {
  readonly names: string[] = [];
  readonly #index = new Map<string, number>();
  readonly #columns: Column[] = [];
  readonly #named = new Map<number, readonly number[]>();
  readonly #admitted = new WeakSet<ResourceList>();
  /** The largest amount, once it has been asked for. */
  #most: number | undefined;
  #exact = false;
  #isFixed = false;
  #resources = 0;

  /** All lists of what there is or may be have been noted: what comes now is asked for. */
  endSupply(): void {
    for (const column of this.#columns) column.supplied = column.texts.size;
  }

  /** Makes room for the amounts of a list; call for every list before any `vector`, those of what there is first. */
  note(list: ResourceList | undefined): void {
    if (list === undefined) return;
    for (const name in list) {
      const column = this.#columns[this.column(name)] as Column;
      const text = list[name] as string;
      if (!column.texts.has(text)) read(column, text);
    }
  }

  column(name: string): number {
    let column = this.#index.get(name);
    if (column === undefined) {
      column = this.names.length;
      this.#index.set(name, column);
      this.names.push(name);
      this.#columns.push({ texts: new Map(), divisor: 0, largest: 0, milli: false, odd: [], unit: 1n, big: false, printed: new Map(), supplied: 0, beyond: new Map() });
    }
    return column;
  }

  /** Fixes the units, and the columns in name order; `terms` is how many amounts may be summed. */
  freeze(terms: number): void {
    const order = this.names.map((name, column) => [name, this.#columns[column] as Column] as const).sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [column, [name, found]] of order.entries()) {
      this.names[column] = name;
      this.#columns[column] = found;
      this.#index.set(name, column);
    }
    // Huge pages are taken from memory, so the two are counted in one unit.
    const shared = this.names.flatMap((name, index) => (name === "memory" || name.startsWith("hugepages-") ? [this.#columns[index] as Column] : []));
    for (const column of this.#columns) settle(column, terms, shared.length > 1 && shared.includes(column));
    if (shared.length > 1) {
      const unit = shared.reduce((so, column) => greatestDivisor(so, column.unit), 0n);
      for (const column of shared) rescale(column, unit, terms);
    }
    // What is beyond all there is now might not be beyond what comes later.
    this.#exact = this.#columns.some((column) => column.big);
    this.#isFixed = this.#exact || this.#columns.some((column) => column.beyond.size > 0);
  }

  /** May so many amounts be summed? */
  allow(terms: number): boolean {
    if (this.#isFixed) return false;
    if (this.#most === undefined) {
      this.#most = 0;
      for (const { texts } of this.#columns) for (const amount of texts.values()) this.#most = Math.max(this.#most, Math.abs(amount));
    }
    return this.#most * (terms + 2) <= Number.MAX_SAFE_INTEGER;
  }

  /** Takes a list in once the units are fixed; false where that cannot be. Follow with {@link allow}. */
  admit(list: ResourceList | undefined): boolean {
    if (list === undefined || this.#admitted.has(list)) return true;
    for (const name in list) {
      const index = this.#index.get(name);
      if (index === undefined) return false;
      const { texts, unit } = this.#columns[index] as Column;
      const text = list[name] as string;
      if (texts.has(text)) continue;
      const nano = nanoOf(text);
      if (nano % unit !== 0n) return false;
      const amount = Number(nano / unit);
      texts.set(text, amount);
      this.#most = Math.max(this.#most ?? 0, Math.abs(amount));
    }
    this.#admitted.add(list);
    return true;
  }

  zero(): Amounts {
    if (!this.#exact) return new Float64Array(this.names.length);
    return this.#columns.map((column) => (column.big ? 0n : 0)) as unknown as Amounts;
  }

  copy(amounts: Amounts): Amounts {
    return amounts.slice();
  }

  /** One amount that was noted, in units of its column. */
  amount(column: number, text: string): number {
    return (this.#columns[column] as Column).texts.get(text) as number;
  }

  vector(list: ResourceList | undefined): Amounts {
    const amounts = this.zero();
    for (const name in list) {
      const column = this.#index.get(name) as number;
      amounts[column] = (this.#columns[column] as Column).texts.get(list[name] as string) as number;
    }
    return amounts;
  }

  /** A list in column form; `amounts` where they are summed already, and the list only names what they are of. */
  resources(list: ResourceList, amounts: Amounts = this.vector(list)): Resources {
    const columns: number[] = [];
    // A big column's zero is 0n: loose equality is meant.
    for (let column = 0; column < this.names.length; column++) if (amounts[column] != 0) columns.push(column);
    let mask = 0;
    // Snapshots with more than 31 resources are rare: their further names count as named where there is an amount.
    let beyond: Map<number, bigint> | undefined;
    for (const name in list) {
      const column = this.column(name);
      mask |= 1 << Math.min(31, column);
      const nano = (this.#columns[column] as Column).beyond.get(list[name] as string);
      if (nano !== undefined) (beyond ??= new Map()).set(column, nano);
    }
    return { id: this.#resources++, amounts, columns, mask, beyond };
  }

  /** The columns of a mask, in name order. */
  named(mask: number): readonly number[] {
    let found = this.#named.get(mask);
    if (found === undefined) {
      found = [...this.names.keys()].filter((column) => (mask & (1 << Math.min(31, column))) !== 0).sort((a, b) => ((this.names[a] as string) < (this.names[b] as string) ? -1 : 1));
      this.#named.set(mask, found);
    }
    return found;
  }

  /** What is asked of a column, and `more` units of it, in Kubernetes' notation. */
  textOf({ amounts, beyond }: Pick<Resources, "amounts" | "beyond">, column: number, more = 0): string {
    const nano = beyond?.get(column);
    if (nano === undefined) return this.text(column, more == 0 ? (amounts[column] as number) : (amounts[column] as number) + more);
    return textOfNano(nano + BigInt(more) * (this.#columns[column] as Column).unit, this.names[column] as string);
  }

  text(column: number, amount: number): string {
    const { printed, unit } = this.#columns[column] as Column;
    let text = printed.get(amount);
    if (text === undefined) printed.set(amount, (text = textOf(amount, unit, this.names[column] as string)));
    return text;
  }
}

const NANO = 1_000_000_000n;
const NANO_OF_MILLI = 1_000_000n;
const LIMIT = BigInt(Number.MAX_SAFE_INTEGER);

function read(column: Column, text: string): void {
  const plain = plainAmount(text);
  if (plain === undefined) {
    column.texts.set(text, Number.NaN);
    column.odd.push(text);
    return;
  }
  if (plain.milli && !column.milli) {
    column.milli = true;
    column.divisor *= 1000;
    column.largest *= 1000;
  }
  const value = plain.milli || !column.milli ? plain.value : plain.value * 1000;
  column.texts.set(text, value);
  column.divisor = divisorOf(column.divisor, value);
  if (value > column.largest) column.largest = value;
}

/** Turns the amounts read so far into units. Milli amounts may have come after whole ones, so values are read again where both are there. */
function settle(column: Column, terms: number, exact: boolean): void {
  if (column.largest <= Number.MAX_SAFE_INTEGER && !exact) {
    const base = column.milli ? NANO_OF_MILLI : NANO;
    // The few odd ones, such as limits beyond 2^53, join the others' divisor.
    let shared = BigInt(column.divisor);
    let most = BigInt(column.largest);
    for (const text of column.odd) {
      const nano = size(nanoOf(text));
      shared = nano % base === 0n ? greatestDivisor(shared, nano / base) : -1n;
      if (nano / base > most) most = nano / base;
      if (shared === -1n) break;
    }
    const divisor = Number(shared === 0n ? 1n : shared);
    if (shared >= 0n && shared <= LIMIT && (Number(most) / divisor) * (terms + 2) <= Number.MAX_SAFE_INTEGER) {
      column.unit = BigInt(divisor) * base;
      for (const [text, value] of column.texts) {
        if (Number.isNaN(value)) column.texts.set(text, Number(nanoOf(text) / column.unit));
        else column.texts.set(text, (column.milli ? milliOf(text, value) : value) / divisor);
      }
      return;
    }
  }
  if (!exact && setBeyond(column, terms)) return;
  let unit = 0n;
  for (const text of column.texts.keys()) unit = greatestDivisor(unit, size(nanoOf(text)));
  rescale(column, unit, terms);
}

/**
 * Where only demands are too large: those that nothing there is or may be could ever meet are one unit more than the most there is. Whatever
 * they are compared with, it comes out the same; true where that brings all the others within exact numbers.
 */
function setBeyond(column: Column, terms: number): boolean {
  const amounts = [...column.texts.keys()].map((text) => [text, nanoOf(text)] as const);
  const most = amounts.slice(0, column.supplied).reduce((so, [, nano]) => (size(nano) > so ? size(nano) : so), 0n);
  const within = amounts.filter(([, nano], index) => index < column.supplied || nano <= most);
  const unit = within.reduce((so, [, nano]) => greatestDivisor(so, size(nano)), 0n) || 1n;
  if (within.length === amounts.length || (most / unit + 1n) * BigInt(terms + 2) > LIMIT) return false;
  column.unit = unit;
  for (const [text, nano] of amounts) column.texts.set(text, Number(nano / unit));
  for (const [text, nano] of amounts.slice(column.supplied)) {
    if (nano <= most) continue;
    column.texts.set(text, Number(most / unit) + 1);
    column.beyond.set(text, nano);
  }
  return true;
}

function rescale(column: Column, unit: bigint, terms: number): void {
  column.unit = unit === 0n ? 1n : unit;
  let largest = 0n;
  for (const text of column.texts.keys()) {
    const units = size(nanoOf(text)) / column.unit;
    if (units > largest) largest = units;
  }
  column.big = largest * BigInt(terms + 2) > LIMIT;
  for (const text of column.texts.keys()) {
    const units = nanoOf(text) / column.unit;
    column.texts.set(text, (column.big ? units : Number(units)) as number);
  }
}

function textOf(amount: number, unit: bigint, resource: string): string {
  const isBig = typeof amount !== "number";
  const milli = !isBig && unit % NANO_OF_MILLI === 0n ? amount * Number(unit / NANO_OF_MILLI) : 0;
  if (milli > 0 && milli <= Number.MAX_SAFE_INTEGER) {
    const binary = isBinary(resource);
    if (milli % 1000 === 0) return plainText(milli / 1000, binary);
    if (!binary) return `${milli}m`;
  }
  return textOfNano(BigInt(amount) * unit, resource);
}

function milliOf(text: string, fallback: number): number {
  const plain = plainAmount(text);
  return plain === undefined ? fallback : plain.milli ? plain.value : plain.value * 1000;
}

function size(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}

function divisorOf(a: number, b: number): number {
  let x = a;
  let y = b;
  while (y !== 0) {
    const rest = x % y;
    x = y;
    y = rest;
  }
  return x;
}

function greatestDivisor(a: bigint, b: bigint): bigint {
  let x = a;
  let y = b;
  while (y !== 0n) {
    const rest = x % y;
    x = y;
    y = rest;
  }
  return x;
}
