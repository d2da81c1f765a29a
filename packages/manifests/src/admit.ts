import type { KubeObject } from "@groupless/api";
import { checkRules } from "./crd/check-rules.ts";
import { checkValues } from "./crd/check-values.ts";
import { defaulted, fieldSchema, filled } from "./crd/defaulted.ts";
import { definition, type DefinitionSource, isCustomKind } from "./crd/definitions.ts";
import { object, type Schema } from "./crd/schema.ts";
import { validateCreate } from "./crd/validate.ts";
import { type Violation, violation } from "./crd/violation.ts";
import { contradictions } from "./contradiction.ts";
import { withDerivedDefaults } from "./core/derived-defaults.ts";
import { METADATA } from "./core/metadata.ts";
import { quantityProblems, quantityTexts } from "./core/quantity-texts.ts";
import { CORE_SCHEMAS } from "./core/schemas.ts";
import { isNamespaced } from "./kinds.ts";
import { isJsonObject, type JsonObject, shown } from "./read/json.ts";

/** An object as the API server would store it, or why it would not. */
export type Admission = { readonly object: KubeObject } | { readonly violations: readonly Violation[] };

/** What the API server does with a new object of a known kind: default it, check it. */
export function admit(source: JsonObject, definitions: DefinitionSource): Admission {
  const { kind, metadata } = source;
  if (!isJsonObject(metadata)) return { violations: [violation(["metadata"], metadata === undefined ? "FieldValueRequired" : "FieldValueTypeInvalid", metadata === undefined ? "missing" : `${shown(metadata)} has the wrong type`, "an object with a name")] };
  // Who set which field is nobody's business here, and half of every dump.
  const kept = Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== "managedFields"));
  const named: JsonObject = { ...source, metadata: isNamespaced(kind as string) && (kept["namespace"] ?? "") === "" ? { ...kept, namespace: "default" } : kept };
  return isCustomKind(kind) ? admitCustom(named, definition(kind, definitions), definitions) : admitCore(named, CORE_SCHEMAS[kind as keyof typeof CORE_SCHEMAS]);
}

function admitCustom(source: JsonObject, schema: Schema, definitions: DefinitionSource): Admission {
  const metadata = filled(source["metadata"] as JsonObject, METADATA);
  const value = defaulted({ ...source, metadata }, schema);
  // The API server does not look at the status of what is created; here it must at least have the shape that readers rely on.
  const { status, ...stored } = value;
  const violations = [
    ...checked(metadata, METADATA).map((found) => under("metadata", found)),
    // The answer without a path repeats one that has it.
    ...validateCreate(stored, { definitions }).errors.filter(({ path }) => path !== "<nil>"),
    ...(status === undefined ? [] : checkValues({ status }, statusOf(schema), [], undefined).filter(({ reason }) => reason === "FieldValueTypeInvalid")),
    ...quantityProblems(value, schema),
  ];
  if (violations.length > 0) return { violations };
  const done = quantityTexts(value, schema) as unknown as KubeObject;
  const contradicting = done.kind === "NodePool" ? contradictions(done) : [];
  return contradicting.length > 0 ? { violations: contradicting } : { object: done };
}

function admitCore(source: JsonObject, schema: Schema): Admission {
  const value = filled(source, schema);
  const violations = [...checked(value, schema), ...quantityProblems(value, schema)];
  return violations.length > 0 ? { violations } : { object: withDerivedDefaults(quantityTexts(value, schema) as JsonObject) as unknown as KubeObject };
}

function checked(value: JsonObject, schema: Schema): readonly Violation[] {
  const found = checkValues(value, schema, [], undefined).filter(({ path }) => path !== "<nil>");
  return found.length > 0 ? found : checkRules(value, schema, [], undefined);
}

function statusOf(schema: Schema): Schema {
  const status = fieldSchema(schema, "status");
  return object(status === undefined ? {} : { status });
}

function under(field: string, found: Violation): Violation {
  const at = [field, ...found.at];
  return { ...found, ...violation(at, found.reason, found.problem, found.expected) };
}
