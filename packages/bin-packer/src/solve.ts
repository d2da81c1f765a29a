import { isCurrentlyReschedulable } from "@groupless/api";
import type { PodEntry } from "./demand/pod-class.ts";
import type { Packing } from "./packing.ts";
import { Solver, type Task } from "./place/solver.ts";
import type { Snapshot } from "./prepare/snapshot.ts";
import { type Prepared, snapshotBehind, type SolveOptions } from "./prepared.ts";
import { packingOf } from "./result/packing-result.ts";

/**
 * Places every pod that waits, and those of nodes on their way out: on nodes that exist, on nodes about to be, on new ones.
 *
 * @example
 * solve(prepare(cluster, { nowMs })).newNodeClaims.map((claim) => claim.instanceTypes[0]);
 */
export function solve(prepared: Prepared, options: SolveOptions = {}): Packing {
  return solveSnapshot(snapshotBehind(prepared), new Set(), options);
}

/** Solves with some nodes gone as well, given by their index among the snapshot's nodes. */
export function solveSnapshot(snapshot: Snapshot, removed: ReadonlySet<number>, options: SolveOptions): Packing {
  const without = new Set(removed);
  const leaving: PodEntry[] = [];
  for (const node of snapshot.nodes) {
    if (node.state.markedForDeletion) without.add(node.index);
    if (without.has(node.index)) leaving.push(...node.pods.filter((entry) => isCurrentlyReschedulable(entry.pod, snapshot.inventory.budgets, snapshot.nowMs)));
  }
  const pods = [...snapshot.pending, ...leaving];
  if (snapshot.pools.length === 0) return packingOf(snapshot, { claims: [], existing: [], errors: new Map(pods.map((pod) => [pod, [{ kind: "no-nodepools" }]])) });
  const disruption = options.purpose === "disruption";
  const task: Task = { pods, without, strictReservations: !disruption, guardDestinations: disruption, exempt: new Set() };
  return packingOf(snapshot, new Solver(snapshot, task).run());
}
