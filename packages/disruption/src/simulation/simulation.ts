import type { ExistingNodePlacement, NewNodeClaim, PodError } from "@groupless/bin-packer";

/** The cluster without some nodes, solved: where their pods, pending pods and the pods of nodes that go away would be. */
export interface Simulation {
  readonly newNodeClaims: readonly NewNodeClaim[];
  readonly existingNodes: readonly ExistingNodePlacement[];
  /** Pods that run now and would have no place; pods that have none already are not among them. */
  readonly podErrors: readonly PodError[];
}
