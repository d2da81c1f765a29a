import { fieldSchema } from "./crd/defaulted.ts";
import { definition, type DefinitionSource, isCustomKind } from "./crd/definitions.ts";
import type { Schema } from "./crd/schema.ts";
import { isJsonObject, type Json, type JsonObject, type Path } from "./read/json.ts";

/** The fields of a Karpenter object that its definition does not know. Kubernetes' own kinds have more fields than are listed here: none of theirs is unknown. */
export function unknownFieldsOf(object: JsonObject, definitions: DefinitionSource): readonly Path[] {
  const { kind } = object;
  if (!isCustomKind(kind)) return [];
  const rest = Object.fromEntries(Object.entries(object).filter(([key]) => !["apiVersion", "kind", "metadata"].includes(key)));
  return unknown(rest, definition(kind, definitions), []);
}

function unknown(value: Json, schema: Schema, at: Path): readonly Path[] {
  if (Array.isArray(value)) return schema.type === "array" ? (value as readonly Json[]).flatMap((item, index) => unknown(item, schema.items, [...at, index])) : [];
  if (!isJsonObject(value) || schema.type !== "object") return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const own = fieldSchema(schema, key);
    return own === undefined ? [[...at, key]] : unknown(item, own, [...at, key]);
  });
}
