import { isJsonObject, type Json, type Path, shown } from "../read/json.ts";
import { fieldSchema } from "./defaulted.ts";
import { fieldPair, isUnchanged, itemPair, type Pair } from "./old-value.ts";
import type { Schema } from "./schema.ts";
import { isDateTime } from "./date-time.ts";
import { type Violation, violation } from "./violation.ts";

/**
 * What the schema alone says about a value: types, bounds, patterns, required fields.
 *
 * Each kind of check goes by the kind of the value, not of the schema, as in the API server: a text in the place of a list breaks the type and the list's pattern.
 */
export function checkValues(value: Json, schema: Schema, at: Path, pair: Pair | undefined): readonly Violation[] {
  const found = [...checkType(value, schema, at), ...checkText(value, schema, at), ...checkNumber(value, schema, at), ...checkList(value, schema, at, pair), ...checkEnum(value, schema, at), ...checkObject(value, schema, at, pair)];
  return isUnchanged(pair) ? [] : found;
}

const NAMES: Readonly<Record<Schema["type"], string>> = { object: "an object", array: "a list", string: "a text", integer: "an integer", boolean: "true or false", "int-or-string": "an integer or a text", quantity: "a quantity such as 500m or 16Gi" };

function hasType(value: Json, schema: Schema): boolean {
  switch (schema.type) {
    case "object":
      return isJsonObject(value);
    case "array":
      return Array.isArray(value);
    case "string":
      return typeof value === "string";
    case "integer":
      return Number.isInteger(value);
    case "boolean":
      return typeof value === "boolean";
    case "int-or-string":
      return typeof value === "string" || Number.isInteger(value);
    case "quantity":
      return typeof value === "string" || typeof value === "number";
  }
}

function checkType(value: Json, schema: Schema, at: Path): readonly Violation[] {
  if (hasType(value, schema)) {
    const badTime = schema.type === "string" && schema.format === "date-time" && !isDateTime(value as string);
    return badTime ? [violation(at, "FieldValueTypeInvalid", `${shown(value)} is no time`, "a time such as 2026-08-20T12:00:00Z")] : [];
  }
  const wrong = violation(at, "FieldValueTypeInvalid", `${shown(value)} has the wrong type`, NAMES[schema.type]);
  // A field that may be one of two things is refused once as neither, once as the first, and once without a path.
  return schema.type === "int-or-string" && value !== null ? [wrong, wrong, { ...wrong, path: "<nil>", reason: "FieldValueInvalid" }] : [wrong];
}

function checkText(value: Json, schema: Schema, at: Path): readonly Violation[] {
  if (typeof value !== "string") return [];
  const constraints = schema.type === "array" ? (schema.misplaced ?? {}) : schema.type === "string" ? schema : schema.type === "int-or-string" || schema.type === "quantity" ? { pattern: schema.pattern } : {};
  const { maxLength, minLength, pattern } = constraints as { readonly maxLength?: number; readonly minLength?: number; readonly pattern?: { readonly test: (text: string) => boolean; readonly expected: string } };
  if (maxLength !== undefined && value.length > maxLength && characters(value, 2 * maxLength + 2) > maxLength) return [violation(at, "FieldValueTooLong", `${shown(value)} is too long`, `at most ${maxLength} characters`)];
  if (minLength !== undefined && value.length < minLength) return [violation(at, "FieldValueInvalid", `${shown(value)} is empty`, "a text that is not empty")];
  return pattern === undefined || pattern.test(value) ? [] : [violation(at, "FieldValueInvalid", `${shown(value)} is not valid`, pattern.expected)];
}

// Characters, not UTF-16 units; only as many units as can hold one character too many are looked at.
function characters(text: string, enough: number): number {
  return text.slice(0, enough).replace(/[\ud800-\udbff][\udc00-\udfff]/g, "x").length;
}

function checkNumber(value: Json, schema: Schema, at: Path): readonly Violation[] {
  if (typeof value !== "number" || (schema.type !== "integer" && schema.type !== "int-or-string")) return [];
  const { minimum, maximum } = schema as { readonly minimum?: number; readonly maximum?: number };
  if ((minimum === undefined || value >= minimum) && (maximum === undefined || value <= maximum)) return [];
  return [violation(at, "FieldValueInvalid", `${shown(value)} is out of range`, maximum === undefined ? `at least ${minimum}` : minimum === undefined ? `at most ${maximum}` : `${minimum} to ${maximum}`)];
}

function checkEnum(value: Json, schema: Schema, at: Path): readonly Violation[] {
  if (schema.enum === undefined || (typeof value === "string" && schema.enum.includes(value))) return [];
  return [violation(at, "FieldValueNotSupported", `${shown(value)} is not supported`, schema.enum.length === 1 ? (schema.enum[0] as string) : `one of ${schema.enum.join(", ")}`)];
}

function checkList(value: Json, schema: Schema, at: Path, pair: Pair | undefined): readonly Violation[] {
  if (!Array.isArray(value) || schema.type !== "array") return [];
  const { minItems, maxItems, items } = schema;
  const found = (value as readonly Json[]).flatMap((item, index) => checkValues(item, items, [...at, index], itemPair(pair, index)));
  if (minItems !== undefined && value.length < minItems) return [...found, violation(at, "FieldValueInvalid", `${value.length} items`, `at least ${minItems}`)];
  if (maxItems !== undefined && value.length > maxItems) return [...found, violation(at, "FieldValueTooMany", `${value.length} items`, `at most ${maxItems}`)];
  return found;
}

function checkObject(value: Json, schema: Schema, at: Path, pair: Pair | undefined): readonly Violation[] {
  if (!isJsonObject(value) || schema.type !== "object") return [];
  const { maxProperties, required = [] } = schema;
  const names = Object.keys(value);
  const found: Violation[] = [];
  if (maxProperties !== undefined && names.length > maxProperties) found.push(violation(at, "FieldValueTooMany", `${names.length} entries`, `at most ${maxProperties}`));
  for (const name of names) {
    const own = fieldSchema(schema, name);
    if (own !== undefined) found.push(...checkValues(value[name] as Json, own, [...at, name], fieldPair(pair, name)));
  }
  for (const name of required) if (!Object.hasOwn(value, name)) found.push(violation([...at, name], "FieldValueRequired", "missing", NAMES[fieldSchema(schema, name)?.type ?? "object"]));
  return found;
}
