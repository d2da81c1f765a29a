import { type KubeObject, nameOf } from "@groupless/api";
import type { WatchEvent } from "../cluster.ts";
import { LayeredMap } from "../intern/layered-map.ts";

/** What one object was and is; undefined: not there. */
export interface ObjectChange {
  readonly before: KubeObject | undefined;
  readonly after: KubeObject | undefined;
}

/** The objects of a cluster by kind and name, in the order they came; changed by copies. */
export class ObjectIndex {
  /** An object each, undefined where one is gone. */
  readonly #slots: readonly (KubeObject | undefined)[];
  readonly #slotOf: LayeredMap<number>;
  readonly #gone: number;
  #objects: readonly KubeObject[] | undefined;

  private constructor(slots: readonly (KubeObject | undefined)[], slotOf: LayeredMap<number>, gone: number) {
    this.#slots = slots;
    this.#slotOf = slotOf;
    this.#gone = gone;
  }

  /** Undefined where two objects have one name: messages about it could mean either. */
  static of(objects: readonly KubeObject[]): ObjectIndex | undefined {
    const slotOf = new Map<string, number>();
    for (let slot = 0; slot < objects.length; slot++) slotOf.set(objectKey(objects[slot] as KubeObject), slot);
    return slotOf.size === objects.length ? new ObjectIndex(objects, new LayeredMap(slotOf), 0) : undefined;
  }

  get size(): number {
    return this.#slots.length - this.#gone;
  }

  get objects(): readonly KubeObject[] {
    return (this.#objects ??= this.#gone === 0 ? (this.#slots as readonly KubeObject[]) : this.#slots.filter((object) => object !== undefined));
  }

  get(key: string): KubeObject | undefined {
    const slot = this.#slotOf.get(key);
    return slot === undefined ? undefined : this.#slots[slot];
  }

  /** After some messages, in the order they came; and what they come to, object by object. */
  after(events: readonly WatchEvent[]): { readonly index: ObjectIndex; readonly changes: ReadonlyMap<string, ObjectChange> } {
    const slots = this.#slots.slice();
    const moved = new Map<string, number | undefined>();
    const changes = new Map<string, ObjectChange>();
    let gone = this.#gone;
    for (const { type, object } of events) {
      const key = objectKey(object);
      const slot = moved.has(key) ? moved.get(key) : this.#slotOf.get(key);
      const after = type === "DELETED" ? undefined : object;
      const known = changes.get(key);
      changes.set(key, { before: known === undefined ? (slot === undefined ? undefined : slots[slot]) : known.before, after });
      if (after === undefined) {
        if (slot === undefined) continue;
        slots[slot] = undefined;
        moved.set(key, undefined);
        gone++;
      } else if (slot === undefined) {
        moved.set(key, slots.length);
        slots.push(after);
      } else slots[slot] = after;
    }
    for (const [key, { before, after }] of changes) if (before === after) changes.delete(key);
    const index = gone * 2 > slots.length + 64 ? (ObjectIndex.of(slots.filter((object) => object !== undefined)) as ObjectIndex) : new ObjectIndex(slots, this.#slotOf.with(moved), gone);
    return { index, changes };
  }
}

/** Kind, namespace and name. */
export function objectKey(object: KubeObject): string {
  return `${object.kind}/${nameOf(object)}`;
}
