import { NODE_POOL_LABEL } from "@groupless/api";
import type { ClusterView } from "../cluster/cluster-view.ts";
import { conditionIsTrue } from "../cluster/node-record.ts";
import { type AllowedDisruptions, allowedDisruptions } from "./allowed-disruptions.ts";

/** A pool's budget for one reason, and what is used of it. */
export interface PoolBudget extends AllowedDisruptions {
  /** The pool's initialized nodes; those whose instance is being terminated do not count. */
  readonly nodes: number;
  /** Of those, the ones not ready or on their way out, for whatever reason. */
  readonly disrupting: number;
  /** How many more nodes may go. */
  readonly left: number;
}

/** What each pool's budgets let go for a reason (Karpenter `BuildDisruptionBudgetMapping`). */
export function poolBudgets(view: ClusterView, at: { readonly reason: string; readonly nowMs: number }): ReadonlyMap<string, PoolBudget> {
  const counts = countsOf(view);
  const names = [...view.nodePools.keys()].sort();
  return new Map(
    names.map((name) => {
      const { nodes, disrupting } = counts.get(name) ?? { nodes: 0, disrupting: 0 };
      const allowed = allowedDisruptions(view.nodePools.get(name)?.spec.disruption.budgets, { ...at, nodes });
      return [name, { ...allowed, nodes, disrupting, left: Math.max(0, allowed.allowed - disrupting) }];
    }),
  );
}

type Counts = ReadonlyMap<string, { readonly nodes: number; readonly disrupting: number }>;

const known = new WeakMap<ClusterView, Counts>();

// The same for all reasons.
function countsOf(view: ClusterView): Counts {
  const before = known.get(view);
  if (before !== undefined) return before;
  const counts = new Map<string, { nodes: number; disrupting: number }>();
  for (const { nodeClaim, node, initialized, deleting, labels } of view.nodes) {
    if (nodeClaim === undefined || !initialized || conditionIsTrue(nodeClaim, "InstanceTerminating")) continue;
    const pool = labels[NODE_POOL_LABEL] ?? "";
    const count = counts.get(pool) ?? { nodes: 0, disrupting: 0 };
    count.nodes += 1;
    if (deleting || !conditionIsTrue(node, "Ready")) count.disrupting += 1;
    counts.set(pool, count);
  }
  known.set(view, counts);
  return counts;
}
