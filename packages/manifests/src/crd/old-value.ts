import { isJsonObject, type Json } from "../read/json.ts";
import { deepEqual } from "./deep-equal.ts";
import { fieldSchema } from "./defaulted.ts";
import type { Schema } from "./schema.ts";

/**
 * A value beside the one it replaces. The API server forgives errors in what an update leaves as it was; undefined where nothing corresponds:
 * new fields, elements of lists that have no keys.
 */
export interface Pair {
  readonly value: Json;
  readonly old: Json;
  readonly schema: Schema;
}

export function fieldPair(pair: Pair | undefined, key: string): Pair | undefined {
  if (pair === undefined || !isJsonObject(pair.value) || !isJsonObject(pair.old)) return undefined;
  const schema = fieldSchema(pair.schema, key);
  if (schema === undefined || !Object.hasOwn(pair.value, key) || !Object.hasOwn(pair.old, key)) return undefined;
  return { value: pair.value[key] as Json, old: pair.old[key] as Json, schema };
}

export function itemPair(pair: Pair | undefined, index: number): Pair | undefined {
  if (pair === undefined || pair.schema.type !== "array" || pair.schema.listType !== "map" || !Array.isArray(pair.value) || !Array.isArray(pair.old)) return undefined;
  const value = pair.value[index] as Json;
  if (!isJsonObject(value)) return undefined;
  const old = (pair.old as readonly Json[]).find((item) => isJsonObject(item) && item["type"] === value["type"]);
  return old === undefined ? undefined : { value, old, schema: pair.schema.items };
}

/** Does the update leave the value as it was? */
export function isUnchanged(pair: Pair | undefined): boolean {
  return pair !== undefined && deepEqual(pair.value, pair.old);
}
