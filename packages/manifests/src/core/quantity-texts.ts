import { parseQuantity, QuantityError, signOf } from "@groupless/quantity";
import type { Schema } from "../crd/schema.ts";
import { fieldSchema } from "../crd/defaulted.ts";
import { QUANTITY_TEXT } from "../crd/patterns.ts";
import { type Violation, violation } from "../crd/violation.ts";
import { isJsonObject, type Json, type Path, shown } from "../read/json.ts";

function isQuantity(schema: Schema): boolean {
  return schema.type === "quantity" || (schema.type === "int-or-string" && schema.pattern === QUANTITY_TEXT);
}

/** Quantities written as numbers, as the texts that the interfaces promise. */
export function quantityTexts(value: Json, schema: Schema): Json {
  if (isQuantity(schema)) return typeof value === "number" ? String(value) : value;
  if (Array.isArray(value)) return schema.type === "array" ? (value as readonly Json[]).map((item) => quantityTexts(item, schema.items)) : value;
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const own = fieldSchema(schema, key);
      return [key, own === undefined ? item : quantityTexts(item, own)];
    }),
  );
}

// More digits than any resource needs, few enough to compute with.
const LONGEST = 256;

/** Quantities that are none although they look like it (`1e1.5`), or are below zero: nothing that this SDK reads can be negative. */
export function quantityProblems(value: Json, schema: Schema, at: Path = []): readonly Violation[] {
  if (isQuantity(schema)) return typeof value === "number" || typeof value === "string" ? problemOf(String(value), at) : [];
  if (Array.isArray(value)) return schema.type === "array" ? (value as readonly Json[]).flatMap((item, index) => quantityProblems(item, schema.items, [...at, index])) : [];
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const own = fieldSchema(schema, key);
    return own === undefined ? [] : quantityProblems(item, own, [...at, key]);
  });
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
