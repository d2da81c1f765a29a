/** Label and annotation keys of the AWS provider. */
export const ZONE_ID_LABEL = "topology.k8s.aws/zone-id";
export const INSTANCE_SIZE_LABEL = "karpenter.k8s.aws/instance-size";
export const TENANCY_LABEL = "karpenter.k8s.aws/instance-tenancy";
export const GPU_COUNT_LABEL = "karpenter.k8s.aws/instance-gpu-count";
export const ACCELERATOR_COUNT_LABEL = "karpenter.k8s.aws/instance-accelerator-count";
export const RESERVATION_ID_LABEL = "karpenter.k8s.aws/capacity-reservation-id";
export const RESERVATION_TYPE_LABEL = "karpenter.k8s.aws/capacity-reservation-type";
export const RESERVATION_INTERRUPTIBLE_LABEL = "karpenter.k8s.aws/capacity-reservation-interruptible";
export const PLACEMENT_GROUP_LABEL = "karpenter.k8s.aws/placement-group-id";
export const PARTITION_LABEL = "karpenter.k8s.aws/placement-group-partition";

export const NODE_CLASS_HASH_ANNOTATION = "karpenter.k8s.aws/ec2nodeclass-hash";
export const NODE_CLASS_HASH_VERSION_ANNOTATION = "karpenter.k8s.aws/ec2nodeclass-hash-version";
export const INSTANCE_PROFILE_ANNOTATION = "karpenter.k8s.aws/instance-profile-name";
export const TAGGED_ANNOTATION = "karpenter.k8s.aws/tagged";
export const CLUSTER_NAME_TAGGED_ANNOTATION = "compatibility.karpenter.k8s.aws/cluster-name-tagged";
export const PRICE_OVERLAY_ANNOTATION = "karpenter.sh/price-overlay-applied";
export const MIN_VALUES_RELAXED_ANNOTATION = "karpenter.sh/nodeclaim-min-values-relaxed";

/** Tag keys on instances. */
export const NODE_POOL_TAG = "karpenter.sh/nodepool";
export const NODE_CLASS_TAG = "karpenter.k8s.aws/ec2nodeclass";
export const NODE_CLAIM_TAG = "karpenter.sh/nodeclaim";
export const CLUSTER_NAME_TAG = "eks:eks-cluster-name";
export const NAME_TAG = "Name";

/** Extended resources that say something about a launch. */
export const EFA_RESOURCE = "vpc.amazonaws.com/efa";
export const ENCLAVE_RESOURCE = "eks.amazonaws.com/nip-slots";
