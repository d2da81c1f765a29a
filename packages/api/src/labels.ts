/** Label, annotation, taint and finalizer keys, under the names Karpenter and Kubernetes document. */
export const NODE_POOL_LABEL = "karpenter.sh/nodepool";
export const CAPACITY_TYPE_LABEL = "karpenter.sh/capacity-type";
export const REGISTERED_LABEL = "karpenter.sh/registered";
export const INITIALIZED_LABEL = "karpenter.sh/initialized";
export const INSTANCE_TYPE_LABEL = "node.kubernetes.io/instance-type";
export const ARCH_LABEL = "kubernetes.io/arch";
export const OS_LABEL = "kubernetes.io/os";
export const HOSTNAME_LABEL = "kubernetes.io/hostname";
export const ZONE_LABEL = "topology.kubernetes.io/zone";
export const REGION_LABEL = "topology.kubernetes.io/region";
export const WINDOWS_BUILD_LABEL = "node.kubernetes.io/windows-build";
export const DO_NOT_DISRUPT_ANNOTATION = "karpenter.sh/do-not-disrupt";
export const NODE_POOL_HASH_ANNOTATION = "karpenter.sh/nodepool-hash";
export const NODE_POOL_HASH_VERSION_ANNOTATION = "karpenter.sh/nodepool-hash-version";
export const TERMINATION_TIMESTAMP_ANNOTATION = "karpenter.sh/nodeclaim-termination-timestamp";
export const POD_DELETION_COST_ANNOTATION = "controller.kubernetes.io/pod-deletion-cost";
export const TERMINATION_FINALIZER = "karpenter.sh/termination";
export const DISRUPTED_TAINT_KEY = "karpenter.sh/disrupted";
export const UNREGISTERED_TAINT_KEY = "karpenter.sh/unregistered";

export type CapacityType = "reserved" | "spot" | "on-demand";
