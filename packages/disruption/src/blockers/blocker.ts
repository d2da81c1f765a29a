import type { Reason } from "@groupless/api";
import type { PodError } from "@groupless/bin-packer";

interface BlockerBase extends Reason {
  /** The method that is held up; absent where every method is. */
  readonly method?: string;
  /** When time alone lifts it, in epoch milliseconds; absent where it does not, or nobody can tell. */
  readonly clearsAtMs?: number;
}

/** What keeps a node from being disrupted, as data. `explain` turns one into English. */
export type Blocker = NodeBlocker | PodBlocker | PoolBlocker | PlanBlocker;

/** The node itself, or its claim. */
export type NodeBlocker =
  | (BlockerBase & { readonly code: "node-not-found"; readonly node: string })
  | (BlockerBase & { readonly code: "being-disrupted" })
  | (BlockerBase & { readonly code: "not-managed" })
  | (BlockerBase & { readonly code: "no-node" })
  | (BlockerBase & { readonly code: "not-initialized" })
  | (BlockerBase & { readonly code: "deleting" })
  | (BlockerBase & { readonly code: "nominated" })
  | (BlockerBase & { readonly code: "node-do-not-disrupt" })
  | (BlockerBase & { readonly code: "missing-label"; readonly label: string })
  | (BlockerBase & { readonly code: "instance-type-not-found"; readonly instanceType: string })
  | (BlockerBase & { readonly code: "buffer-pods"; readonly node: string; readonly count: number })
  | (BlockerBase & { readonly code: "not-empty"; readonly pods: readonly string[]; readonly disruptionCost: number })
  | (BlockerBase & { readonly code: "empty" })
  | (BlockerBase & { readonly code: "not-consolidatable"; readonly consolidateAfter: string })
  | (BlockerBase & { readonly code: "not-drifted" });

/** A pod that may not be moved. */
export type PodBlocker =
  | (BlockerBase & { readonly code: "pod-do-not-disrupt"; readonly pod: string })
  | (BlockerBase & { readonly code: "pod-disruption-budget"; readonly pod: string; readonly podDisruptionBudgets: readonly string[] })
  | (BlockerBase & { readonly code: "multiple-pod-disruption-budgets"; readonly pod: string; readonly podDisruptionBudgets: readonly string[] });

/** The node's pool. */
export type PoolBlocker =
  | (BlockerBase & { readonly code: "node-pool-not-found"; readonly nodePool: string })
  | (BlockerBase & { readonly code: "static-node-pool"; readonly nodePool: string })
  | (BlockerBase & { readonly code: "dynamic-node-pool"; readonly nodePool: string })
  | (BlockerBase & { readonly code: "consolidation-disabled"; readonly nodePool: string })
  | (BlockerBase & { readonly code: "consolidation-policy"; readonly nodePool: string; readonly policy: string })
  /** `allowed` nodes may go at once for `reason`, `disrupting` count already, `nodes` are in the pool. */
  | (BlockerBase & { readonly code: "node-pool-budget"; readonly nodePool: string; readonly reason: string; readonly allowed: number; readonly disrupting: number; readonly nodes: number; readonly problem?: string })
  | (BlockerBase & { readonly code: "replicas-not-settled"; readonly nodePool: string; readonly running: number; readonly replicas: number })
  | (BlockerBase & { readonly code: "node-limit"; readonly nodePool: string; readonly limit: number; readonly nodes: number })
  | (BlockerBase & { readonly code: "balanced-score"; readonly nodePool: string; readonly score: number; readonly threshold: number; readonly savingsFraction: number; readonly disruptionFraction: number });

/** What the simulation of the cluster without the node came to. */
export type PlanBlocker =
  | (BlockerBase & { readonly code: "no-node-pools" })
  | (BlockerBase & { readonly code: "pods-would-not-schedule"; readonly podErrors: readonly PodError[] })
  | (BlockerBase & { readonly code: "uninitialized-destination"; readonly node: string; readonly pods: readonly string[] })
  | (BlockerBase & { readonly code: "many-replacements"; readonly count: number; readonly podsOf: readonly (readonly string[])[] })
  /** Prices in USD an hour; `cheapestUsdPerHour` is the worst launch price of the cheapest type that would hold the pods, absent if none can be launched. */
  | (BlockerBase & { readonly code: "not-cheaper"; readonly priceUsdPerHour: number; readonly cheapestUsdPerHour?: number; readonly instanceType?: string })
  /** Only with `minSavings`. */
  | (BlockerBase & { readonly code: "savings-too-small"; readonly savingsUsdPerHour: number; readonly leastUsdPerHour: number })
  /** Only with `utilizationBelow`. `utilization`: the larger share of cpu and memory its pods request. */
  | (BlockerBase & { readonly code: "well-utilized"; readonly utilization: number; readonly threshold: number })
  | (BlockerBase & { readonly code: "min-values"; readonly labels: readonly string[] })
  | (BlockerBase & { readonly code: "spot-to-spot-disabled" })
  | (BlockerBase & { readonly code: "spot-flexibility"; readonly needed: number; readonly got: number })
  | (BlockerBase & { readonly code: "custom"; readonly message: string });
