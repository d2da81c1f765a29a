/** Untyped data as it stands in a document: what YAML and JSON have in common. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

/** A path into a document: field names and list indices. */
export type Path = readonly (string | number)[];

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `spec.template.spec.requirements[0].key`; names that hold dots are set in quotes: `metadata.labels["a.b/c"]`. */
export function pathText(path: Path): string {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else if (/^[\w-]+$/.test(part)) text += text === "" ? part : `.${part}`;
    else text += `[${JSON.stringify(part.length > 80 ? `${part.slice(0, 80)}…` : part)}]`;
  }
  return text;
}

/** A value as an error message shows it: JSON, cut off when long. */
export function shown(value: Json | undefined): string {
  const text = value === undefined ? "nothing" : typeof value === "object" && value !== null ? (Array.isArray(value) ? "a list" : "an object") : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
