/** Label keys of `karpenter.k8s.aws`, under the names of Karpenter's documentation. */
const group = "karpenter.k8s.aws";

export const ZONE_ID_LABEL = "topology.k8s.aws/zone-id";
export const CAPACITY_RESERVATION_ID_LABEL: string = `${group}/capacity-reservation-id`;
export const CAPACITY_RESERVATION_TYPE_LABEL: string = `${group}/capacity-reservation-type`;
export const CAPACITY_RESERVATION_INTERRUPTIBLE_LABEL: string = `${group}/capacity-reservation-interruptible`;
export const INSTANCE_HYPERVISOR_LABEL: string = `${group}/instance-hypervisor`;
export const INSTANCE_ENCRYPTION_IN_TRANSIT_LABEL: string = `${group}/instance-encryption-in-transit-supported`;
export const INSTANCE_CATEGORY_LABEL: string = `${group}/instance-category`;
export const INSTANCE_CAPABILITY_FLEX_LABEL: string = `${group}/instance-capability-flex`;
export const INSTANCE_FAMILY_LABEL: string = `${group}/instance-family`;
export const INSTANCE_GENERATION_LABEL: string = `${group}/instance-generation`;
export const INSTANCE_SIZE_LABEL: string = `${group}/instance-size`;
export const INSTANCE_LOCAL_NVME_LABEL: string = `${group}/instance-local-nvme`;
export const INSTANCE_CPU_LABEL: string = `${group}/instance-cpu`;
export const INSTANCE_CPU_MANUFACTURER_LABEL: string = `${group}/instance-cpu-manufacturer`;
export const INSTANCE_CPU_CLOCK_LABEL: string = `${group}/instance-cpu-sustained-clock-speed-mhz`;
export const INSTANCE_MEMORY_LABEL: string = `${group}/instance-memory`;
export const INSTANCE_EBS_BANDWIDTH_LABEL: string = `${group}/instance-ebs-bandwidth`;
export const INSTANCE_NETWORK_BANDWIDTH_LABEL: string = `${group}/instance-network-bandwidth`;
export const INSTANCE_GPU_NAME_LABEL: string = `${group}/instance-gpu-name`;
export const INSTANCE_GPU_MANUFACTURER_LABEL: string = `${group}/instance-gpu-manufacturer`;
export const INSTANCE_GPU_COUNT_LABEL: string = `${group}/instance-gpu-count`;
export const INSTANCE_GPU_MEMORY_LABEL: string = `${group}/instance-gpu-memory`;
export const INSTANCE_ACCELERATOR_NAME_LABEL: string = `${group}/instance-accelerator-name`;
export const INSTANCE_ACCELERATOR_MANUFACTURER_LABEL: string = `${group}/instance-accelerator-manufacturer`;
export const INSTANCE_ACCELERATOR_COUNT_LABEL: string = `${group}/instance-accelerator-count`;
export const INSTANCE_TENANCY_LABEL: string = `${group}/instance-tenancy`;
export const PLACEMENT_GROUP_ID_LABEL: string = `${group}/placement-group-id`;
export const PLACEMENT_GROUP_PARTITION_LABEL: string = `${group}/placement-group-partition`;

/** What this provider adds to the core's well-known labels: pass it as `wellKnownLabels` of a cluster. */
export const ec2WellKnownLabels: readonly string[] = Object.freeze([
  CAPACITY_RESERVATION_ID_LABEL,
  CAPACITY_RESERVATION_INTERRUPTIBLE_LABEL,
  CAPACITY_RESERVATION_TYPE_LABEL,
  INSTANCE_ACCELERATOR_COUNT_LABEL,
  INSTANCE_ACCELERATOR_MANUFACTURER_LABEL,
  INSTANCE_ACCELERATOR_NAME_LABEL,
  INSTANCE_CAPABILITY_FLEX_LABEL,
  INSTANCE_CATEGORY_LABEL,
  INSTANCE_CPU_LABEL,
  INSTANCE_CPU_MANUFACTURER_LABEL,
  INSTANCE_CPU_CLOCK_LABEL,
  INSTANCE_EBS_BANDWIDTH_LABEL,
  INSTANCE_ENCRYPTION_IN_TRANSIT_LABEL,
  INSTANCE_FAMILY_LABEL,
  INSTANCE_GENERATION_LABEL,
  INSTANCE_GPU_COUNT_LABEL,
  INSTANCE_GPU_MANUFACTURER_LABEL,
  INSTANCE_GPU_MEMORY_LABEL,
  INSTANCE_GPU_NAME_LABEL,
  INSTANCE_HYPERVISOR_LABEL,
  INSTANCE_LOCAL_NVME_LABEL,
  INSTANCE_MEMORY_LABEL,
  INSTANCE_NETWORK_BANDWIDTH_LABEL,
  INSTANCE_SIZE_LABEL,
  INSTANCE_TENANCY_LABEL,
  PLACEMENT_GROUP_ID_LABEL,
  PLACEMENT_GROUP_PARTITION_LABEL,
  "node.kubernetes.io/windows-build",
  ZONE_ID_LABEL,
]);
