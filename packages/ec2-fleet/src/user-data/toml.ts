import { TomlDate } from "smol-toml";

/** A TOML value as `smol-toml` reads it with integers as bigint. */
export type TomlValue = string | number | bigint | boolean | TomlDate | readonly TomlValue[] | TomlTable;
export interface TomlTable {
  readonly [key: string]: TomlValue;
}

/**
 * TOML in the style of Go's go-toml, which nodes have been launched with so far: literal strings, a header for every table, values before tables.
 * `smol-toml` reads TOML here but writes it in another style, and another byte is another launch template. Keys keep the order of the table given.
 */
export function writeToml(root: TomlTable): string {
  return table(root, []);
}

function table(of: TomlTable, path: readonly string[]): string {
  const entries = Object.entries(of);
  const values = entries.filter(([, value]) => !isTable(value) && !isTableArray(value)).map(([key, value]) => `${keyText(key)} = ${inline(value)}\n`);
  const tables = entries.flatMap(([key, value]) => {
    const inner = [...path, key];
    if (isTable(value)) return [`[${inner.map(keyText).join(".")}]\n${table(value, inner)}`];
    if (isTableArray(value)) return [value.map((one) => `[[${inner.map(keyText).join(".")}]]\n${table(one, inner)}`).join("\n")];
    return [];
  });
  return values.join("") + (values.length > 0 && tables.length > 0 ? "\n" : "") + tables.join("\n");
}

function inline(value: TomlValue): string {
  if (typeof value === "string") return stringText(value);
  if (typeof value === "number") return numberText(value);
  if (typeof value === "bigint" || typeof value === "boolean") return String(value);
  if (value instanceof TomlDate) return value.toISOString();
  if (isArray(value)) return `[${value.map(inline).join(", ")}]`;
  return `{${Object.entries(value).map(([key, inner]) => `${keyText(key)} = ${inline(inner)}`).join(", ")}}`;
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

function keyText(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : stringText(key);
}

function stringText(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what literal strings cannot hold
  return /['\u0000-\u0008\u000a-\u001f\u007f]/.test(text) ? quoted(text) : `'${text}'`;
}

const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", '"': '\\"', "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function quoted(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are escaped
  return `"${text.replace(/[\\"\u0000-\u001f\u007f]/g, (char) => escapes[char] ?? `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`)}"`;
}

function isArray(value: TomlValue): value is readonly TomlValue[] {
  return Array.isArray(value);
}

/** Whether a value is a table. */
export function isTable(value: TomlValue | undefined): value is TomlTable {
  return typeof value === "object" && !Array.isArray(value) && !(value instanceof TomlDate);
}

function isTableArray(value: TomlValue): value is readonly TomlTable[] {
  return isArray(value) && value.length > 0 && value.every(isTable);
}
