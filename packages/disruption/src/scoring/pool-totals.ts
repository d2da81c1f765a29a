import { CAPACITY_TYPE_LABEL, evictionCost, INSTANCE_TYPE_LABEL, isOwnedByDaemonSet, isTerminal, NODE_POOL_LABEL, ZONE_LABEL } from "@groupless/api";
import type { InstanceType } from "@groupless/catalog";
import { type Candidate, NODE_DISRUPTION_COST } from "../candidates/candidate.ts";
import { offeringPrice } from "../candidates/node-price.ts";
import type { ClusterView } from "../cluster/cluster-view.ts";
import type { NodeRecord } from "../cluster/node-record.ts";
import { type CostTracker, trackedCost } from "./cost-tracker.ts";
import type { PoolTotals } from "./score.ts";

/**
 * What every pool that has a candidate costs, and what disrupting all of its nodes would cost.
 *
 * Costs come from the tracker, or from today's prices of all claims without one; a pool they know nothing of counts its candidates' prices.
 */
export function poolTotals(candidates: readonly Candidate[], view: ClusterView, tracker: CostTracker | undefined): Readonly<Record<string, PoolTotals>> {
  const byName = new Map(candidates.map((candidate) => [candidate.name, candidate]));
  const disruption = new Map<string, number>();
  for (const node of view.nodes) {
    const pool = node.labels[NODE_POOL_LABEL];
    if (pool !== undefined) disruption.set(pool, (disruption.get(pool) ?? 0) + (byName.get(node.name)?.disruptionCost ?? wholeCost(node)));
  }
  const prices = new Map<string, number>();
  for (const { nodePool, price } of candidates) prices.set(nodePool.metadata.name, (prices.get(nodePool.metadata.name) ?? 0) + price);
  const tracked = tracker === undefined ? claimCosts(view) : undefined;
  const totals: [string, PoolTotals][] = [...prices].map(([pool, sum]) => {
    const known = tracker === undefined ? (tracked?.get(pool) ?? 0) : trackedCost(tracker, pool);
    return [pool, { cost: known > 0 ? known : sum, disruptionCost: disruption.get(pool) ?? 0 }];
  });
  return Object.fromEntries(totals.sort(([a], [b]) => (a < b ? -1 : 1)));
}

// A node that is no candidate counts with all its pods but daemons': those that are leaving, and static ones, too.
function wholeCost(record: NodeRecord): number {
  let whole = wholes.get(record);
  if (whole === undefined) wholes.set(record, (whole = wholeCostOf(record)));
  return whole;
}

// A record is another one when its node or any of its pods has changed.
const wholes = new WeakMap<NodeRecord, number>();

function wholeCostOf({ pods }: NodeRecord): number {
  return pods.reduce((sum, pod) => {
    const cost = isTerminal(pod) || isOwnedByDaemonSet(pod) ? 0 : evictionCost(pod);
    return cost > 0 ? sum + cost : sum;
  }, NODE_DISRUPTION_COST);
}

function claimCosts(view: ClusterView): ReadonlyMap<string, number> {
  const costs = new Map<string, number>();
  for (const { metadata } of view.nodeClaims) {
    const { [INSTANCE_TYPE_LABEL]: type, [CAPACITY_TYPE_LABEL]: capacityType, [ZONE_LABEL]: zone, [NODE_POOL_LABEL]: pool } = metadata.labels ?? {};
    if (type === undefined || capacityType === undefined || zone === undefined || pool === undefined) continue;
    const instanceType = view.instanceTypes(pool)?.get(type);
    const price = instanceType === undefined ? 0 : priceAt(instanceType, zone, capacityType);
    costs.set(pool, (costs.get(pool) ?? 0) + price);
  }
  return costs;
}

const prices = new WeakMap<InstanceType, Map<string, number>>();

// A type's offerings are part of it: other prices come with another type.
function priceAt(instanceType: InstanceType, zone: string, capacityType: string): number {
  let ofType = prices.get(instanceType);
  if (ofType === undefined) prices.set(instanceType, (ofType = new Map()));
  const key = `${zone} ${capacityType}`;
  let price = ofType.get(key);
  if (price === undefined) ofType.set(key, (price = offeringPrice(instanceType, zone, capacityType) ?? 0));
  return price;
}
