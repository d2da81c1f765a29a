import type { Snapshot } from "../prepare/snapshot.ts";
import { binModel, type Room } from "./bin-model.ts";
import type { Demand } from "./demand.ts";
import { Effort } from "./effort.ts";
import { knapsackBound } from "./knapsack-bound.ts";
import type { Model } from "./model.ts";
import type { NodeBin } from "./node-bins.ts";

/** Rooms that are there only so many times: nodes that exist, launches that are reserved. */
interface Scarce extends Room {
  readonly copies: number;
}

/**
 * What no plan can undercut, from what a pod of each class is worth.
 *
 * If no node is worth more than it costs, all pods together are worth no more than all nodes together cost, whichever nodes those are.
 * Scarce room may be worth more than it costs: that much, as often as it is there, is taken off.
 */
export function provenBound({ model, groups, values, demand, bins, counts, scarce }: { readonly model: Model; readonly groups: readonly number[]; readonly values: Float64Array; readonly demand: Demand; readonly bins: readonly NodeBin[]; readonly counts: readonly number[]; readonly scarce: readonly Scarce[] }): number {
  const free = new Set(bins.filter(({ copies, priceUsdPerHour }) => copies === undefined && priceUsdPerHour === 0).flatMap(({ wants }) => wants));
  const worth = new Float64Array(demand.groups.length);
  groups.forEach((group, podClass) => {
    if (!free.has((demand.groups[group] as Demand["groups"][number]).want)) worth[group] = values[podClass] as number;
  });
  let bound = 0;
  counts.forEach((count, group) => (bound += count * (worth[group] as number)));
  if (scarce.length === 0 || bound === 0 || model.classCount === 0) return bound;
  const { model: room, groups: inRoom } = binModel(demand, scarce, counts);
  const there = Float64Array.from(inRoom, (group) => worth[group] as number);
  const none = new Float64Array(room.resourceCount);
  const unlimited = new Effort(0);
  scarce.forEach(({ copies, priceUsdPerHour }, index) => {
    if (bound > 0) bound -= copies * Math.max(0, knapsackBound(room, index, there, none, 0, unlimited).upper - priceUsdPerHour);
  });
  return Math.max(0, bound);
}

/** The nodes that stay, alike ones together, and the launches that reservations pay for. */
export function scarceRoom(snapshot: Snapshot, demand: Demand, bins: readonly NodeBin[], without: ReadonlySet<Snapshot["nodes"][number]>): Scarce[] {
  const nodes = new Map<string, { free: readonly number[]; wants: readonly number[]; copies: number }>();
  const open = new Map<string, readonly number[]>();
  for (const node of snapshot.nodes) {
    if (without.has(node)) continue;
    const labels = `${node.requirements.id}${JSON.stringify(node.taints)}`;
    let wants = open.get(labels);
    if (wants === undefined) open.set(labels, (wants = demand.wants.flatMap((want, index) => (demand.reader.admits(want, node) ? [index] : []))));
    const free = demand.columns.map((column) => Number(node.remaining[column]));
    if (wants.length === 0 || !free.some((amount) => amount > 0)) continue;
    const key = JSON.stringify([free, wants]);
    const known = nodes.get(key);
    if (known === undefined) nodes.set(key, { free, wants, copies: 1 });
    else known.copies += 1;
  }
  const reserved = bins.flatMap(({ free, wants, priceUsdPerHour, copies }): Scarce[] => (copies === undefined || copies === 0 ? [] : [{ free, wants, priceUsdPerHour, copies }]));
  return [...[...nodes.values()].map((node): Scarce => ({ ...node, priceUsdPerHour: 0 })), ...reserved];
}
