import { durationMs } from "@groupless/api";
import type { Json, JsonObject, PlainDocument } from "@groupless/manifests";
import { StoryError } from "./story-error.ts";

/** A place in a story document, and how to read it: every method throws a {@link StoryError} that names file, line and path. */
export interface Field {
  readonly path: string;
  readonly value: Json | undefined;
  /** Is there anything? */
  readonly present: boolean;
  get(key: string): Field;
  items(): readonly Field[];
  /** Entries of an object, none of its keys unknown to `allowed`. */
  entries(allowed?: readonly string[]): readonly (readonly [string, Field])[];
  text(expected?: string): string;
  count(): number;
  /** Milliseconds of a duration text. */
  duration(): number;
  fail(code: string, problem: string, expected: string): StoryError;
}

/** The root of a document. */
export function root(document: PlainDocument, file: string | undefined): Field {
  return field(document, file, document.value, "");
}

function field(document: PlainDocument, file: string | undefined, value: Json | undefined, path: string): Field {
  const fail = (code: string, problem: string, expected: string): StoryError => {
    const line = document.lines[path] ?? parentLine(document, path);
    return new StoryError(code, problem, { ...(file === undefined ? {} : { file, line }), path, expected });
  };
  const object = (): JsonObject => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw fail("wrong-type", shown(value), "an object");
    return value as JsonObject;
  };
  const self: Field = {
    path,
    value,
    present: value !== undefined && value !== null,
    get: (key) => field(document, file, value === undefined || value === null ? undefined : object()[key], path === "" ? key : `${path}.${key}`),
    items: () => {
      if (!Array.isArray(value)) throw fail("wrong-type", shown(value), "a list");
      return (value as readonly Json[]).map((item, index) => field(document, file, item, `${path}[${index}]`));
    },
    entries: (allowed) => {
      const keys = Object.keys(object());
      const unknown = allowed === undefined ? undefined : keys.find((key) => !allowed.includes(key));
      if (unknown !== undefined) throw self.get(unknown).fail("unknown-field", `unknown field "${unknown}"`, `one of ${(allowed ?? []).join(", ")}`);
      return keys.map((key) => [key, self.get(key)] as const);
    },
    text: (expected = "a text") => {
      // An unquoted version such as 1.27 reads as a number; 1.30 would lose its zero, so only texts are taken.
      if (typeof value !== "string" || value === "") throw fail("wrong-type", shown(value), expected);
      return value;
    },
    count: () => {
      if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw fail("wrong-type", shown(value), "a whole number, 0 or more");
      return value;
    },
    duration: () => {
      const text = self.text("a duration such as 90s, 5m or 720h");
      try {
        return durationMs(text);
      } catch {
        throw fail("invalid-duration", `"${text}" is no duration`, "a duration such as 90s, 5m or 720h");
      }
    },
    fail,
  };
  return self;
}

function parentLine(document: PlainDocument, path: string): number {
  for (let at = path; at !== ""; at = at.replace(/(\.[^.[\]]+|\[\d+\]|^[^.[\]]+)$/, "")) {
    const line = document.lines[at];
    if (line !== undefined) return line;
  }
  return document.lines[""] ?? 1;
}

const shown = (value: Json | undefined): string => (value === undefined ? "missing" : value === null ? "empty" : typeof value === "object" ? (Array.isArray(value) ? "a list" : "an object") : JSON.stringify(value));
