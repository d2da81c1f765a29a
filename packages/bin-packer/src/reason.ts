import type { NodeSelectorRequirementWithMinValues, QuantityText, Reason, Taint } from "@groupless/api";

/** Something a pod asks for that stands in the way. */
export type Demand =
  | { readonly kind: "requirement"; readonly requirement: NodeSelectorRequirementWithMinValues }
  | { readonly kind: "resource"; readonly resource: string; readonly requested: QuantityText }
  | { readonly kind: "toleration"; readonly taint: Taint }
  | { readonly kind: "host-port"; readonly port: number };

/** What a demand of a pod ran into: what the pod wants of a label, and what the other side has. */
export interface LabelConflict {
  readonly key: string;
  readonly wanted: readonly NodeSelectorRequirementWithMinValues[];
  readonly offered: readonly NodeSelectorRequirementWithMinValues[];
}

/** The instance type that came nearest, and what it lacked. */
export interface NearestMiss {
  readonly instanceType: string;
  /** Labels it has other values for. */
  readonly labels: readonly LabelConflict[];
  /** Resources it has too little of, daemons counted: what all would need, and what it has. */
  readonly resources: readonly { readonly resource: string; readonly needed: QuantityText; readonly allocatable: QuantityText }[];
  /** It can be had nowhere under these requirements: not offered there at all, or not available now. */
  readonly offering: "available" | "unavailable" | "none";
}

interface OfPool extends Reason {
  /** The NodePool that was tried. */
  readonly nodePool: string;
}

interface OfTopology extends OfPool {
  readonly topologyKey: string;
  /** Pods by domain, as far as counted: at most 25. */
  readonly counts: Readonly<Record<string, number>>;
  readonly maxSkew?: number;
  readonly minDomains?: number;
  /** The one rule's pods, by their labels: what its selector asks for. */
  readonly selector?: string;
  /** Is the rule another pod's, which keeps this one away? */
  readonly ofOthers: boolean;
  /** Where the pod may go by its own node constraints, and where the candidate could be; absent: anywhere. */
  readonly podDomains?: readonly string[];
  readonly nodeDomains?: readonly string[];
}

/** Why a pod has no place: one a NodePool tried, or one for all. */
export type SchedulingReason = (
  | (OfPool & { readonly code: "untolerated-taint"; readonly taints: readonly Taint[] })
  | (OfPool & { readonly code: "undefined-label"; readonly key: string; readonly wanted: readonly NodeSelectorRequirementWithMinValues[]; readonly similar?: string })
  | (OfPool & { readonly code: "incompatible-requirements" | "incompatible-volume"; readonly conflict: LabelConflict })
  /** The pod's own demands on one label exclude each other (`"exact"` only): no node meets them. Without demands: a required term asks for nothing. */
  | (OfPool & { readonly code: "contradictory-requirements"; readonly key: string; readonly wanted: readonly NodeSelectorRequirementWithMinValues[] })
  | (OfTopology & { readonly code: "topology-spread" | "pod-affinity" | "pod-anti-affinity" })
  | (OfPool & { readonly code: "topology-incompatible" | "topology-undefined-label"; readonly topologyKey: string; readonly chosen: readonly string[] })
  | (OfPool & {
      readonly code: "no-instance-type";
      /** Which of the three no type met by itself; `combination`: each was met, but by no type together. */
      readonly unmet: readonly ("requirements" | "resources" | "offering" | "combination")[];
      readonly requests: Readonly<Record<string, QuantityText>>;
      readonly considered: number;
      readonly nearest?: NearestMiss;
      /** Minimal sets of demands that cannot be met together by any type: of each, every member is necessary. Dropping all members of all of them makes room. */
      readonly conflicts: readonly (readonly Demand[])[];
    })
  | (OfPool & { readonly code: "min-values" | "min-values-truncated"; readonly unmet: readonly { readonly key: string; readonly minValues: number; readonly reached: number }[]; readonly kept?: number })
  | (OfPool & { readonly code: "limits"; readonly remaining: Readonly<Record<string, QuantityText>>; readonly smallest?: { readonly instanceType: string; readonly resource: string; readonly capacity: QuantityText } })
  | (OfPool & { readonly code: "node-limit" })
  | (OfPool & { readonly code: "reserved-capacity" })
  | (Reason & { readonly code: "uninitialized-node"; readonly node: string })
  | (Reason & { readonly code: "dra" | "no-compatible-nodepool" | "no-nodepools" })
  | (Reason & { readonly code: "not-karpenter" | "restricted-label" | "invalid-requirement" | "match-fields" | "volume"; readonly problem: string })
) & {
  /** The NodePool that was tried; absent where no pool was. */
  readonly nodePool?: string;
};
