import type { EC2NodeClass, KubeObject, NodePool, NodeSelectorRequirement } from "@groupless/api";
import type { InstanceType } from "@groupless/catalog";

/** Everything a decision looks at, as plain data. */
export interface Cluster {
  readonly nodePools: readonly NodePool[];
  readonly nodeClasses?: readonly EC2NodeClass[];
  /** All other objects: pods, nodes, claims, daemon sets, budgets, volumes, namespaces, overlays, buffers. Unknown kinds are ignored. */
  readonly objects: readonly KubeObject[];
  /** By NodePool name; `"*"` serves every pool not named. */
  readonly instanceTypes: Readonly<Record<string, readonly InstanceType[]>>;
  /** Label keys a provider adds to the well-known ones. Absent: every key that the instance types and their offerings speak about. */
  readonly wellKnownLabels?: readonly string[];
  /** Provider ids of nodes that are on their way out: their pods are placed anew. */
  readonly markedForDeletion?: readonly string[];
  /**
   * Names of nodes a simulated disruption takes away: nothing is placed on them and their pods are placed anew, as with nodes on
   * their way out, but pods and budgets do not know yet. {@link apply} puts a change's `removeNodes` here.
   */
  readonly removeNodes?: readonly string[];
  /** Provider ids of nodes that recently had pods nominated to them: no method disrupts those. */
  readonly nominated?: readonly string[];
  /** Provider id to the virtual pods of capacity buffers it holds. */
  readonly bufferPods?: Readonly<Record<string, number>>;
  readonly options?: SchedulingOptions;
}

/** Karpenter's settings that bear on decisions, with its defaults. */
export interface SchedulingOptions {
  /** `Ignore` drops preferences before scheduling. Default `Respect`. */
  readonly preferencePolicy?: "Respect" | "Ignore";
  /** Default `Strict`. */
  readonly minValuesPolicy?: "Strict" | "BestEffort";
  /** Default true. */
  readonly reservedCapacity?: boolean;
  /** Domains whose labels only a provider may set, besides karpenter.sh. */
  readonly restrictedLabelDomains?: readonly string[];
  /** Label that holds a reservation's id. */
  readonly reservationIDLabel?: string;
  /** Most instance types a claim keeps. Default 600. */
  readonly maxInstanceTypes?: number;
  readonly unsupportedProvisioners?: readonly string[];
  readonly unsupportedTopologyKeys?: readonly string[];
  /** Node classes beside those of karpenter.k8s.aws, karpenter.kwok.sh and karpenter.test.sh whose pools are managed, as `group/Kind`. */
  readonly nodeClasses?: readonly string[];
  /** Feature gates by name, e.g. `SpotToSpotConsolidation`, `StaticCapacity`, `NodeOverlay`, `CapacityBuffer`. */
  readonly featureGates?: Readonly<Record<string, boolean>>;
}

/** A question: the cluster as it would be if all of this held. Empty fields change nothing. */
export interface Change {
  /** Names of nodes (of NodeClaims until they register): gone, their reschedulable pods placed anew. */
  readonly removeNodes?: readonly string[];
  /** `namespace/name`. */
  readonly removePods?: readonly string[];
  readonly removeNodePools?: readonly string[];
  /** Added, or replacing those of the same kind and name. */
  readonly objects?: readonly KubeObject[];
  readonly nodePools?: readonly NodePool[];
  readonly prices?: readonly PriceChange[];
  /** Offerings that cannot be had. */
  readonly unavailable?: readonly OfferingSelector[];
}

/** Offerings of instance types whose combined labels meet all requirements. */
export interface OfferingSelector {
  readonly requirements: readonly NodeSelectorRequirement[];
}

/** A new price for the selected offerings: absolute, or a factor on today's. Exactly one of the two. */
export interface PriceChange extends OfferingSelector {
  readonly priceUsdPerHour?: number;
  readonly factor?: number;
}

/** One message of a watch. */
export interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: KubeObject;
}
