import { parseQuantity, QuantityError, signOf } from "@groupless/quantity";
import type { Schema } from "../crd/schema.ts";
import { fieldSchema } from "../crd/defaulted.ts";
import { QUANTITY_TEXT } from "../crd/patterns.ts";
import { type Violation, violation } from "../crd/violation.ts";
import { isJsonObject, type Json, type Path, shown } from "../read/json.ts";

function isQuantity(schema: Schema): boolean {
  return schema.type === "quantity" || (schema.type === "int-or-string" && schema.pattern === QUANTITY_TEXT);
}

/** Quantities written as numbers, as the texts that the interfaces promise. Gives back what it was given where there are none. */
export function quantityTexts(value: Json, schema: Schema): Json {
  if (isQuantity(schema)) return typeof value === "number" ? String(value) : value;
  if (Array.isArray(value)) {
    if (schema.type !== "array") return value;
    const items = (value as readonly Json[]).map((item) => quantityTexts(item, schema.items));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (!isJsonObject(value)) return value;
  let changed = false;
  const fields = Object.keys(value).map((key): [string, Json] => {
    const item = value[key] as Json;
    const own = fieldSchema(schema, key);
    const done = own === undefined ? item : quantityTexts(item, own);
    if (done !== item) changed = true;
    return [key, done];
  });
  return changed ? Object.fromEntries(fields) : value;
}

// More digits than any resource needs, few enough to compute with.
const LONGEST = 256;

/** Quantities that are none although they look like it (`1e1.5`), or are below zero: nothing that this SDK reads can be negative. */
export function quantityProblems(value: Json, schema: Schema, at: Path = []): readonly Violation[] {
  const found: Violation[] = [];
  look(value, schema, [...at], found);
  return found;
}

function look(value: Json, schema: Schema, at: (string | number)[], found: Violation[]): void {
  if (isQuantity(schema)) {
    if (typeof value === "number" || typeof value === "string") found.push(...problemOf(String(value), at));
  } else if (schema.type === "array" && Array.isArray(value)) {
    (value as readonly Json[]).forEach((item, index) => {
      at.push(index);
      look(item, schema.items, at, found);
      at.pop();
    });
  } else if (schema.type === "object" && isJsonObject(value)) {
    for (const key of Object.keys(value)) {
      const own = fieldSchema(schema, key);
      if (own === undefined) continue;
      at.push(key);
      look(value[key] as Json, own, at, found);
      at.pop();
    }
  }
}

function problemOf(text: string, at: Path): readonly Violation[] {
  if (text.length > LONGEST) return [violation(at, "FieldValueTooLong", `${shown(text)} is too long`, `at most ${LONGEST} characters`)];
  try {
    return signOf(parseQuantity(text)) < 0 ? [violation(at, "FieldValueInvalid", `${shown(text)} is negative`, "a quantity of at least 0")] : [];
  } catch (error) {
    if (!(error instanceof QuantityError)) throw error;
    // Where the pattern has spoken already, this would only repeat it.
    return QUANTITY_TEXT.test(text) ? [violation(at, "FieldValueInvalid", `${shown(text)} is not valid`, QUANTITY_TEXT.expected)] : [];
  }
}
