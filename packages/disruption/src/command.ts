import type { ExistingNodePlacement, NewNodeClaim } from "@groupless/bin-packer";

/** Remove these nodes, launching the replacements first. */
export interface Command {
  readonly decision: "delete" | "replace";
  /** Name of the method that proposed it. */
  readonly method: string;
  /** Karpenter's disruption reason: `Empty`, `Drifted`, `Underutilized`, or a custom method's own. */
  readonly reason: string;
  /** Node names, sorted. */
  readonly sourceNodes: readonly string[];
  /** USD an hour. */
  readonly estimatedSavings: number;
  readonly replacements: readonly NewNodeClaim[];
  /** Where the simulation puts the displaced pods on nodes that exist. */
  readonly existingNodes: readonly ExistingNodePlacement[];
}
