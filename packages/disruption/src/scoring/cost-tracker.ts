import { CAPACITY_TYPE_LABEL, INSTANCE_TYPE_LABEL, NODE_POOL_LABEL, type NodeClaim, ZONE_LABEL } from "@groupless/api";
import type { InstanceType } from "@groupless/catalog";
import { offeringPrice } from "../candidates/node-price.ts";

/** What every pool's nodes cost, kept up claim by claim: prices at first sight until they are brought up to date. Plain data. */
export interface CostTracker {
  readonly pools: Readonly<Record<string, PoolCost>>;
  /** By claim name: where it was counted. */
  readonly claims: Readonly<Record<string, { readonly nodePool: string; readonly offering: string }>>;
}

/** A pool's cost, and what it is the sum of. */
export interface PoolCost {
  readonly usdPerHour: number;
  /** By offering: how many claims run in it, and the price each was counted at. */
  readonly offerings: Readonly<Record<string, { readonly count: number; readonly price: number }>>;
}

/** A step that could not be taken leaves the tracker as it was. */
export interface Tracked {
  readonly tracker: CostTracker;
  readonly failed: boolean;
}

/** A tracker that has seen nothing. */
export const EMPTY_TRACKER: CostTracker = { pools: {}, claims: {} };

type CatalogOf = (nodePool: string) => readonly InstanceType[] | undefined;

/**
 * Counts a claim once; claims without the labels of type, capacity type, zone and pool wait until they have them.
 *
 * `instanceTypesOf` answers undefined for a pool that is not there: then the step fails. An unknown price counts as 0.
 */
export function trackNodeClaim(tracker: CostTracker, nodeClaim: NodeClaim, instanceTypesOf: CatalogOf): Tracked {
  const { name, labels = {} } = nodeClaim.metadata;
  const [type, capacityType, zone, nodePool] = [labels[INSTANCE_TYPE_LABEL], labels[CAPACITY_TYPE_LABEL], labels[ZONE_LABEL], labels[NODE_POOL_LABEL]];
  if (name in tracker.claims || type === undefined || capacityType === undefined || zone === undefined || nodePool === undefined) return { tracker, failed: false };
  const instanceTypes = instanceTypesOf(nodePool);
  if (instanceTypes === undefined) return { tracker, failed: true };
  const offering = offeringKey(type, zone, capacityType);
  const pool = tracker.pools[nodePool] ?? { usdPerHour: 0, offerings: {} };
  const known = pool.offerings[offering];
  const instanceType = instanceTypes.find((candidate) => candidate.name === type);
  const price = known?.price ?? (instanceType === undefined ? 0 : (offeringPrice(instanceType, zone, capacityType) ?? 0));
  const counted: PoolCost = { usdPerHour: pool.usdPerHour + price, offerings: { ...pool.offerings, [offering]: { count: (known?.count ?? 0) + 1, price } } };
  return { tracker: { pools: { ...tracker.pools, [nodePool]: counted }, claims: { ...tracker.claims, [name]: { nodePool, offering } } }, failed: false };
}

/** Takes a claim off; one that was never counted changes nothing. */
export function untrackNodeClaim(tracker: CostTracker, name: string): Tracked {
  const claim = tracker.claims[name];
  if (claim === undefined) return { tracker, failed: false };
  const pool = tracker.pools[claim.nodePool];
  const known = pool?.offerings[claim.offering];
  if (pool === undefined || known === undefined) return { tracker, failed: true };
  const offerings = known.count === 1 ? without(pool.offerings, claim.offering) : { ...pool.offerings, [claim.offering]: { ...known, count: known.count - 1 } };
  const left: PoolCost = { usdPerHour: pool.usdPerHour - known.price, offerings };
  const pools = Object.keys(offerings).length === 0 ? without(tracker.pools, claim.nodePool) : { ...tracker.pools, [claim.nodePool]: left };
  return { tracker: { pools, claims: without(tracker.claims, name) }, failed: false };
}

/** Brings a pool's prices up to date; offerings that are gone keep the price they had. */
export function repriceNodePool(tracker: CostTracker, nodePool: string, instanceTypes: readonly InstanceType[]): CostTracker {
  const pool = tracker.pools[nodePool];
  if (pool === undefined) return { ...tracker, pools: { ...tracker.pools, [nodePool]: { usdPerHour: 0, offerings: {} } } };
  const prices: Record<string, number> = {};
  for (const type of instanceTypes) {
    for (const { requirements, price } of type.offerings) {
      const only = (key: string): string => requirements.find((requirement) => requirement.key === key)?.values?.[0] ?? "";
      prices[offeringKey(type.name, only(ZONE_LABEL), only(CAPACITY_TYPE_LABEL))] = price;
    }
  }
  const offerings = Object.fromEntries(Object.entries(pool.offerings).map(([key, known]) => [key, { count: known.count, price: prices[key] ?? known.price }]));
  const usdPerHour = Object.values(offerings).reduce((sum, { count, price }) => sum + count * price, 0);
  return { ...tracker, pools: { ...tracker.pools, [nodePool]: { usdPerHour, offerings } } };
}

/** Forgets a pool and its claims. */
export function untrackNodePool(tracker: CostTracker, nodePool: string): CostTracker {
  return { pools: without(tracker.pools, nodePool), claims: Object.fromEntries(Object.entries(tracker.claims).filter(([, claim]) => claim.nodePool !== nodePool)) };
}

/** What a pool costs an hour by the tracker; 0 if it holds nothing of it. */
export function trackedCost(tracker: CostTracker, nodePool: string): number {
  return tracker.pools[nodePool]?.usdPerHour ?? 0;
}

function offeringKey(type: string, zone: string, capacityType: string): string {
  return `${type}/${zone}/${capacityType}`;
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}
