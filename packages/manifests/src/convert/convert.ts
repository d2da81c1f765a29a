import { kindOf } from "../kinds.ts";
import type { JsonObject } from "../read/json.ts";
import { type Conversion, type Draft, draftOf, get, note, set } from "./conversion.ts";
import { convertEC2NodeClass } from "./ec2-node-class.ts";
import { convertNodeClaim, convertNodePool } from "./node-pool.ts";

export interface Converted {
  readonly objects: readonly JsonObject[];
  readonly conversions: readonly Conversion[];
}

/**
 * v1beta1 objects as v1; the others as they are. They are taken together, since v1 keeps the kubelet's settings on the node class:
 * those of a v1beta1 NodePool go to the class it names, if that is among the objects and has none of its own.
 */
export function convert(sources: readonly { readonly object: JsonObject; readonly file: string | undefined }[]): Converted {
  const drafts = sources.map(({ object, file }) => draftOf(object, file, object["kind"] === "EC2NodeClass" || (kindOf(object)?.endsWith("/v1beta1") ?? false)));
  const kubelets = drafts.map((draft) => {
    const kind = kindOf(draft.object as JsonObject);
    if (kind === "NodeClaim/v1beta1") convertNodeClaim(draft);
    if (kind === "EC2NodeClass/v1beta1") convertEC2NodeClass(draft);
    return kind === "NodePool/v1beta1" ? convertNodePool(draft) : undefined;
  });
  kubelets.forEach((kubelet, index) => {
    if (kubelet === undefined) return;
    const draft = drafts[index] as Draft;
    const className = get(draft, ["spec", "template", "spec", "nodeClassRef", "name"]);
    const nodeClass = drafts.find((other) => other.object["kind"] === "EC2NodeClass" && get(other, ["metadata", "name"]) === className);
    if (nodeClass !== undefined && get(nodeClass, ["spec", "kubelet"]) === undefined) set(nodeClass, ["spec", "kubelet"], kubelet);
    note(draft, { path: ["spec", "template", "spec", "kubelet"], from: kubelet });
  });
  return { objects: drafts.map(({ object }) => object as JsonObject), conversions: drafts.flatMap(({ changes }) => changes) };
}
