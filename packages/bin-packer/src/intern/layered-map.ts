/**
 * A map that is changed by copies: what is new lies over a base that all copies share, until so much lies there that it is laid in.
 *
 * A copy with a few changes costs about the square root of the map's size, whoever else still reads the one it came from.
 */
export class LayeredMap<V> {
  readonly #base: ReadonlyMap<string, V>;
  /** Undefined stands for what is gone. */
  readonly #over: ReadonlyMap<string, V | undefined>;

  constructor(base: ReadonlyMap<string, V>, over: ReadonlyMap<string, V | undefined> = NOTHING) {
    this.#base = base;
    this.#over = over;
  }

  get(key: string): V | undefined {
    if (this.#over.size === 0) return this.#base.get(key);
    const found = this.#over.get(key);
    return found === undefined && !this.#over.has(key) ? this.#base.get(key) : found;
  }

  /** All values, in no order that means anything. */
  *values(): Iterable<V> {
    for (const [key, value] of this.#base) if (!this.#over.has(key)) yield value;
    for (const value of this.#over.values()) if (value !== undefined) yield value;
  }

  /** A copy with these changes; undefined takes away. */
  with(changes: ReadonlyMap<string, V | undefined>): LayeredMap<V> {
    if (changes.size === 0) return this;
    const over = new Map(this.#over);
    for (const [key, value] of changes) over.set(key, value);
    if (over.size * over.size <= 2 * this.#base.size + 256) return new LayeredMap(this.#base, over);
    const base = new Map(this.#base);
    for (const [key, value] of over) {
      if (value === undefined) base.delete(key);
      else base.set(key, value);
    }
    return new LayeredMap(base);
  }
}

const NOTHING: ReadonlyMap<string, never> = /* @__PURE__ */ new Map<string, never>();
