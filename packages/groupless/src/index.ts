// The calls of all packages under one roof, by hand; each is documented where it lives.
export { type EC2NodeClass, InputError, type KubeObject, type Node, type NodeClaim, type NodePool, type Pod, type PodDisruptionBudget, type Reason } from "@groupless/api";
export { mergeResources, parseQuantity, podRequests } from "@groupless/quantity";
export { fromNodePool, fromPod, has, intersect, isEmpty, type Requirements } from "@groupless/requirements";
export { ManifestError, parse, type Parsed, toYaml } from "@groupless/manifests";
export { allocatable, type InstanceType, type Offering, type PriceSource } from "@groupless/catalog";
export { apply, type Change, type Cluster, clusterOf, explain, type NewNodeClaim, type Packing, type PodError, prepare, type Prepared, solve, type SolveOptions, update, whatIf, type WatchEvent } from "@groupless/bin-packer";
export { type Command, disrupt, karpenterMethods, type Method, whyNot } from "@groupless/disruption";
export { type Action, claimState, type LifecycleEvent, step } from "@groupless/lifecycle";
export { ec2WellKnownLabels, instanceTypes, type RegionSnapshot } from "@groupless/ec2-catalog";
export { ec2Fleet, type Fleet } from "@groupless/ec2-fleet";
export { holdsCapacity, type Violation, violations } from "@groupless/testing";
export { parseStory, simulate, type Simulation, type Story } from "@groupless/simulator";
export { diff, type Destination, type MovedPod, type NodeCount, type PackingDiff } from "./diff/diff.ts";
