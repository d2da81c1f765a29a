import type { NodeClaim } from "@groupless/api";
import { CLUSTER_NAME_TAG, CLUSTER_NAME_TAGGED_ANNOTATION, NAME_TAG, NODE_CLAIM_TAG, TAGGED_ANNOTATION } from "../node-class/label.ts";

/** What a claim carries once its instance has all tags. */
export const TAGGED: Readonly<Record<string, string>> = { [TAGGED_ANNOTATION]: "true", [CLUSTER_NAME_TAGGED_ANNOTATION]: "true" };

/** CreateTags draws on the same budget as CreateFleet: at most one a second. */
export const TAG_INTERVAL_MS = 1000;

/** Whether the claim's instance is due for its tags: its node has a name and it is not going away. Karpenter pkg/controllers/nodeclaim/tagging. */
export function isTaggable({ metadata, status }: NodeClaim): boolean {
  const { annotations = {} } = metadata;
  const done = Object.entries(TAGGED).every(([key, value]) => annotations[key] === value);
  return !done && (status?.nodeName ?? "") !== "" && metadata.deletionTimestamp === undefined;
}

/** The tags an instance lacks; what it has is never overwritten. */
export function missingTags({ metadata, status }: NodeClaim, present: Readonly<Record<string, string>>, clusterName: string): Readonly<Record<string, string>> {
  const wanted = { [NAME_TAG]: status?.nodeName ?? "", [NODE_CLAIM_TAG]: metadata.name, [CLUSTER_NAME_TAG]: clusterName };
  return Object.fromEntries(Object.entries(wanted).filter(([key]) => !(key in present)));
}
