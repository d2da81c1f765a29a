import { InputError } from "@groupless/api";
import { isJsonObject, type Json, type JsonObject, shown } from "../read/json.ts";
import { checkLists } from "./check-lists.ts";
import { checkRules } from "./check-rules.ts";
import { checkValues } from "./check-values.ts";
import { defaulted } from "./defaulted.ts";
import { definition, type DefinitionSource, isCustomKind } from "./definitions.ts";
import type { Schema } from "./schema.ts";
import type { Violation } from "./violation.ts";

/** Against which definitions an object is checked. */
export interface DefinitionOptions {
  /** Whose definitions hold; the AWS provider's by default. */
  readonly definitions?: DefinitionSource;
}

/** What the API server would answer. */
export interface Validation {
  readonly valid: boolean;
  /** Sorted by path, reason and rule. */
  readonly errors: readonly Violation[];
  /** Whether the cross-field rules were asked at all: not when a field is missing, of the wrong type, or outside what is supported. */
  readonly rulesRun: boolean;
}

const BLOCKING: ReadonlySet<string> = new Set(["FieldValueRequired", "FieldValueNotSupported", "FieldValueTypeInvalid", "FieldValueTooMany", "FieldValueTooLong"]);

/**
 * Would the API server take this new NodePool, NodeClaim, NodeOverlay, CapacityBuffer or EC2NodeClass? Unknown fields are dropped and defaults applied first, as there.
 *
 * The object's metadata is not looked at.
 *
 * @throws InputError `unknown-kind` for any other kind
 */
export function validateCreate(object: unknown, options: DefinitionOptions = {}): Validation {
  const schema = schemaOf(object, options);
  const value = defaulted(object as JsonObject, schema);
  return answer(value, [...checkValues(withoutMetadata(value), schema, [], undefined), ...checkLists(withoutMetadata(value), schema, [])], schema, undefined);
}

/** Would the API server take this update? Errors in what the update leaves as it was are forgiven. */
export function validateUpdate(object: unknown, oldObject: unknown, options: DefinitionOptions = {}): Validation {
  const schema = schemaOf(object, options);
  const value = defaulted(object as JsonObject, schema);
  const old = withoutMetadata(defaulted(oldObject as JsonObject, schema));
  const lists = checkLists(old, schema, []).length === 0 ? checkLists(withoutMetadata(value), schema, []) : [];
  return answer(value, [...checkValues(withoutMetadata(value), schema, [], { value: withoutMetadata(value), old, schema }), ...lists], schema, old);
}

/**
 * The object as the API server would store it: without the fields that its definition does not know, with defaults.
 *
 * @throws InputError `unknown-kind`
 */
export function applyDefaults(object: unknown, options: DefinitionOptions = {}): Json {
  return defaulted(object as JsonObject, schemaOf(object, options));
}

function answer(value: JsonObject, found: readonly Violation[], schema: Schema, old: JsonObject | undefined): Validation {
  const rulesRun = !found.some(({ reason }) => BLOCKING.has(reason));
  const fields = withoutMetadata(value);
  const errors = [...found, ...(rulesRun ? checkRules(fields, schema, [], old === undefined ? undefined : { value: fields, old, schema }) : [])];
  const key = ({ path, reason, rule = "" }: Violation): string => `${path}|${reason}|${rule}`;
  return { valid: errors.length === 0, errors: errors.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0)), rulesRun };
}

function withoutMetadata(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !["apiVersion", "kind", "metadata"].includes(key)));
}

function schemaOf(object: unknown, { definitions = "aws" }: DefinitionOptions): Schema {
  const kind = isJsonObject(object as Json) ? (object as JsonObject)["kind"] : undefined;
  if (!isCustomKind(kind)) throw new InputError("unknown-kind", `kind ${shown(kind)}`, { path: "kind", expected: "NodePool, NodeClaim, NodeOverlay, CapacityBuffer or EC2NodeClass" });
  return definition(kind, definitions);
}
