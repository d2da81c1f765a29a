import type { NodePool } from "@groupless/api";
import { AWS_LABELS, fromNodePool, isEmptySet, normaliseKey, valuesFor } from "@groupless/requirements";
import type { Path } from "./read/json.ts";
import { type Violation, violation } from "./crd/violation.ts";

/** The label keys to which a NodePool's labels and requirements leave no value: no node could ever come of it. */
export function contradictions(nodePool: NodePool): readonly Violation[] {
  const all = fromNodePool(nodePool, AWS_LABELS);
  return Object.keys(all)
    .filter((key) => isEmptySet(valuesFor(all, key)))
    .sort()
    .map((key) => violation(placeOf(nodePool, key), "FieldValueInvalid", `no value of ${key} meets all requirements and labels`, "requirements that some node can meet"));
}

// The last requirement on the key: the one that made it impossible.
function placeOf(nodePool: NodePool, key: string): Path {
  const index = nodePool.spec.template.spec.requirements.findLastIndex((item) => normaliseKey(item.key, AWS_LABELS) === key);
  return index < 0 ? ["spec", "template", "metadata", "labels", key] : ["spec", "template", "spec", "requirements", index];
}
