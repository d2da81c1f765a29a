import { type KubeObject, nameOf } from "@groupless/api";
import type { WatchEvent } from "../cluster.ts";
import { LayeredMap } from "../intern/layered-map.ts";

/** What one object was and is; undefined: not there. */
export interface ObjectChange {
  readonly before: KubeObject | undefined;
  readonly after: KubeObject | undefined;
}

/** An object, and its place among all that ever came. */
interface Slot {
  readonly object: KubeObject;
  readonly place: number;
}

/** The objects of a cluster by kind and name, in the order they came; changed by copies. */
export class ObjectIndex {
  readonly #slots: LayeredMap<Slot>;
  readonly size: number;
  /** The place of the next to come. */
  readonly #next: number;
  #objects: readonly KubeObject[] | undefined;

  private constructor(slots: LayeredMap<Slot>, size: number, next: number) {
    this.#slots = slots;
    this.size = size;
    this.#next = next;
  }

  /** Undefined where two objects have one name: messages about it could mean either. */
  static of(objects: readonly KubeObject[]): ObjectIndex | undefined {
    const slots = new Map<string, Slot>();
    for (let place = 0; place < objects.length; place++) slots.set(objectKey(objects[place] as KubeObject), { object: objects[place] as KubeObject, place });
    return slots.size === objects.length ? new ObjectIndex(new LayeredMap(slots), objects.length, objects.length) : undefined;
  }

  get objects(): readonly KubeObject[] {
    if (this.#objects === undefined) {
      const slots = [...this.#slots.values()];
      let isInOrder = true;
      for (let i = 1; isInOrder && i < slots.length; i++) isInOrder = (slots[i - 1] as Slot).place < (slots[i] as Slot).place;
      this.#objects = (isInOrder ? slots : slots.sort((a, b) => a.place - b.place)).map(({ object }) => object);
    }
    return this.#objects;
  }

  /** After some messages, in the order they came; and what they come to, object by object. */
  after(events: readonly WatchEvent[]): { readonly index: ObjectIndex; readonly changes: ReadonlyMap<string, ObjectChange> } {
    const moved = new Map<string, Slot | undefined>();
    const changes = new Map<string, ObjectChange>();
    let { size } = this;
    let next = this.#next;
    for (const { type, object } of events) {
      const key = objectKey(object);
      const slot = moved.has(key) ? moved.get(key) : this.#slots.get(key);
      const after = type === "DELETED" ? undefined : object;
      const known = changes.get(key);
      changes.set(key, { before: known === undefined ? slot?.object : known.before, after });
      if (after === undefined) {
        if (slot === undefined) continue;
        moved.set(key, undefined);
        size--;
      } else {
        moved.set(key, { object: after, place: slot === undefined ? next++ : slot.place });
        if (slot === undefined) size++;
      }
    }
    for (const [key, { before, after }] of changes) if (before === after) changes.delete(key);
    return { index: new ObjectIndex(this.#slots.with(moved), size, next), changes };
  }
}

/** Kind, namespace and name. */
export function objectKey(object: KubeObject): string {
  return `${object.kind}/${nameOf(object)}`;
}
