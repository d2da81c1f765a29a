import { isActive } from "@groupless/api";
import { cheapestPacking } from "./cheapest/cheapest-packing.ts";
import type { PodEntry } from "./demand/pod-class.ts";
import type { Packing } from "./packing.ts";
import { type Outcome, Solver, type Task } from "./place/solver.ts";
import type { NodeEntry } from "./prepare/node-entry.ts";
import { type BoundPod, reschedulable, type Snapshot } from "./prepare/snapshot.ts";
import { type Prepared, snapshotBehind, type SolveOptions, withOwnUnits } from "./prepared.ts";
import { requireSolveOptions } from "./question-shape.ts";
import { wishedPlaces } from "./place/wished-places.ts";
import { packingOf } from "./result/packing-result.ts";

/**
 * Places every pod that waits, and those of nodes on their way out: on nodes that exist, on nodes about to be, on new ones.
 *
 * @throws InputError for what is no preparation, or an objective there is not
 *
 * @example
 * solve(prepare(cluster, { nowMs })).newNodeClaims.map((claim) => claim.instanceTypes[0]);
 */
export function solve(prepared: Prepared, options: SolveOptions = {}): Packing {
  requireSolveOptions(options);
  const snapshot = snapshotFor(prepared, options);
  return solveSnapshot(snapshot, snapshot.removed, options);
}

/** The index that such a question is put to. */
export function snapshotFor(prepared: Prepared, { objective }: SolveOptions): Snapshot {
  const snapshot = snapshotBehind(prepared);
  return objective === "cheapest" ? withOwnUnits(snapshot, prepared) : snapshot;
}

/** Solves with some nodes gone as well. */
export function solveSnapshot(snapshot: Snapshot, removed: ReadonlySet<NodeEntry>, options: SolveOptions): Packing {
  const disruption = options.purpose === "disruption";
  const without = new Set(removed);
  const pods = [...snapshot.pending];
  const moving = new Set<PodEntry>();
  const bound: BoundPod[] = [];
  const take = (node: NodeEntry): readonly PodEntry[] => {
    const entries = reschedulable(snapshot, node);
    for (const entry of entries) {
      pods.push(entry);
      moving.add(entry);
      if (node.kube !== undefined && isActive(entry.pod)) bound.push({ entry, node: node.kube });
    }
    return entries;
  };
  for (const node of removed) if (!node.state.markedForDeletion) take(node);
  const exempt = new Set<PodEntry>();
  for (const node of snapshot.leaving) {
    without.add(node);
    for (const entry of take(node)) exempt.add(entry);
  }
  if (snapshot.pools.length === 0) return packingOf(snapshot, { claims: [], minValuesRelaxed: new Map(), existing: [], errors: new Map(pods.map((pod) => [pod, [{ kind: "no-nodepools" }]])) });
  const task: Task = { pods, moving, bound, without, strictReservations: !disruption, guardDestinations: options.guardDestinations ?? disruption, exempt, mostClaims: options.objective === "cheapest" ? undefined : options.maxNewNodeClaims };
  const finish = (outcome: Outcome): Packing => {
    if (disruption) refuseUninitialized(outcome, exempt);
    return packingOf(snapshot, outcome);
  };
  if (options.objective === "cheapest") return cheapestPacking(snapshot, task, options, finish);
  const wished = options.placements === undefined ? task : { ...task, plan: { onExistingNodes: [], nodes: [], places: wishedPlaces(snapshot.nodes, pods, options.placements) } };
  return finish(new Solver(snapshot, wished).run());
}

/** Nodes still coming up are no ground to take others away; pods of nodes that go anyway may wait for them. Karpenter pkg/controllers/disruption/helpers.go. */
function refuseUninitialized(outcome: Outcome, exempt: ReadonlySet<PodEntry>): void {
  for (const { entry, pods } of outcome.existing) {
    if (entry.state.initialized) continue;
    for (const pod of pods) if (!exempt.has(pod)) outcome.errors.set(pod, [{ kind: "uninitialized-node", node: entry.state.name, claim: entry.state.nodeClaim?.metadata.name }]);
  }
}
