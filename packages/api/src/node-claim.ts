import type { NodeClassReference } from "./node-pool.ts";
import type { Condition, ObjectMeta, ResourceList } from "./object-meta.ts";
import type { NodeSelectorRequirementWithMinValues } from "./selector.ts";
import type { Taint } from "./taint.ts";

/** `karpenter.sh/v1` NodeClaim: one node asked for. */
export interface NodeClaim {
  readonly apiVersion: "karpenter.sh/v1";
  readonly kind: "NodeClaim";
  readonly metadata: ObjectMeta;
  readonly spec: NodeClaimSpec;
  readonly status?: NodeClaimStatus;
}

export interface NodeClaimSpec {
  readonly nodeClassRef: NodeClassReference;
  readonly requirements: readonly NodeSelectorRequirementWithMinValues[];
  readonly resources?: { readonly requests?: ResourceList };
  readonly taints?: readonly Taint[];
  readonly startupTaints?: readonly Taint[];
  readonly expireAfter?: string;
  readonly terminationGracePeriod?: string;
}

export interface NodeClaimStatus {
  readonly nodeName?: string;
  readonly providerID?: string;
  readonly imageID?: string;
  readonly capacity?: ResourceList;
  readonly allocatable?: ResourceList;
  readonly conditions?: readonly Condition[];
  readonly lastPodEventTime?: string;
}
