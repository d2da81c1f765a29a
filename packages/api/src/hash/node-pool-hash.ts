import type { NodePool } from "../node-pool.ts";
import { field, type Struct } from "./shape.ts";
import { structHash } from "./struct-hash.ts";

/** The version of the NodePool hash: hashes of different versions are not compared. */
export const NODE_POOL_HASH_VERSION = "v3";

const TAINT: Struct = {
  name: "Taint",
  fields: [field("Key", "key", "string", false), field("Value", "value", "string", false), field("Effect", "effect", "string", false), field("TimeAdded", "timeAdded", "time")],
};

const CLASS_REFERENCE: Struct = {
  name: "NodeClassReference",
  fields: [field("Kind", "kind", "string", false), field("Name", "name", "string", false), field("Group", "group", "string", false)],
};

// Karpenter pkg/apis/v1: what of a NodePool's template is hashed. Its requirements are not: they drift by comparison.
const TEMPLATE: Struct = {
  name: "NodeClaimTemplate",
  fields: [
    field("ObjectMeta", "metadata", { name: "ObjectMeta", fields: [field("Labels", "labels", { map: "string" }), field("Annotations", "annotations", { map: "string" })] }, false),
    field(
      "Spec",
      "spec",
      {
        name: "NodeClaimTemplateSpec",
        ignored: ["requirements"],
        fields: [
          field("Taints", "taints", { list: TAINT }),
          field("StartupTaints", "startupTaints", { list: TAINT }),
          field("NodeClassRef", "nodeClassRef", CLASS_REFERENCE),
          field("TerminationGracePeriod", "terminationGracePeriod", "duration"),
          field("ExpireAfter", "expireAfter", "nillable-duration"),
        ],
      },
      false,
    ),
  ],
};

/**
 * The hash of a NodePool's template that Karpenter writes to `karpenter.sh/nodepool-hash`, digit for digit: a NodeClaim whose annotation differs has drifted.
 *
 * Labels, annotations, taints, startup taints, the class reference, expiry and grace period count; the order of taints does not.
 */
export function nodePoolHash({ spec: { template } }: NodePool): string {
  let hash = known.get(template);
  if (hash === undefined) known.set(template, (hash = String(structHash(template, TEMPLATE))));
  return hash;
}

// Every claim that is planned asks for it.
const known: WeakMap<object, string> = /* @__PURE__ */ new WeakMap();
