import type { LayeredMap } from "./layered-map.ts";

/** A sorted list to be changed in a few places: copied at the first change, so that whoever has the old one keeps it. */
export class SortedCopy<K, T extends K> {
  #items: readonly T[];
  #own: T[] | undefined;
  readonly #compare: (a: K, b: K) => number;

  /** `compare` is a total order on what items go by: zero only for those that stand for the same thing. */
  constructor(items: readonly T[], compare: (a: K, b: K) => number) {
    this.#items = items;
    this.#compare = compare;
  }

  get items(): readonly T[] {
    return this.#items;
  }

  /** Puts an item where it belongs, in the place of its like if there is one. */
  put(item: T): void {
    const at = this.#placeOf(item);
    this.#change().splice(at, this.#isAt(at, item) ? 1 : 0, item);
  }

  /** Takes away the like of an item; false where there is none. */
  drop(item: K): boolean {
    const at = this.#placeOf(item);
    if (!this.#isAt(at, item)) return false;
    this.#change().splice(at, 1);
    return true;
  }

  #isAt(at: number, item: K): boolean {
    return at < this.#items.length && this.#compare(this.#items[at] as T, item) === 0;
  }

  #placeOf(item: K): number {
    let low = 0;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#compare(this.#items[middle] as T, item) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #change(): T[] {
    if (this.#own === undefined) this.#items = this.#own = this.#items.slice();
    return this.#own;
  }
}

/** Sorted lists by key, to be changed in a few places. */
export class SortedGroups<K, T extends K> {
  readonly #lists: LayeredMap<readonly T[]>;
  readonly #compare: (a: K, b: K) => number;
  readonly #copies = new Map<string, SortedCopy<K, T>>();

  constructor(lists: LayeredMap<readonly T[]>, compare: (a: K, b: K) => number) {
    this.#lists = lists;
    this.#compare = compare;
  }

  of(key: string): SortedCopy<K, T> {
    let copy = this.#copies.get(key);
    if (copy === undefined) this.#copies.set(key, (copy = new SortedCopy<K, T>(this.#lists.get(key) ?? [], this.#compare)));
    return copy;
  }

  /** Keys that were asked for. */
  get touched(): Iterable<string> {
    return this.#copies.keys();
  }

  /** The lists with all changes; empty ones are gone. */
  get map(): LayeredMap<readonly T[]> {
    return this.#lists.with(new Map([...this.#copies].map(([key, { items }]) => [key, items.length === 0 ? undefined : items])));
  }
}
