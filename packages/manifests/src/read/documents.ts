import { ManifestError } from "../manifest-error.ts";
import type { Json, JsonObject, Path } from "./json.ts";
import { offsetInJson, quoteLongNumbers } from "./json-text.ts";
import type { SourceDocument } from "./source.ts";
import { MAX_DEPTH, readYaml } from "./yaml.ts";

// A number that JSON.parse might round, or that overflows.
const LONG_NUMBER = /[:[,]\s*-?(?:\d[\d.]{14,}|[\d.]+[eE])/;

/**
 * The documents of a text: JSON (as `kubectl get -o json` prints it) or YAML, one or many. Empty documents are left out.
 *
 * @throws ManifestError `yaml-syntax`, `too-deep`, `alias-cycle`, `alias-bomb`, `bad-key`, `bad-text`
 */
export function readDocuments(text: string, file: string | undefined): readonly SourceDocument[] {
  // A byte order mark is no part of the text.
  const body = text.startsWith("\ufeff") ? text.slice(1) : text;
  const json = /^\s*[{[]/.test(body) ? parseJson(body) : undefined;
  if (json === undefined) return readYaml(body, file).filter((document) => document.value !== null);
  const locate = (path: Path): { readonly line: number; readonly column: number } => {
    const before = body.slice(0, offsetInJson(body, path));
    return { line: before.split("\n").length, column: before.length - before.lastIndexOf("\n") };
  };
  const place = file === undefined ? {} : { file };
  const trouble = troubleIn(json, []);
  if (trouble !== undefined) throw new ManifestError(trouble.code, trouble.problem, { ...place, ...locate(trouble.at), expected: trouble.expected });
  return [{ ...place, value: json, locate }];
}

function parseJson(text: string): Json | undefined {
  try {
    const json = JSON.parse(text) as Json;
    return LONG_NUMBER.test(text) ? (JSON.parse(quoteLongNumbers(text)) as Json) : json;
  } catch {
    return undefined;
  }
}

interface Trouble {
  readonly code: string;
  readonly problem: string;
  readonly expected: string;
  readonly at: Path;
}

/** Nested too deep, a `__proto__` key or half a surrogate pair: what the YAML reader refuses while it reads. */
function troubleIn(value: Json, at: Path): Trouble | undefined {
  if (typeof value === "string") return /\p{Surrogate}/u.test(value) ? { code: "bad-text", problem: "half of a surrogate pair", expected: "Unicode text", at } : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  if (at.length > MAX_DEPTH) return { code: "too-deep", problem: `nested deeper than ${MAX_DEPTH} levels`, expected: "a Kubernetes object", at };
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const item = value[i] as Json;
      if (typeof item === "number" || typeof item === "boolean") continue;
      const trouble = troubleIn(item, [...at, i]);
      if (trouble !== undefined) return trouble;
    }
    return undefined;
  }
  for (const key in value) {
    if (key === "__proto__") return { code: "bad-key", problem: 'key "__proto__"', expected: "a field name", at: [...at, key] };
    if (/\p{Surrogate}/u.test(key)) return { code: "bad-text", problem: "half of a surrogate pair", expected: "Unicode text", at };
    const item = (value as JsonObject)[key] as Json;
    if (typeof item === "number" || typeof item === "boolean") continue;
    const trouble = troubleIn(item, [...at, key]);
    if (trouble !== undefined) return trouble;
  }
  return undefined;
}
