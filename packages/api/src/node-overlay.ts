import type { Condition, ObjectMeta, ResourceList } from "./object-meta.ts";
import type { NodeSelectorRequirement } from "./selector.ts";

/** `karpenter.sh/v1alpha1` NodeOverlay: changes the price or adds capacity of matching instance types. */
export interface NodeOverlay {
  readonly apiVersion: "karpenter.sh/v1alpha1";
  readonly kind: "NodeOverlay";
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly requirements?: readonly NodeSelectorRequirement[];
    /** `"+0.5"`, `"-10%"`. */
    readonly priceAdjustment?: string;
    /** USD an hour, decimal text. */
    readonly price?: string;
    readonly capacity?: ResourceList;
    readonly weight?: number;
  };
  readonly status?: { readonly conditions?: readonly Condition[] };
}
