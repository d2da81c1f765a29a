import { isJsonObject, type Json } from "../read/json.ts";
import { type Draft, get, move, note, put, set } from "./conversion.ts";

const TEMPLATE = ["spec", "template", "spec"] as const;
const DISRUPTION = ["spec", "disruption"] as const;
const AWS_GROUP = "karpenter.k8s.aws";

/**
 * A v1beta1 NodePool as v1, after the rules by which Karpenter 1.0 converted stored objects: expireAfter moves to the template, WhenUnderutilized
 * became WhenEmptyOrUnderutilized with consolidateAfter 0s, a class reference names group and kind.
 *
 * @returns the kubelet block, which v1 keeps on the node class
 */
export function convertNodePool(draft: Draft): Json | undefined {
  set(draft, ["apiVersion"], "karpenter.sh/v1");
  const hasDisruption = isJsonObject(get(draft, DISRUPTION));
  const policy = get(draft, [...DISRUPTION, "consolidationPolicy"]);
  const after = get(draft, [...DISRUPTION, "consolidateAfter"]);
  const underutilized = policy === undefined || policy === "WhenUnderutilized";
  if (policy === "WhenUnderutilized") set(draft, [...DISRUPTION, "consolidationPolicy"], "WhenEmptyOrUnderutilized");
  // v1beta1 forbade consolidateAfter with WhenUnderutilized, except for Never; v1 requires it wherever disruption is set. Karpenter's own conversion
  // made 0s of that Never too, and so consolidated pools that had asked not to be: here it stays.
  if (hasDisruption && after === undefined && underutilized) set(draft, [...DISRUPTION, "consolidateAfter"], "0s");
  move(draft, [...DISRUPTION, "expireAfter"], [...TEMPLATE, "expireAfter"]);
  convertClassRef(draft, [...TEMPLATE, "nodeClassRef"]);
  const requests = get(draft, [...TEMPLATE, "resources"]);
  if (requests !== undefined) set(draft, [...TEMPLATE, "resources"], undefined);
  const kubelet = get(draft, [...TEMPLATE, "kubelet"]);
  if (kubelet !== undefined) put(draft, [...TEMPLATE, "kubelet"], undefined);
  return kubelet;
}

/** A v1beta1 NodeClaim as v1. Its expiry was its NodePool's, so it has none of its own to keep. */
export function convertNodeClaim(draft: Draft): void {
  set(draft, ["apiVersion"], "karpenter.sh/v1");
  convertClassRef(draft, ["spec", "nodeClassRef"]);
  if (get(draft, ["spec", "kubelet"]) !== undefined) set(draft, ["spec", "kubelet"], undefined);
}

/** v1beta1 took any reference of one provider; v1 wants group, kind and name. */
function convertClassRef(draft: Draft, path: readonly string[]): void {
  const reference = get(draft, path);
  if (!isJsonObject(reference)) return;
  const { apiVersion, kind } = reference;
  const group = typeof apiVersion === "string" && apiVersion !== "" ? (apiVersion.split("/")[0] as string) : AWS_GROUP;
  if (reference["group"] === undefined) {
    put(draft, [...path, "apiVersion"], undefined);
    put(draft, [...path, "group"], group);
    note(draft, { path: [...path, apiVersion === undefined ? "group" : "apiVersion"], ...(apiVersion === undefined ? {} : { movedTo: [...path, "group"] }), from: apiVersion, to: group });
  }
  if (kind === undefined || kind === "") set(draft, [...path, "kind"], "EC2NodeClass");
}
