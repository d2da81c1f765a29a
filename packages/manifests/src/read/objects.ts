import { isJsonObject, type Json, type JsonObject, type Path, shown } from "./json.ts";
import { errorAt, type SourceDocument } from "./source.ts";

/** An object in its source, before anything was done to it. */
export interface Found {
  readonly source: SourceDocument;
  readonly value: JsonObject;
  /** Where it stands in its document: not at the root for items of a List. */
  readonly at: Path;
}

/**
 * The objects of a document: itself, or the items of a `List`, also of a typed one (`PodList`), whose items may leave out what the list says.
 *
 * @throws ManifestError `no-object`, `no-api-version`, `no-kind`, `wrong-type`
 */
export function objectsOf(source: SourceDocument, value: Json = source.value, at: Path = []): readonly Found[] {
  if (!isJsonObject(value)) throw errorAt(source, at, "no-object", `${shown(value)} is no object`, "a Kubernetes object with apiVersion, kind and metadata");
  const { apiVersion, kind } = value;
  if (typeof apiVersion !== "string" || apiVersion === "") throw errorAt(source, [...at, "apiVersion"], "no-api-version", apiVersion === undefined ? "missing" : `${shown(apiVersion)} is no API version`, "an API version such as karpenter.sh/v1", ["apiVersion"]);
  if (typeof kind !== "string" || kind === "") throw errorAt(source, [...at, "kind"], "no-kind", kind === undefined ? "missing" : `${shown(kind)} is no kind`, "a kind such as NodePool", ["kind"]);
  if (!kind.endsWith("List") || (value["items"] === undefined && kind !== "List")) return [{ source, value, at }];
  const items = value["items"] ?? [];
  if (!Array.isArray(items)) throw errorAt(source, [...at, "items"], "wrong-type", `${shown(items)} has the wrong type`, "a list of objects", ["items"]);
  const own: JsonObject = kind === "List" ? {} : { apiVersion, kind: kind.slice(0, -"List".length) };
  return (items as readonly Json[]).flatMap((item, index) => objectsOf(source, isJsonObject(item) ? { ...own, ...item } : item, [...at, "items", index]));
}
