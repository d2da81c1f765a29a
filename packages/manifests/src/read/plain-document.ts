import { readDocuments } from "./documents.ts";
import { isJsonObject, type Json, type Path, pathText } from "./json.ts";

/** A YAML or JSON document as a plain value, with the line each path of it stands on. */
export interface PlainDocument {
  readonly value: Json;
  /** 1-based line by path (`scenes[0].steps`); the root is `""`. */
  readonly lines: Readonly<Record<string, number>>;
}

/**
 * The documents of a text that holds no Kubernetes objects: the same reader as `parse`, without its rules.
 *
 * @throws ManifestError where the text is neither YAML nor JSON
 * @example
 * readPlain("name: night\nhours: [1, 2]")[0]?.lines["hours[1]"]; // => 2
 */
export function readPlain(text: string, { file }: { readonly file?: string } = {}): readonly PlainDocument[] {
  return readDocuments(text, file).map(({ value, locate }) => {
    const lines: Record<string, number> = {};
    const visit = (at: Json, path: Path): void => {
      lines[pathText(path)] = locate(path)?.line ?? 1;
      if (Array.isArray(at)) (at as readonly Json[]).forEach((item, index) => visit(item, [...path, index]));
      else if (isJsonObject(at)) for (const [key, item] of Object.entries(at)) visit(item, [...path, key]);
    };
    visit(value, []);
    return { value, lines };
  });
}
