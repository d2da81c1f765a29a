import { isJsonObject, type Json, type JsonObject } from "../read/json.ts";
import type { Schema } from "./schema.ts";

/**
 * What the API server stores of an object: fields it does not know are gone, nulls too (they count as not set), defaults are filled in.
 *
 * The metadata is kept as it is. A value of the wrong type stays, for the checks to refuse.
 */
export function defaulted(root: JsonObject, schema: Schema): JsonObject {
  const { apiVersion, kind, metadata, ...rest } = root;
  const fields = fill(prune(rest, schema) as JsonObject, schema) as JsonObject;
  return { ...(apiVersion === undefined ? {} : { apiVersion }), ...(kind === undefined ? {} : { kind }), ...(metadata === undefined ? {} : { metadata }), ...fields };
}

/** Any object with the defaults of its schema, and without nulls. */
export function filled(value: JsonObject, schema: Schema): JsonObject {
  return fill(prune(value, schema), schema) as JsonObject;
}

// Inside a field that is kept unread: objects of objects and lists of them.
const ANYTHING: Schema = { type: "object", open: true };

// Both passes give back what they were given where nothing changes: most of a large dump is copied nowhere.

function prune(value: Json, schema: Schema | undefined): Json {
  if (Array.isArray(value)) return mapped(value as readonly Json[], (item) => prune(item, schema?.type === "array" ? schema.items : schema === ANYTHING ? ANYTHING : undefined));
  if (!isJsonObject(value)) return value;
  const keepsUnknown = schema?.type === "object" && schema.open === true;
  let changed = false;
  const kept: [string, Json][] = [];
  for (const key of Object.keys(value)) {
    const item = value[key] as Json;
    const own = fieldSchema(schema, key) ?? (keepsUnknown ? ANYTHING : undefined);
    if (own === undefined || (item === null && own.default === undefined)) {
      changed = true;
      continue;
    }
    const pruned = prune(item, own);
    if (pruned !== item) changed = true;
    kept.push([key, pruned]);
  }
  return changed ? Object.fromEntries(kept) : value;
}

function fill(value: Json, schema: Schema): Json {
  if (Array.isArray(value)) return schema.type === "array" ? mapped(value as readonly Json[], (item) => fill(item, schema.items)) : value;
  if (!isJsonObject(value) || schema.type !== "object") return value;
  let changed = false;
  const fields: [string, Json][] = [];
  for (const key of Object.keys(value)) {
    const item = value[key] as Json;
    const own = fieldSchema(schema, key);
    if (item === null && own?.default !== undefined) {
      changed = true;
      continue;
    }
    const filledItem = own === undefined ? item : fill(item, own);
    if (filledItem !== item) changed = true;
    fields.push([key, filledItem]);
  }
  for (const key in schema.properties) {
    const own = schema.properties[key] as Schema;
    if (own.default === undefined || (Object.hasOwn(value, key) && value[key] !== null)) continue;
    changed = true;
    fields.push([key, fill(own.default, own)]);
  }
  return changed ? Object.fromEntries(fields) : value;
}

function mapped(list: readonly Json[], change: (item: Json) => Json): readonly Json[] {
  let changed = false;
  const items = list.map((item) => {
    const done = change(item);
    if (done !== item) changed = true;
    return done;
  });
  return changed ? items : list;
}

/** The schema of a field: its own, or that of free-form values. */
export function fieldSchema(schema: Schema | undefined, key: string): Schema | undefined {
  if (schema?.type !== "object") return undefined;
  return schema.properties !== undefined && Object.hasOwn(schema.properties, key) ? schema.properties[key] : schema.values;
}
