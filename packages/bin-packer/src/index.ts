export type { Change, Cluster, OfferingSelector, PriceChange, SchedulingOptions, WatchEvent } from "./cluster.ts";
export type { ExistingNodePlacement, NewNodeClaim, Packing, PodError } from "./packing.ts";
export { type PrepareOptions, type Prepared, type Profile, type SolveOptions, clusterOf, prepare } from "./prepared.ts";
export type { SchedulingReason } from "./reason.ts";
export type { StateNode } from "./supply/state-node.ts";
export { apply, applyEvents } from "./change/apply.ts";
export { explain } from "./explain/explain.ts";
export { solve } from "./solve.ts";
export { stateNodes, update, whatIf } from "./what-if.ts";
