export type { Change, Cluster, OfferingSelector, PriceChange, SchedulingOptions, WatchEvent } from "./cluster.ts";
export type { ExistingNodePlacement, NewNodeClaim, Packing, PodError } from "./packing.ts";
export type { PrepareOptions, Prepared, Profile, SolveOptions } from "./prepared.ts";
export type { SchedulingReason } from "./reason.ts";
