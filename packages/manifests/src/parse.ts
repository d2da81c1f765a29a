import type { EC2NodeClass, KubeObject, NodePool } from "@groupless/api";
import { type Conversion, draftOf, get, note, set } from "./convert/conversion.ts";
import { convertEC2NodeClass } from "./convert/ec2-node-class.ts";
import { convertNodeClaim, convertNodePool } from "./convert/node-pool.ts";
import { admit } from "./admit.ts";
import { kindOf } from "./kinds.ts";
import { readDocuments } from "./read/documents.ts";
import { isJsonObject, type Json, type JsonObject, type Path, shown } from "./read/json.ts";
import { errorAt, type SourceDocument } from "./read/source.ts";

/** A text, or a text and the file it came from, which errors name. */
export type ManifestText = string | { readonly text: string; readonly file?: string };

export interface ParseOptions {
  /** What errors call the text, where it does not say itself. */
  readonly file?: string;
}

/** An object of a kind this SDK has no use for. */
export interface IgnoredObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly file?: string;
  readonly line?: number;
}

export interface Parsed {
  readonly nodePools: readonly NodePool[];
  readonly nodeClasses: readonly EC2NodeClass[];
  /** Everything of the other known kinds, in the order of the texts. */
  readonly objects: readonly KubeObject[];
  /** What conversion from v1beta1 changed. */
  readonly conversions: readonly Conversion[];
  readonly ignored: readonly IgnoredObject[];
}

/** An object in its source, before anything was done to it. */
interface Found {
  readonly source: SourceDocument;
  readonly value: JsonObject;
  /** Where it stands in its document: not at the root for items of a List. */
  readonly at: Path;
}

/**
 * Objects from YAML or JSON texts: multi-document YAML, `List`s, `kubectl get -o json` dumps. v1beta1 NodePools, NodeClaims and EC2NodeClasses come out as v1,
 * the API server's defaults are applied, namespaced objects without a namespace are in `default`.
 *
 * Unknown fields and kinds are not errors. Nothing is half-applied: the first error throws.
 *
 * @throws ManifestError with file, line, column, path and what was expected
 * @example
 * const { nodePools } = parse("apiVersion: karpenter.sh/v1beta1\nkind: NodePool\nmetadata: { name: a }\nspec: { template: { spec: { requirements: [], nodeClassRef: { name: default } } } }");
 * nodePools[0]?.spec.template.spec.expireAfter; // => "720h"
 */
export function parse(texts: ManifestText | readonly ManifestText[], options: ParseOptions = {}): Parsed {
  const found: Found[] = [];
  for (const item of Array.isArray(texts) ? (texts as readonly ManifestText[]) : [texts as ManifestText]) {
    const text = typeof item === "string" ? item : item.text;
    const file = (typeof item === "string" ? undefined : item.file) ?? options.file;
    for (const source of readDocuments(text, file)) collect(source, source.value, [], found);
  }

  const nodePools: NodePool[] = [];
  const nodeClasses: EC2NodeClass[] = [];
  const objects: KubeObject[] = [];
  const conversions: Conversion[] = [];
  const ignored: IgnoredObject[] = [];
  const drafts = found.flatMap((item) => {
    const kind = kindOf(item.value);
    if (kind === undefined) {
      ignored.push(ignoredOf(item));
      return [];
    }
    const draft = draftOf(item.value, item.source.file);
    const kubelet = kind === "NodePool/v1beta1" ? convertNodePool(draft) : undefined;
    if (kind === "NodeClaim/v1beta1") convertNodeClaim(draft);
    if (kind === "EC2NodeClass/v1beta1") convertEC2NodeClass(draft);
    return [{ item, draft, kubelet }];
  });

  // v1 keeps the kubelet's settings on the node class: they go to the class the pool names, if it is here and has none of its own.
  for (const { draft, kubelet } of drafts) {
    if (kubelet === undefined) continue;
    const className = get(draft, ["spec", "template", "spec", "nodeClassRef", "name"]);
    const target = drafts.find(({ draft: other }) => other.object["kind"] === "EC2NodeClass" && get(other, ["metadata", "name"]) === className);
    const present = target === undefined ? undefined : get(target.draft, ["spec", "kubelet"]);
    if (target !== undefined && present === undefined) set(target.draft, ["spec", "kubelet"], kubelet);
    note(draft, { path: ["spec", "template", "spec", "kubelet"], from: kubelet });
  }

  const identities = new Map<string, Found>();
  for (const { item, draft } of drafts) {
    const object = admit(draft.object as JsonObject, (path, code, problem, expected, more) => errorAt(item.source, [...item.at, ...path], code, problem, expected, path, more));
    const identity = `${object.kind} ${object.metadata.namespace ?? ""}/${object.metadata.name}`;
    if (identities.has(identity)) throw errorAt(item.source, [...item.at, "metadata", "name"], "duplicate-object", `a second ${object.kind} ${shown(object.metadata.name)}`, "each object once", ["metadata", "name"]);
    identities.set(identity, item);
    conversions.push(...draft.changes);
    if (object.kind === "NodePool") nodePools.push(object);
    else if (object.kind === "EC2NodeClass") nodeClasses.push(object);
    else objects.push(object);
  }
  return { nodePools, nodeClasses, objects, conversions, ignored };
}

function collect(source: SourceDocument, value: Json, at: Path, into: Found[]): void {
  if (!isJsonObject(value)) {
    if (value === null) return;
    throw errorAt(source, at, "no-object", `${shown(value)}`, "a Kubernetes object: apiVersion, kind, metadata");
  }
  const { apiVersion, kind } = value;
  if (typeof apiVersion !== "string" || apiVersion === "") throw errorAt(source, [...at, "apiVersion"], "no-api-version", shown(apiVersion), "an API version such as karpenter.sh/v1", ["apiVersion"]);
  if (typeof kind !== "string" || kind === "") throw errorAt(source, [...at, "kind"], "no-kind", shown(kind), "a kind such as NodePool", ["kind"]);
  if (!kind.endsWith("List") || (value["items"] === undefined && kind !== "List")) {
    into.push({ source, value, at });
    return;
  }
  const items = value["items"] ?? [];
  if (!Array.isArray(items)) throw errorAt(source, [...at, "items"], "wrong-type", shown(items), "a list of objects", ["items"]);
  // The items of a typed list (PodList) may leave out what the list says.
  const own = kind === "List" ? {} : { apiVersion, kind: kind.slice(0, -"List".length) };
  (items as readonly Json[]).forEach((item, index) => {
    collect(source, isJsonObject(item) ? { ...own, ...item } : item, [...at, "items", index], into);
  });
}

function ignoredOf({ source, value, at }: Found): IgnoredObject {
  const metadata = value["metadata"];
  const name = isJsonObject(metadata) ? metadata["name"] : undefined;
  return { apiVersion: String(value["apiVersion"]), kind: String(value["kind"]), name: typeof name === "string" ? name : "", ...(source.file === undefined ? {} : { file: source.file, ...line(source, at) }) };
}

function line(source: SourceDocument, at: Path): { readonly line?: number } {
  const place = source.locate(at);
  return place === undefined ? {} : { line: place.line };
}
