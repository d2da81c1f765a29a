import { ManifestError } from "../manifest-error.ts";
import type { Json, Path } from "./json.ts";
import { pathText } from "./json.ts";

/** One YAML or JSON document, with the way back from a path to its place in the text. */
export interface SourceDocument {
  readonly file?: string;
  readonly value: Json;
  /** 1-based; the nearest enclosing node where the path itself is not in the text. */
  readonly locate: (path: Path) => { readonly line: number; readonly column: number } | undefined;
}

/** An error about a path of a document; `shownPath` is the path from the object's root, where that differs (items of a List). */
export function errorAt(source: SourceDocument, path: Path, code: string, problem: string, expected?: string, shownPath: Path = path, more: readonly string[] = []): ManifestError {
  return new ManifestError(code, problem, {
    ...(source.file === undefined ? {} : { file: source.file }),
    ...source.locate(path),
    ...(shownPath.length === 0 ? {} : { path: pathText(shownPath) }),
    ...(expected === undefined ? {} : { expected }),
    more,
  });
}
