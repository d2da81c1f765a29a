// Label keys the AWS provider registers beside the core's; a claim that does not mention one leaves it free.
const instance = [
  "accelerator-count", "accelerator-manufacturer", "accelerator-name", "capability-flex", "category", "cpu", "cpu-manufacturer", "cpu-sustained-clock-speed-mhz", "ebs-bandwidth",
  "encryption-in-transit-supported", "family", "generation", "gpu-count", "gpu-manufacturer", "gpu-memory", "gpu-name", "hypervisor", "local-nvme", "memory", "network-bandwidth", "size", "tenancy",
];

const wellKnown = new Set([
  "karpenter.sh/capacity-type", "karpenter.sh/nodepool", "kubernetes.io/arch", "kubernetes.io/os", "node.kubernetes.io/instance-type", "node.kubernetes.io/windows-build",
  "topology.kubernetes.io/region", "topology.kubernetes.io/zone", "topology.k8s.aws/zone-id",
  ...["capacity-reservation-id", "capacity-reservation-interruptible", "capacity-reservation-type", "placement-group-id", "placement-group-partition"].map((name) => `karpenter.k8s.aws/${name}`),
  ...instance.map((name) => `karpenter.k8s.aws/instance-${name}`),
]);

/** Whether the AWS provider or Karpenter's core knows the label key. */
export function isWellKnown(key: string): boolean {
  return wellKnown.has(key);
}
