import { InputError } from "./input-error.ts";

/** Is it an object with fields: neither a list nor null? */
export function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The error for an argument that no caller with types could hand over: callers without types get told what is missing, before anything is read of it.
 *
 * @param path which argument, or which field of it
 */
export function argumentError(code: string, path: string, got: unknown, expected: string): InputError {
  return new InputError(code, got === undefined ? "missing" : `got ${shown(got)}`, { path, expected });
}

/**
 * Refuses a value that is none of those there are; absent is no value.
 *
 * @throws InputError with that code
 */
export function requireOneOf(code: string, path: string, value: unknown, known: readonly string[]): void {
  if (value !== undefined && !known.includes(value as string)) throw argumentError(code, path, value, known.join(" or "));
}

// JSON has no NaN, and what an argument holds may refer to itself.
function shown(value: unknown): string {
  if (isRecord(value)) return `an object with ${Object.keys(value as object).slice(0, 8).join(", ") || "no fields"}`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === "string" ? JSON.stringify(value.slice(0, 80)) : typeof value === "function" ? "a function" : String(value);
}
