import type { PodEntry } from "../demand/pod-class.ts";
import type { NodeEntry } from "../prepare/node-entry.ts";
import type { Bits } from "../intern/bits.ts";
import type { Template } from "../supply/template.ts";

/** A node somebody thought out beforehand: what it is to be at least able to become, and for whom. */
export interface PlannedNode {
  readonly template: Template;
  /** Among the catalog's variants: the claim stays open to it. */
  readonly variant: number;
  /** Among the catalog's offerings: the claim stays open to one of them. */
  readonly offerings: Bits;
  readonly pods: readonly PodEntry[];
}

/** Where pods are to be put before the rest is placed as always. */
export interface Plan {
  /** Tried on the nodes that exist, and nowhere else, before any node is launched. */
  readonly onExistingNodes: readonly PodEntry[];
  readonly nodes: readonly PlannedNode[];
  /** Tried first of all, each on that one node. */
  readonly places?: ReadonlyMap<PodEntry, NodeEntry>;
}
