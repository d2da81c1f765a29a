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

function prune(value: Json, schema: Schema | undefined): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => prune(item, schema?.type === "array" ? schema.items : schema === ANYTHING ? ANYTHING : undefined));
  if (!isJsonObject(value)) return value;
  const kept: [string, Json][] = [];
  for (const [key, item] of Object.entries(value)) {
    const own = fieldSchema(schema, key) ?? (schema?.type === "object" && schema.open === true ? ANYTHING : undefined);
    if (own === undefined || (item === null && own.default === undefined)) continue;
    kept.push([key, prune(item, own)]);
  }
  return Object.fromEntries(kept);
}

function fill(value: Json, schema: Schema): Json {
  if (Array.isArray(value)) return schema.type === "array" ? (value as readonly Json[]).map((item) => fill(item, schema.items)) : value;
  if (!isJsonObject(value) || schema.type !== "object") return value;
  const fields: [string, Json][] = Object.entries(value).filter(([key, item]) => item !== null || fieldSchema(schema, key)?.default === undefined);
  const present = new Set(fields.map(([key]) => key));
  for (const [key, own] of Object.entries(schema.properties ?? {})) if (own.default !== undefined && !present.has(key)) fields.push([key, own.default]);
  return Object.fromEntries(
    fields.map(([key, item]) => {
      const own = fieldSchema(schema, key);
      return [key, own === undefined ? item : fill(item, own)];
    }),
  );
}

/** The schema of a field: its own, or that of free-form values. */
export function fieldSchema(schema: Schema | undefined, key: string): Schema | undefined {
  if (schema?.type !== "object") return undefined;
  return schema.properties !== undefined && Object.hasOwn(schema.properties, key) ? schema.properties[key] : schema.values;
}
