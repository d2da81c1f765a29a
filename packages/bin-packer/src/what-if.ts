import { apply } from "./change/apply.ts";
import type { Change, WatchEvent } from "./cluster.ts";
import type { Packing } from "./packing.ts";
import { clusterOf, prepare, type Prepared, type SolveOptions, snapshotBehind, update } from "./prepared.ts";
import { hasSureRoom } from "./place/sure-room.ts";
import { objectKey } from "./prepare/object-index.ts";
import type { NodeEntry } from "./prepare/node-entry.ts";
import { nodesNamed } from "./prepare/nodes-named.ts";
import { requireChange, requireSolveOptions } from "./question-shape.ts";
import type { StateNode } from "./supply/state-node.ts";
import { snapshotFor, solve, solveSnapshot } from "./solve.ts";
import { effectiveZones } from "./topology/effective-zone.ts";

/**
 * What a change would lead to: as `solve` of the changed cluster, without making it.
 *
 * @throws InputError `unknown-node` where `removeNodes` names a node that is not there; `malformed-question` where the change has a field there is not
 *
 * @example
 * whatIf(prepared, { removeNodes: ["ip-10-0-0-1"] }, { purpose: "disruption" });
 */
export function whatIf(prepared: Prepared, change: Change, options: SolveOptions = {}): Packing {
  requireChange(change);
  requireSolveOptions(options);
  const removed = onlyRemoval(prepared, change);
  if (removed !== undefined) return solveSnapshot(snapshotFor(prepared, options), removed, options);
  const { nowMs, profile } = prepared;
  const events = asEvents(change);
  if (events !== undefined) return solve(update(prepared, events, { nowMs, removeNodes: [...new Set([...(prepared.cluster.removeNodes ?? []), ...(change.removeNodes ?? [])])] }), options);
  return solve(prepare(apply(clusterOf(prepared), change), { nowMs, profile, like: prepared }), options);
}

/**
 * Is it plain, without trying, that the cluster can do without these nodes: that a disruption what-if would place all their pods on nodes that exist?
 * `false` says nothing. Many times faster than the what-if: it compares how much pods ask for with how much room there is.
 *
 * @throws InputError `unknown-node` where it names a node that is not there
 *
 * @example
 * if (canSurelyDoWithout(prepared, ["ip-10-0-0-1"])) console.log("no need to ask whatIf");
 */
export function canSurelyDoWithout(prepared: Prepared, nodes: readonly string[]): boolean {
  const snapshot = snapshotBehind(prepared);
  return hasSureRoom(snapshot, nodesNamed(snapshot, nodes));
}

/** The change as messages of a watch, if it is about objects and nodes alone. */
function asEvents({ removeNodes: _, removePods = [], objects = [], ...rest }: Change): readonly WatchEvent[] | undefined {
  if (Object.values(rest).some((list) => list !== undefined && list.length > 0) || objects.some(({ kind }) => kind === "NodePool") || new Set(objects.map(objectKey)).size < objects.length) return undefined;
  const gone = removePods.map((name): WatchEvent => {
    const slash = name.indexOf("/");
    const metadata = slash === -1 ? { name } : { namespace: name.slice(0, slash), name: name.slice(slash + 1) };
    return { type: "DELETED", object: { apiVersion: "v1", kind: "Pod", metadata, spec: { containers: [] } } };
  });
  return [...gone, ...objects.map((object): WatchEvent => ({ type: "MODIFIED", object }))];
}

/** The nodes, if taking nodes away is all the change does: that needs no preparation of its own. */
function onlyRemoval(prepared: Prepared, { removeNodes = [], ...rest }: Change): ReadonlySet<NodeEntry> | undefined {
  if (Object.values(rest).some((list) => list !== undefined && list.length > 0)) return undefined;
  return nodesNamed(snapshotBehind(prepared), removeNodes);
}

/** The nodes as Karpenter keeps them, in name order. */
export function stateNodes(prepared: Prepared): readonly StateNode[] {
  return snapshotBehind(prepared).states;
}

/**
 * How many waiting pods could go to one zone only, by zone; to several (`flexible`); to none (`none`).
 *
 * @example
 * pendingZones(prepared) // { flexible: 12, "us-west-2a": 3 }
 */
export function pendingZones(prepared: Prepared): Readonly<Record<string, number>> {
  return effectiveZones(snapshotBehind(prepared));
}
