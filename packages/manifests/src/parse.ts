import type { EC2NodeClass, KubeObject, NodePool } from "@groupless/api";
import { admit } from "./admit.ts";
import type { Conversion } from "./convert/conversion.ts";
import { convert } from "./convert/convert.ts";
import type { DefinitionSource } from "./crd/definitions.ts";
import type { Violation, ViolationReason } from "./crd/violation.ts";
import { kindMeant, kindOf } from "./kinds.ts";
import { ManifestError } from "./manifest-error.ts";
import { isMisspelling } from "./misspelling.ts";
import { type Found, objectsOf } from "./read/objects.ts";
import { readDocuments } from "./read/documents.ts";
import { isJsonObject, type Json, type Path, pathText, shown } from "./read/json.ts";
import { errorAt } from "./read/source.ts";
import { unknownFieldsOf } from "./unknown-fields.ts";

/** A text, or a text and the file it came from, which errors name. */
export type ManifestText = string | { readonly text: string; readonly file?: string };

/** How `parse` reads. */
export interface ParseOptions {
  /** What errors call the text, where it does not say itself. */
  readonly file?: string;
  /** Whose definitions of NodePools, NodeClaims and NodeOverlays hold: the AWS provider's (default) or Karpenter's own. */
  readonly definitions?: DefinitionSource;
}

/** An object of a kind this SDK has no use for. */
export interface IgnoredObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
}

/** A field of a Karpenter object that its definition does not know: the API server drops it, often it is a misspelling. */
export interface UnknownField {
  /** `Kind/name`. */
  readonly object: string;
  readonly path: string;
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
}

/** What `parse` read. */
export interface Parsed {
  readonly nodePools: readonly NodePool[];
  readonly nodeClasses: readonly EC2NodeClass[];
  /** Everything of the other known kinds, in the order of the texts. */
  readonly objects: readonly KubeObject[];
  /** What conversion from v1beta1 changed. */
  readonly conversions: readonly Conversion[];
  readonly ignored: readonly IgnoredObject[];
  readonly unknownFields: readonly UnknownField[];
}

/**
 * Objects from YAML or JSON texts: multi-document YAML, `List`s, `kubectl get -o json` dumps. v1beta1 NodePools, NodeClaims and EC2NodeClasses come out as v1,
 * the API server's defaults are applied, namespaced objects without a namespace are in `default`, quantities are texts.
 *
 * Unknown fields and kinds are not errors, unless they are one letter off a required field or a known kind: they are listed beside. Nothing is half-applied: the first thing wrong throws.
 *
 * @throws ManifestError with file, line, column, path and what was expected; what else is wrong with the same object is in its `more`
 * @example
 * const { nodePools } = parse("apiVersion: karpenter.sh/v1beta1\nkind: NodePool\nmetadata: { name: a }\nspec: { template: { spec: { requirements: [], nodeClassRef: { name: default } } } }");
 * nodePools[0]?.spec.template.spec.expireAfter; // => "720h"
 */
export function parse(texts: ManifestText | readonly ManifestText[], options: ParseOptions = {}): Parsed {
  const { definitions = "aws" } = options;
  const found: Found[] = [];
  for (const item of Array.isArray(texts) ? (texts as readonly ManifestText[]) : [texts as ManifestText]) {
    const text: unknown = typeof item === "string" ? item : item?.text;
    if (typeof text !== "string") throw new ManifestError("not-a-text", `got ${shown((text ?? item) as Json | undefined)}`, { expected: "YAML or JSON as a text, or { text, file }" });
    const file = (typeof item === "string" ? undefined : item.file) ?? options.file;
    for (const source of readDocuments(text, file)) found.push(...objectsOf(source));
  }

  for (const { value, source, at } of found) {
    const meant = kindOf(value) === undefined ? kindMeant(value) : undefined;
    if (meant !== undefined) throw errorAt(source, [...at, "kind"], "unknown-kind", `unknown kind ${shown(value["kind"])} of ${shown(value["apiVersion"])}`, meant, ["kind"]);
  }
  const known = found.filter(({ value }) => kindOf(value) !== undefined);
  const converted = convert(known.map(({ value, source }) => ({ object: value, file: source.file })));
  const seen = new Set<string>();
  const admitted = converted.objects.map((value, index) => {
    const item = known[index] as Found;
    const admission = admit(value, definitions);
    if ("violations" in admission) throw misspelt(item, admission.violations, unknownFieldsOf(value, definitions)) ?? firstOf(item, admission.violations);
    const { object } = admission;
    const identity = `${object.kind} ${object.metadata.namespace ?? ""}/${object.metadata.name}`;
    if (seen.has(identity)) throw errorAt(item.source, [...item.at, "metadata", "name"], "duplicate-object", `a second ${object.kind} ${shown(object.metadata.name)}`, "each object once", ["metadata", "name"]);
    seen.add(identity);
    return object;
  });
  return {
    nodePools: admitted.filter((object) => object.kind === "NodePool"),
    nodeClasses: admitted.filter((object) => object.kind === "EC2NodeClass"),
    objects: admitted.filter((object) => object.kind !== "NodePool" && object.kind !== "EC2NodeClass"),
    conversions: converted.conversions,
    ignored: found.filter(({ value }) => kindOf(value) === undefined).map(ignoredOf),
    unknownFields: converted.objects.flatMap((value, index) =>
      unknownFieldsOf(value, definitions).map((path) => ({ object: `${String(value["kind"])}/${admitted[index]?.metadata.name}`, path: pathText(path), ...placeOf(known[index] as Found, path) })),
    ),
  };
}

const CODES: Readonly<Record<ViolationReason, string>> = {
  FieldValueRequired: "missing-field",
  FieldValueInvalid: "invalid-value",
  FieldValueNotSupported: "unsupported-value",
  FieldValueTypeInvalid: "wrong-type",
  FieldValueTooMany: "too-many",
  FieldValueTooLong: "too-long",
  FieldValueDuplicate: "duplicate-value",
};

/** Of a required field that is missing while one that is nearly spelt like it is there, the error is the spelling. */
function misspelt({ source, at }: Found, violations: readonly Violation[], unknown: readonly Path[]): ManifestError | undefined {
  for (const { at: path, reason } of violations) {
    if (reason !== "FieldValueRequired") continue;
    const wrong = unknown.find((each) => each.length === path.length && each.every((part, index) => (index === path.length - 1 ? isMisspelling(String(part), String(path[index])) : part === path[index])));
    if (wrong !== undefined) return errorAt(source, [...at, ...wrong], "unknown-field", `unknown field "${String(wrong.at(-1))}"`, `${String(path.at(-1))}, which is missing`, wrong);
  }
  return undefined;
}

/** The violation that stands first in the text, as an error; the others as its `more`. */
function firstOf({ source, at }: Found, violations: readonly Violation[]): ManifestError {
  const errors = violations.map(({ at: path, reason, rule, problem, expected }) => errorAt(source, [...at, ...path], rule === undefined ? CODES[reason] : "broken-rule", problem, expected, path));
  const sorted = errors.toSorted((a, b) => (a.location.line ?? 0) - (b.location.line ?? 0) || (a.location.column ?? 0) - (b.location.column ?? 0));
  const first = sorted[0] as ManifestError;
  const more = new Set(sorted.map(({ message }) => message));
  more.delete(first.message);
  const { location, code } = first;
  const index = errors.indexOf(first);
  const { at: path, problem, expected } = violations[index] as Violation;
  return location.line === undefined && more.size === 0 ? first : errorAt(source, [...at, ...path], code, problem, expected, path, [...more]);
}

function ignoredOf(item: Found): IgnoredObject {
  const { value } = item;
  const metadata = value["metadata"];
  const name = isJsonObject(metadata) ? metadata["name"] : undefined;
  return { apiVersion: String(value["apiVersion"]), kind: String(value["kind"]), name: typeof name === "string" ? name : "", ...placeOf(item, []) };
}

// Lines are looked up only where a file is named: for a dump of thousands of objects the look-up costs more than the rest.
function placeOf({ source, at }: Found, path: Path): { readonly file?: string; readonly line?: number } {
  if (source.file === undefined) return {};
  const place = source.locate([...at, ...path]);
  return { file: source.file, ...(place === undefined ? {} : { line: place.line }) };
}
