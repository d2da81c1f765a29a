import { isActive } from "@groupless/api";
import { cheapestPacking } from "./cheapest/cheapest-packing.ts";
import type { PodEntry } from "./demand/pod-class.ts";
import type { Packing } from "./packing.ts";
import { type Outcome, Solver, type Task } from "./place/solver.ts";
import { type BoundPod, reschedulable, type Snapshot } from "./prepare/snapshot.ts";
import { type Prepared, snapshotBehind, type SolveOptions, withOwnUnits } from "./prepared.ts";
import { wishedPlaces } from "./place/wished-places.ts";
import { packingOf } from "./result/packing-result.ts";

/**
 * Places every pod that waits, and those of nodes on their way out: on nodes that exist, on nodes about to be, on new ones.
 *
 * @example
 * solve(prepare(cluster, { nowMs })).newNodeClaims.map((claim) => claim.instanceTypes[0]);
 */
export function solve(prepared: Prepared, options: SolveOptions = {}): Packing {
  const snapshot = snapshotFor(prepared, options);
  return solveSnapshot(snapshot, snapshot.removed, options);
}

/** The index that such a question is put to. */
export function snapshotFor(prepared: Prepared, { objective }: SolveOptions): Snapshot {
  const snapshot = snapshotBehind(prepared);
  return objective === "cheapest" ? withOwnUnits(snapshot, prepared) : snapshot;
}

/** Solves with some nodes gone as well, given by their index among the snapshot's nodes. */
export function solveSnapshot(snapshot: Snapshot, removed: ReadonlySet<number>, options: SolveOptions): Packing {
  const disruption = options.purpose === "disruption";
  const without = new Set(removed);
  const pods = [...snapshot.pending];
  const bound: BoundPod[] = [];
  const take = (index: number): readonly PodEntry[] => {
    const node = snapshot.nodes[index] as Snapshot["nodes"][number];
    const entries = reschedulable(snapshot, node);
    const [kube] = snapshot.nodesOfEntries(new Set([index]));
    for (const entry of entries) {
      pods.push(entry);
      if (kube !== undefined && isActive(entry.pod)) bound.push({ entry, node: kube });
    }
    return entries;
  };
  for (const index of removed) if (!snapshot.leaving.includes(index)) take(index);
  const exempt = new Set<PodEntry>();
  for (const index of snapshot.leaving) {
    without.add(index);
    for (const entry of take(index)) exempt.add(entry);
  }
  if (snapshot.pools.length === 0) return packingOf(snapshot, { claims: [], minValuesRelaxed: new Map(), existing: [], errors: new Map(pods.map((pod) => [pod, [{ kind: "no-nodepools" }]])) });
  const task: Task = { pods, bound, without, strictReservations: !disruption, guardDestinations: options.guardDestinations ?? disruption, exempt, mostClaims: options.objective === "cheapest" ? undefined : options.maxNewNodeClaims };
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
