/** A node condition that means the node is broken, and for how long it is borne, in milliseconds. */
export interface RepairPolicy {
  readonly type: string;
  readonly status: "False" | "Unknown";
  readonly tolerationMs: number;
}

const MINUTE_MS = 60_000;

/** The conditions of the kubelet and of EKS' node monitoring agent that EC2 nodes are replaced for. Karpenter pkg/cloudprovider RepairPolicies. */
export const REPAIR_POLICIES: readonly RepairPolicy[] = [
  { type: "Ready", status: "False", tolerationMs: 30 * MINUTE_MS },
  { type: "Ready", status: "Unknown", tolerationMs: 30 * MINUTE_MS },
  { type: "AcceleratedHardwareReady", status: "False", tolerationMs: 10 * MINUTE_MS },
  ...["StorageReady", "NetworkingReady", "KernelReady", "ContainerRuntimeReady"].map((type): RepairPolicy => ({ type, status: "False", tolerationMs: 30 * MINUTE_MS })),
];
