import { type Alias, Document, isAlias, isMap, isNode, isPair, isScalar, isSeq, LineCounter, type Node, parseAllDocuments, type Tags } from "yaml";
import { ManifestError } from "../manifest-error.ts";
import type { Json, Path } from "./json.ts";
import { isExact } from "./json-text.ts";
import type { SourceDocument } from "./source.ts";

/** No Kubernetes object nests this deep; beyond it stands an attack or an accident. */
export const MAX_DEPTH = 100;
/** Nodes that aliases may add to one text: enough for anchors used in earnest, too few for a bomb. */
const MAX_ALIASED_NODES = 100_000;

/**
 * YAML documents as kubectl reads them: YAML 1.1 scalars (`on`, `0x10`, `1_000`), merge keys, no timestamps and no sexagesimals.
 *
 * @throws ManifestError `yaml-syntax`, `too-deep`, `alias-cycle`, `alias-bomb`, `bad-key`, `bad-text`
 */
export function readYaml(text: string, file: string | undefined): readonly SourceDocument[] {
  const lines = new LineCounter();
  const place = (offset: number): { readonly line: number; readonly column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const fail = (code: string, problem: string, offset: number | undefined, expected?: string): ManifestError =>
    new ManifestError(code, problem, { ...(file === undefined ? {} : { file }), ...(offset === undefined ? {} : place(offset)), ...(expected === undefined ? {} : { expected }) });

  const deep = tooDeep(text);
  if (deep !== undefined) {
    const before = text.slice(0, deep).split("\n");
    throw new ManifestError("too-deep", `nested deeper than ${MAX_DEPTH} levels`, { ...(file === undefined ? {} : { file }), line: before.length, column: (before.at(-1) as string).length + 1 });
  }

  let documents: readonly Document.Parsed[];
  try {
    const parsed = parseAllDocuments(text, { lineCounter: lines, version: "1.1", customTags: kubernetesTags, merge: false, uniqueKeys: false, logLevel: "silent", prettyErrors: false });
    documents = Array.isArray(parsed) ? parsed : [];
  } catch (error) {
    if (error instanceof RangeError) throw fail("too-deep", `nested deeper than ${MAX_DEPTH} levels`, undefined);
    throw error;
  }

  let aliasedNodes = 0;
  return documents.map((document) => {
    const problem = document.errors[0];
    if (problem?.message.includes("call stack")) throw fail("too-deep", `nested deeper than ${MAX_DEPTH} levels`, problem.pos[0]);
    if (problem !== undefined) throw fail("yaml-syntax", problem.message.split("\n")[0] as string, problem.pos[0], "YAML or JSON");
    const anchors = new Map<string, Node>();

    const read = (node: unknown, depth: number, aliases: readonly Node[]): Json => {
      if (aliases.length > 0 && ++aliasedNodes > MAX_ALIASED_NODES) throw fail("alias-bomb", "aliases expand to too much", offsetOf(aliases[0]), `at most ${MAX_ALIASED_NODES} nodes`);
      if (depth > MAX_DEPTH) throw fail("too-deep", `nested deeper than ${MAX_DEPTH} levels`, offsetOf(node));
      if (isAlias(node)) {
        const target = anchors.get(node.source);
        if (target === undefined) throw fail("yaml-syntax", `alias *${node.source} names no anchor before it`, offsetOf(node));
        if (aliases.includes(target)) throw fail("alias-cycle", `alias *${node.source} contains itself`, offsetOf(node));
        return read(target, depth, [...aliases, target]);
      }
      if (isNode(node) && !isAlias(node)) {
        const anchor = (node as { anchor?: string }).anchor;
        if (anchor !== undefined && aliases.length === 0) anchors.set(anchor, node);
      }
      if (isSeq(node)) return node.items.map((item) => read(item, depth + 1, aliases));
      if (isMap(node)) {
        const object: Record<string, Json> = {};
        const merged: Json[] = [];
        for (const pair of node.items) {
          const key = keyText(pair.key);
          if (key === undefined) throw fail("bad-key", "a key that is no text", offsetOf(pair.key), "a field name");
          if (key === "__proto__") throw fail("bad-key", `key ${JSON.stringify(key)}`, offsetOf(pair.key), "a field name");
          checkText(key, pair.key);
          if (key === "<<" && isScalar(pair.key) && pair.key.type === "PLAIN") {
            const value = read(pair.value, depth + 1, aliases);
            merged.push(...(Array.isArray(value) ? (value as readonly Json[]) : [value]));
          } else if (Object.hasOwn(object, key)) throw fail("bad-key", `key ${JSON.stringify(key)} stands twice`, offsetOf(pair.key), "each field once");
          else object[key] = read(pair.value, depth + 1, aliases);
        }
        for (const value of merged) {
          if (value === null || typeof value !== "object" || Array.isArray(value)) throw fail("yaml-syntax", "a merge key whose value is no map", offsetOf(node), "a map or a list of maps");
          for (const [key, item] of Object.entries(value)) if (!Object.hasOwn(object, key)) object[key] = item as Json;
        }
        return object;
      }
      if (isScalar(node)) {
        const { value } = node;
        if (typeof value === "string") {
          checkText(value, node);
          return value;
        }
        if (typeof value === "boolean" || value === null) return value;
        if (typeof value === "number") return exactNumber(value, node.source);
      }
      return null;
    };
    const checkText = (value: string, node: unknown): void => {
      if (/\p{Surrogate}/u.test(value)) throw fail("bad-text", "half of a surrogate pair", offsetOf(node), "Unicode text");
    };

    return {
      ...(file === undefined ? {} : { file }),
      value: document.contents === null ? null : read(document.contents, 0, []),
      locate: (path: Path) => {
        const offset = offsetAt(document, path);
        return offset === undefined ? undefined : place(offset);
      },
    };
  });
}

// kubectl's reader resolves neither dates nor base-60 numbers, and knows none of YAML's collection tags.
function kubernetesTags(tags: Tags): Tags {
  return tags.filter((tag) => typeof tag !== "object" || (tag.format !== "TIME" && !/:(timestamp|binary|omap|pairs|set)$/.test(tag.tag)));
}

/** Digits that a double cannot hold stay text, so that quantities are exact; `.inf` and `.nan` were never numbers in JSON. */
function exactNumber(value: number, source: string | undefined): Json {
  if (Number.isFinite(value) && (source === undefined || !/^[-+]?[\d.]/.test(source) || /^[-+]?0[xob]/i.test(source) ? Number.isSafeInteger(value) : isExact(source.replaceAll("_", "")))) return Object.is(value, -0) ? 0 : value;
  return source ?? String(value);
}

function keyText(key: unknown): string | undefined {
  if (isScalar(key)) {
    if (typeof key.value === "string") return key.value;
    if (key.value === null) return "null";
    return key.source ?? String(key.value);
  }
  return undefined;
}

function offsetOf(node: unknown): number | undefined {
  return isNode(node) ? (node as Node & { range?: readonly number[] | null }).range?.[0] : undefined;
}

/** Where the node at a path starts; a field's own key rather than its value. */
function offsetAt(document: Document.Parsed, path: Path): number | undefined {
  const resolve = (node: unknown): unknown => (isAlias(node) ? (node as Alias).resolve(document) : node);
  let node: unknown = document.contents;
  let offset = offsetOf(node);
  for (const part of path) {
    node = resolve(node);
    if (isSeq(node) && typeof part === "number") {
      node = node.items[part];
      offset = offsetOf(node) ?? offset;
    } else if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && keyText(item.key) === String(part));
      if (pair === undefined) return offset;
      offset = offsetOf(pair.key) ?? offset;
      node = pair.value;
    } else return offset;
  }
  return offset;
}

/** The offset at which brackets or block lists on one line nest too deep: the YAML parser recurses, so it must not see them. */
function tooDeep(text: string): number | undefined {
  let open = 0;
  let dashes = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text.charCodeAt(i);
    if (character === 0x5b || character === 0x7b) open++;
    else if (character === 0x5d || character === 0x7d) open = Math.max(0, open - 1);
    else if (character === 0x0a) dashes = 0;
    else if ((character === 0x2d || character === 0x3f) && text.charCodeAt(i + 1) === 0x20) dashes++;
    if (open > 10 * MAX_DEPTH || dashes > 10 * MAX_DEPTH) return i;
  }
  return undefined;
}
