import type { Json, JsonObject, Path } from "../read/json.ts";
import { pathText } from "../read/json.ts";

/** One thing that conversion from v1beta1 to v1 changed. */
export interface Conversion {
  /** `Kind/name` of the object. */
  readonly object: string;
  readonly file?: string;
  /** Where the value stood in the v1beta1 object; where the new one stands, if nothing stood there. */
  readonly path: string;
  /** Where it stands in the v1 object, if elsewhere; absent too if it is gone. */
  readonly movedTo?: string;
  /** Undefined: nothing was there. */
  readonly from?: unknown;
  /** Undefined: it is gone. */
  readonly to?: unknown;
}

/** A mutable copy of an object under conversion, and the list of what happened to it. */
export interface Draft {
  readonly object: MutableJson;
  readonly changes: Conversion[];
  readonly name: string;
  readonly file: string | undefined;
}

interface MutableJson {
  [key: string]: Json | MutableJson;
}

/** @param changing whether the object will be written to: others are not copied */
export function draftOf(object: JsonObject, file: string | undefined, changing: boolean): Draft {
  const metadata = object["metadata"] as JsonObject | undefined;
  return { object: (changing ? copy(object) : object) as MutableJson, changes: [], name: `${String(object["kind"])}/${String(metadata?.["name"])}`, file };
}

/** Nothing of the source is shared: aliases may have made two places one. */
function copy(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(copy);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item as Json)]));
}

export function get(draft: Draft, path: Path): Json | undefined {
  let at: unknown = draft.object;
  for (const part of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, part)) return undefined;
    at = (at as Record<string | number, unknown>)[part];
  }
  return at as Json;
}

/** Write without a note. Creates the objects on the way; does nothing where the way leads through something else. */
export function put(draft: Draft, path: Path, value: Json | undefined): void {
  let at: unknown = draft.object;
  for (const part of path.slice(0, -1)) {
    const parent = at as Record<string | number, unknown>;
    if (!Object.hasOwn(parent, part)) {
      if (value === undefined) return;
      parent[part] = {};
    }
    at = parent[part];
    if (typeof at !== "object" || at === null) return;
  }
  const last = path.at(-1) as string | number;
  if (value === undefined) delete (at as Record<string | number, unknown>)[last];
  else (at as Record<string | number, unknown>)[last] = value;
}

/** Set a value and note it. Equal values change nothing. */
export function set(draft: Draft, path: Path, value: Json | undefined): void {
  const from = get(draft, path);
  if (JSON.stringify(from) === JSON.stringify(value)) return;
  put(draft, path, value);
  note(draft, { path, from, to: value });
}

/** Move a value, changed or not, and note it. */
export function move(draft: Draft, from: Path, to: Path, value: Json | undefined = get(draft, from)): void {
  const old = get(draft, from);
  if (old === undefined) return;
  put(draft, from, undefined);
  put(draft, to, value);
  note(draft, { path: from, movedTo: to, from: old, to: value });
}

export function note(draft: Draft, change: { readonly path: Path; readonly movedTo?: Path; readonly from?: Json | undefined; readonly to?: Json | undefined }): void {
  const { path, movedTo, from, to } = change;
  draft.changes.push({
    object: draft.name,
    ...(draft.file === undefined ? {} : { file: draft.file }),
    path: pathText(path),
    ...(movedTo === undefined ? {} : { movedTo: pathText(movedTo) }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  });
}
