import type { PodClass, PodEntry } from "../demand/pod-class.ts";
import type { NodeEntry } from "../prepare/node-entry.ts";
import type { Resources } from "../intern/resources.ts";
import { reschedulable, type Snapshot } from "../prepare/snapshot.ts";

/**
 * Does reckoning alone show that the pods of these nodes find room on the others, whichever goes where?
 *
 * It may where no pod minds where it is: by {@link roomForEach}, or by {@link roomInTiers}.
 */
export function hasSureRoom(snapshot: Snapshot, removed: ReadonlySet<NodeEntry>): boolean {
  if (snapshot.pools.length === 0 || snapshot.pending.length > 0 || snapshot.leaving.length > 0 || snapshot.removed.size > 0) return false;
  for (const _ of snapshot.topology.forkInverse(NO_PODS)) return false;
  const counts = new Map<PodClass, number>();
  let count = 0;
  for (const node of removed) {
    for (const pod of reschedulable(snapshot, node)) {
      const known = counts.get(pod.class);
      if ((known === undefined && !isEasy(snapshot, pod.class)) || pod.attachments !== undefined) return false;
      counts.set(pod.class, (known ?? 0) + 1);
      count++;
    }
  }
  const nodes = snapshot.nodes.filter((node) => !removed.has(node) && takesAnyone(snapshot, node));
  const tiers = tiersOf(counts, snapshot.columns.column("cpu"));
  return roomForEach(nodes, tiers, count) || roomInTiers(nodes, tiers);
}

const NO_PODS: ReadonlySet<PodEntry> = new Set();

function isEasy({ sets }: Snapshot, { constraints, hostPorts, hasResourceClaims, volumes }: PodClass): boolean {
  const { requirements, hostname, hasTopology } = constraints;
  return requirements === sets.empty && hostname === undefined && !hasTopology && hostPorts.length === 0 && !hasResourceClaims && volumes === undefined;
}

// Nothing fits where any amount is below zero already.
function takesAnyone({ nowMs }: Snapshot, { state, taints, quietUntilMs, remaining }: NodeEntry): boolean {
  if (!state.initialized || state.node?.spec?.unschedulable === true || taints.length > 0 || nowMs < quietUntilMs) return false;
  for (let column = 0; column < remaining.length; column++) if (!(amountOf(remaining, column) >= 0)) return false;
  return true;
}

/** Pods of like cpu: at most twice that of any other of them. */
interface Tier {
  readonly requests: Set<Resources>;
  /** By column: the most any of them asks for. */
  readonly most: number[];
  /** By column: what they ask for together. */
  readonly total: number[];
}

/** Most cpu first, which is the order the queue takes pods in. */
function tiersOf(counts: ReadonlyMap<PodClass, number>, cpu: number): readonly Tier[] {
  const tiers = new Map<number, Tier>();
  for (const [{ requests }, count] of counts) {
    const { amounts, columns } = requests;
    const key = Math.floor(Math.log2(amountOf(amounts, cpu)));
    let tier = tiers.get(key);
    if (tier === undefined) tiers.set(key, (tier = { requests: new Set(), most: [], total: [] }));
    tier.requests.add(requests);
    for (const column of columns) {
      const amount = amountOf(amounts, column);
      tier.most[column] = Math.max(tier.most[column] ?? 0, amount);
      tier.total[column] = (tier.total[column] ?? 0) + amount * count;
    }
  }
  return [...tiers].sort(([a], [b]) => b - a).map(([, tier]) => tier);
}

/** Is there room for as many pods that each ask for the most that any asks? Were there none for one, every node would hold as many as it can already. */
function roomForEach(nodes: readonly NodeEntry[], tiers: readonly Tier[], count: number): boolean {
  const most: number[] = [];
  for (const tier of tiers) for (const column of columnsOf(tier)) most[column] = Math.max(most[column] ?? 0, tier.most[column] as number);
  let left = count;
  for (const { remaining } of nodes) {
    if (left <= 0) break;
    let copies = Infinity;
    most.forEach((amount, column) => {
      copies = Math.min(copies, Math.floor(amountOf(remaining, column) / amount));
    });
    left -= copies;
  }
  return left <= 0;
}

/**
 * Do the pods down to each tier ask for less than it takes to leave no room for one of that tier? A node without room for it has less left of some
 * resource than the most that any of the tier asks for: it has taken in all but that much, whichever resource it is.
 *
 * Amounts are compared in one resource: pods that ask for so much of another ask for some of this one, by what they ask for of both.
 */
function roomInTiers(nodes: readonly NodeEntry[], tiers: readonly Tier[]): boolean {
  const bases = tiers[0] === undefined ? [] : columnsOf(tiers[0]);
  return bases.some((base) => {
    const rates: number[] = [];
    let asked = 0;
    return tiers.every((tier) => {
      asked += tier.total[base] ?? Number.NaN;
      for (const { amounts, columns } of tier.requests) for (const column of columns) rates[column] = Math.max(rates[column] ?? 0, amountOf(amounts, column) / amountOf(amounts, base));
      let least = 0;
      for (const { remaining } of nodes) {
        let taken = Infinity;
        tier.most.forEach((amount, column) => {
          taken = Math.min(taken, Math.max(0, amountOf(remaining, column) - amount) / (rates[column] as number));
        });
        least += taken;
        if (least > asked * (1 + ROUNDING)) return true;
      }
      return false;
    });
  });
}

const ROUNDING = 1e-9;

function columnsOf({ most }: Tier): readonly number[] {
  return Object.keys(most).map(Number);
}

/** Not a number where the amount is too large to reckon with: then nothing is sure. */
function amountOf(amounts: NodeEntry["remaining"], column: number): number {
  const amount: unknown = amounts[column];
  return typeof amount === "number" ? amount : Number.NaN;
}
