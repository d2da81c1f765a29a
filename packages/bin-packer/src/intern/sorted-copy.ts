/** A sorted list to be changed in a few places: copied at the first change, so that whoever has the old one keeps it. */
export class SortedCopy<T> {
  #items: readonly T[];
  #own: T[] | undefined;
  readonly #compare: (a: T, b: T) => number;

  /** `compare` is a total order: zero only for items that stand for the same thing. */
  constructor(items: readonly T[], compare: (a: T, b: T) => number) {
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
  drop(item: T): boolean {
    const at = this.#placeOf(item);
    if (!this.#isAt(at, item)) return false;
    this.#change().splice(at, 1);
    return true;
  }

  #isAt(at: number, item: T): boolean {
    return at < this.#items.length && this.#compare(this.#items[at] as T, item) === 0;
  }

  #placeOf(item: T): number {
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
