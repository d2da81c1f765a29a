/** Metadata every Kubernetes object carries. Times are RFC 3339 text, as the API server writes them. */
export interface ObjectMeta {
  readonly name: string;
  readonly generateName?: string;
  /** Absent on cluster-scoped objects; `parse` fills `default` on namespaced ones. */
  readonly namespace?: string;
  /** Objects from YAML may lack one: `namespace/name` (or `name`) then stands in, and ties end there. */
  readonly uid?: string;
  readonly generation?: number;
  readonly resourceVersion?: string;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Labels;
  readonly annotations?: Annotations;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
}

export type Labels = Readonly<Record<string, string>>;
export type Annotations = Readonly<Record<string, string>>;

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** A quantity as Kubernetes text, e.g. `"500m"`, `"1Gi"`. Quantities cross package borders in this form. */
export type QuantityText = string;

/** Resource name to quantity, e.g. `{ cpu: "3150m", memory: "1Gi", pods: "6" }`. */
export type ResourceList = Readonly<Record<string, QuantityText>>;

/** One entry of `status.conditions`. */
export interface Condition {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
  readonly observedGeneration?: number;
}
