import type { Annotations, Labels, NodeSelectorRequirementWithMinValues, ResourceList, Taint } from "@groupless/api";
import type { SchedulingReason } from "./reason.ts";

/** Where every pod goes. Names are `namespace/name`; lists are sorted and frozen; equal lists are shared. */
export interface Packing {
  readonly newNodeClaims: readonly NewNodeClaim[];
  /** Only nodes that got pods. */
  readonly existingNodes: readonly ExistingNodePlacement[];
  readonly podErrors: readonly PodError[];
  /** Pods that validation turned away before scheduling. */
  readonly ignoredPods: readonly PodError[];
  /** Sum of the new claims' cheapest prices. */
  readonly priceUsdPerHour: number;
  /** Nothing can place the same pods for less; only with `objective: "cheapest"`. */
  readonly lowerBoundUsdPerHour?: number;
  /** What the bound was proven by. */
  readonly bound?: "volume" | "patterns";
  /** Where claims are to keep several instance types: what that costs. Only with `objective: "cheapest"`. */
  readonly flexibility?: Flexibility;
}

/** Instance types to choose from at launch, and their price. */
export interface Flexibility {
  /** Types each claim is to keep, by capacity type of its cheapest offering. */
  readonly minInstanceTypes: Readonly<Record<string, number>>;
  /** A type counts up to this multiple of the claim's cheapest price. */
  readonly priceFactor: number;
  /** USD an hour above the plan found without the wish. */
  readonly costUsdPerHour: number;
  /** Claims that have fewer: no node for their pods has as many, or the plan of one type was kept because it is cheaper. */
  readonly claimsBelow: number;
}

/** A node to launch: any of `instanceTypes` in any offering that meets `requirements`. */
export interface NewNodeClaim {
  readonly nodePool: string;
  readonly pods: readonly string[];
  /** Pods and daemon overhead together. */
  readonly requests: ResourceList;
  /** Sorted by key, then operator. */
  readonly requirements: readonly NodeSelectorRequirementWithMinValues[];
  /**
   * The requirements before the instance types, and the capacity types they can be had in, were written into them: what a claim is changed by
   * before it is launched. Registered and initialized, which are there for daemons only, are among them. Absent on claims not made by `solve`.
   */
  readonly plannedRequirements?: readonly NodeSelectorRequirementWithMinValues[];
  /** Cheapest first. Empty for static pools. */
  readonly instanceTypes: readonly string[];
  /** USD an hour: the lowest available compatible offering of those types. */
  readonly cheapestPrice: number;
  readonly labels: Labels;
  readonly annotations: Annotations;
  readonly taints: readonly Taint[];
  readonly startupTaints: readonly Taint[];
}

export interface ExistingNodePlacement {
  /** The node's name; the NodeClaim's until it registers. */
  readonly node: string;
  readonly pods: readonly string[];
}

export interface PodError {
  readonly pod: string;
  /** One error class a NodePool in the order tried, equal neighbours merged. */
  readonly classes: readonly string[];
  /** One tree of causes a NodePool tried. */
  readonly reasons: readonly SchedulingReason[];
  /** The reasons in plain sentences. */
  readonly message: string;
}
