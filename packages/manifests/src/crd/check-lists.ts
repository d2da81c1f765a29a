import { isJsonObject, type Json, type Path, shown } from "../read/json.ts";
import { fieldSchema } from "./defaulted.ts";
import type { Schema } from "./schema.ts";
import { type Violation, violation } from "./violation.ts";

/** Repeated elements of sets, and repeated keys of keyed lists. Each repeated value is reported once, at its second place. */
export function checkLists(value: Json, schema: Schema, at: Path): readonly Violation[] {
  if (Array.isArray(value)) {
    if (schema.type !== "array") return [];
    const items = value as readonly Json[];
    const own = schema.listType === undefined ? [] : repeated(schema.listType === "set" ? items : items.map(keyOf)).map((index) => violation([...at, index], "FieldValueDuplicate", `${shown(items[index])} stands twice`, "each once"));
    return [...own, ...items.flatMap((item, index) => checkLists(item, schema.items, [...at, index]))];
  }
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const own = fieldSchema(schema, key);
    return own === undefined ? [] : checkLists(item, own, [...at, key]);
  });
}

function keyOf(item: Json): Json {
  return isJsonObject(item) ? (item["type"] ?? null) : null;
}

function repeated(keys: readonly Json[]): readonly number[] {
  const seen = new Map<string, number>();
  return keys.flatMap((key, index) => {
    const text = JSON.stringify(key);
    const times = (seen.get(text) ?? 0) + 1;
    seen.set(text, times);
    return times === 2 ? [index] : [];
  });
}
