import { isJsonObject, type Json, type JsonObject, type Path, shown } from "../read/json.ts";
import { fieldSchema } from "./defaulted.ts";
import { fieldPair, isUnchanged, itemPair, type Pair } from "./old-value.ts";
import type { Pattern, Schema } from "./schema.ts";
import { isDateTime } from "./date-time.ts";
import { type Violation, violation } from "./violation.ts";

/** The path that is being looked at, and what was found so far. */
interface Walk {
  readonly at: (string | number)[];
  readonly found: Violation[];
}

/**
 * What the schema alone says about a value: types, bounds, patterns, required fields.
 *
 * Each kind of check goes by the kind of the value, not of the schema, as in the API server: a text in the place of a list breaks the type and the list's pattern.
 */
export function checkValues(value: Json, schema: Schema, at: Path, pair: Pair | undefined): readonly Violation[] {
  const walk: Walk = { at: [...at], found: [] };
  check(value, schema, walk, pair);
  return walk.found;
}

function check(value: Json, schema: Schema, walk: Walk, pair: Pair | undefined): void {
  const { at } = walk;
  const before = walk.found.length;
  checkType(value, schema, walk);
  if (typeof value === "string") checkText(value, schema, walk);
  else if (typeof value === "number") checkNumber(value, schema, walk);
  else if (Array.isArray(value)) checkList(value, schema, walk, pair);
  if (schema.enum !== undefined && !(typeof value === "string" && schema.enum.includes(value)))
    walk.found.push(violation(at, "FieldValueNotSupported", `${shown(value)} is not supported`, schema.enum.length === 1 ? (schema.enum[0] as string) : `one of ${schema.enum.join(", ")}`));
  if (isJsonObject(value)) checkObject(value, schema, walk, pair);
  if (walk.found.length > before && isUnchanged(pair)) walk.found.length = before;
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

function checkType(value: Json, schema: Schema, { at, found }: Walk): void {
  if (hasType(value, schema)) {
    if (schema.type === "string" && schema.format === "date-time" && !isDateTime(value as string)) found.push(violation(at, "FieldValueTypeInvalid", `${shown(value)} is no time`, "a time such as 2026-08-20T12:00:00Z"));
    return;
  }
  const wrong = violation(at, "FieldValueTypeInvalid", `${shown(value)} has the wrong type`, NAMES[schema.type]);
  found.push(wrong);
  // A field that may be one of two things is refused once as neither, once as the first, and once without a path.
  if (schema.type === "int-or-string" && value !== null) found.push(wrong, { ...wrong, path: "<nil>", reason: "FieldValueInvalid" });
}

interface TextConstraints {
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly pattern?: Pattern;
}

function textConstraints(schema: Schema): TextConstraints {
  if (schema.type === "array") return schema.misplaced ?? {};
  return schema.type === "string" || schema.type === "int-or-string" || schema.type === "quantity" ? schema : {};
}

function checkText(value: string, schema: Schema, { at, found }: Walk): void {
  const { maxLength, minLength, pattern } = textConstraints(schema);
  if (maxLength !== undefined && value.length > maxLength && characters(value, 2 * maxLength + 2) > maxLength) found.push(violation(at, "FieldValueTooLong", `${shown(value)} is too long`, `at most ${maxLength} characters`));
  else if (minLength !== undefined && value.length < minLength) found.push(violation(at, "FieldValueInvalid", `${shown(value)} is empty`, "a text that is not empty"));
  else if (pattern !== undefined && !pattern.test(value)) found.push(violation(at, "FieldValueInvalid", `${shown(value)} is not valid`, pattern.expected));
}

// Characters, not UTF-16 units; only as many units as can hold one character too many are looked at.
function characters(text: string, enough: number): number {
  return text.slice(0, enough).replace(/[\ud800-\udbff][\udc00-\udfff]/g, "x").length;
}

function checkNumber(value: number, schema: Schema, { at, found }: Walk): void {
  if (schema.type !== "integer" && schema.type !== "int-or-string") return;
  const { minimum, maximum } = schema as { readonly minimum?: number; readonly maximum?: number };
  if ((minimum === undefined || value >= minimum) && (maximum === undefined || value <= maximum)) return;
  found.push(violation(at, "FieldValueInvalid", `${shown(value)} is out of range`, maximum === undefined ? `at least ${minimum}` : minimum === undefined ? `at most ${maximum}` : `${minimum} to ${maximum}`));
}

function checkList(value: readonly Json[], schema: Schema, walk: Walk, pair: Pair | undefined): void {
  if (schema.type !== "array") return;
  const { at, found } = walk;
  const { minItems, maxItems, items } = schema;
  value.forEach((item, index) => {
    at.push(index);
    check(item, items, walk, itemPair(pair, index));
    at.pop();
  });
  if (minItems !== undefined && value.length < minItems) found.push(violation(at, "FieldValueInvalid", `${value.length} items`, `at least ${minItems}`));
  else if (maxItems !== undefined && value.length > maxItems) found.push(violation(at, "FieldValueTooMany", `${value.length} items`, `at most ${maxItems}`));
}

function checkObject(value: JsonObject, schema: Schema, walk: Walk, pair: Pair | undefined): void {
  if (schema.type !== "object") return;
  const { at, found } = walk;
  const { maxProperties, required = [] } = schema;
  const names = Object.keys(value);
  if (maxProperties !== undefined && names.length > maxProperties) found.push(violation(at, "FieldValueTooMany", `${names.length} entries`, `at most ${maxProperties}`));
  for (const name of names) {
    const own = fieldSchema(schema, name);
    if (own === undefined) continue;
    at.push(name);
    check(value[name] as Json, own, walk, fieldPair(pair, name));
    at.pop();
  }
  for (const name of required) if (!Object.hasOwn(value, name)) found.push(violation([...at, name], "FieldValueRequired", "missing", NAMES[fieldSchema(schema, name)?.type ?? "object"]));
}
