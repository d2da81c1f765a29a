import type { Condition, ObjectMeta, ResourceList } from "./object-meta.ts";
import type { NodeSelectorRequirementWithMinValues } from "./selector.ts";
import type { Taint } from "./taint.ts";

/** `karpenter.sh/v1` NodePool. */
export interface NodePool {
  readonly apiVersion: "karpenter.sh/v1";
  readonly kind: "NodePool";
  readonly metadata: ObjectMeta;
  readonly spec: NodePoolSpec;
  readonly status?: NodePoolStatus;
}

export interface NodePoolSpec {
  readonly template: NodeClaimTemplate;
  readonly disruption: Disruption;
  /** Resource name (also `nodes`) to the most the pool may hold. */
  readonly limits?: ResourceList;
  /** 1 to 100; heavier pools are tried first. */
  readonly weight?: number;
  /** Set on a static pool: it holds that many nodes whatever pods there are. */
  readonly replicas?: number;
}

export interface NodeClaimTemplate {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>>; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: NodeClaimTemplateSpec;
}

export interface NodeClaimTemplateSpec {
  readonly nodeClassRef: NodeClassReference;
  readonly requirements: readonly NodeSelectorRequirementWithMinValues[];
  readonly taints?: readonly Taint[];
  readonly startupTaints?: readonly Taint[];
  /** Go duration text (`720h`) or `Never`. */
  readonly expireAfter?: string;
  /** Go duration text. */
  readonly terminationGracePeriod?: string;
}

export interface NodeClassReference {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
}

export type ConsolidationPolicy = "WhenEmpty" | "WhenEmptyOrUnderutilized" | "Balanced";
export type DisruptionReason = "Underutilized" | "Empty" | "Drifted";

export interface Disruption {
  /** Go duration text or `Never`. */
  readonly consolidateAfter: string;
  readonly consolidationPolicy?: ConsolidationPolicy;
  readonly budgets?: readonly Budget[];
}

/** At most `nodes` of a pool's nodes may be disrupted at once while the budget is active. */
export interface Budget {
  /** A count (`"5"`) or a percentage (`"10%"`). */
  readonly nodes: string;
  /** Absent: every reason. */
  readonly reasons?: readonly DisruptionReason[];
  /** Cron text in UTC; needs `duration`. */
  readonly schedule?: string;
  /** Go duration text. */
  readonly duration?: string;
}

export interface NodePoolStatus {
  readonly resources?: ResourceList;
  readonly nodes?: number;
  readonly nodeClassObservedGeneration?: number;
  readonly conditions?: readonly Condition[];
}
