import { ManifestError } from "../manifest-error.ts";
import type { Json } from "./json.ts";
import type { SourceDocument } from "./source.ts";
import { MAX_DEPTH, readYaml } from "./yaml.ts";

// A number that JSON.parse might round, or that overflows: such texts take the slower way, which keeps the digits.
const LONG_NUMBER = /[:[,]\s*-?(?:\d[\d.]{14,}|[\d.]+[eE])/;

/** The documents of a text: JSON (as `kubectl get -o json` prints it) or YAML, one or many. Empty documents are left out. */
export function readDocuments(text: string, file: string | undefined): readonly SourceDocument[] {
  // A byte order mark is no part of the text.
  const body = text.startsWith("\ufeff") ? text.slice(1) : text;
  const json = /^\s*[{[]/.test(body) && !LONG_NUMBER.test(body) ? parseJson(body) : undefined;
  if (json === undefined) return readYaml(body, file).filter((document) => document.value !== null);
  const trouble = unreadable(json);
  // The careful reader says what is wrong, and where.
  if (trouble) {
    readYaml(body, file);
    throw new ManifestError("too-deep", `nested deeper than ${MAX_DEPTH} levels`, file === undefined ? {} : { file });
  }
  let careful: SourceDocument | undefined;
  return [
    {
      ...(file === undefined ? {} : { file }),
      value: json,
      // Lines are only asked for when something is wrong: only then is the text read as YAML, which JSON is.
      locate: (path) => {
        careful ??= readYaml(body, file)[0];
        return careful?.locate(path);
      },
    },
  ];
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Too deep, a `__proto__` key or half a surrogate pair somewhere? Without recursion: the depth is what is in doubt. */
function unreadable(root: Json): boolean {
  const stack: { readonly value: Json; readonly depth: number }[] = [{ value: root, depth: 0 }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { value, depth } = next;
    if (typeof value === "string") {
      if (/\p{Surrogate}/u.test(value)) return true;
    } else if (typeof value === "object" && value !== null) {
      if (depth > MAX_DEPTH) return true;
      if (Array.isArray(value)) for (const item of value) stack.push({ value: item as Json, depth: depth + 1 });
      else
        for (const [key, item] of Object.entries(value)) {
          if (key === "__proto__" || /\p{Surrogate}/u.test(key)) return true;
          stack.push({ value: item as Json, depth: depth + 1 });
        }
    }
  }
  return false;
}
