import type { Budget } from "@groupless/api";
import { type CostTracker, allowedByBudget, budgetChangesMs, budgetIsActive, cronSchedule, EMPTY_TRACKER, repriceNodePool, trackedCost, trackNodeClaim, UNBOUNDED, untrackNodeClaim, untrackNodePool } from "@groupless/disruption";
import type { NodeClaim } from "@groupless/api";
import type { Cluster } from "@groupless/bin-packer";
import { offeringPrice } from "@groupless/catalog";
import { hits, nextHit } from "../model/naive-cron.ts";
import { unless } from "./same.ts";

export const SCHEDULES: readonly string[] = ["0 9 * * 1-5", "*/15 * * * *", "0 0 1 * *", "30 22 * * mon-fri", "5,35 */6 * * *", "0 12 13 * fri", "0 0 * feb ?", "10-20/5 3 * * 0,6", "@daily", "@weekly", "@hourly", "@monthly", "59 23 31 * *", "0 8 */10 * *", "7/20 1 * jan-mar,dec sun", "0 0 * * tue"];
const MINUTE = 60_000;
const HOURS = [1, 8, 30];

/** A schedule hits when every field says so; a budget's window opens with a hit, stays open for its duration, and says when that changes. */
export function windowWrongs(schedule: string, nowMs: number): readonly string[] {
  const next = cronSchedule(schedule).nextMs(nowMs);
  const law = unless(next === nextHit(schedule, nowMs), `after ${new Date(nowMs).toISOString()} ${schedule} hits at ${next}, not ${nextHit(schedule, nowMs)}`);
  return [...law, ...HOURS.flatMap((hours) => budgetWrongs({ nodes: "30%", schedule, duration: `${hours}h` }, hours, nowMs))];
}

function budgetWrongs(budget: Budget, hours: number, nowMs: number): readonly string[] {
  const isOpen = (at: number): boolean => {
    for (let minute = Math.floor(at / MINUTE) * MINUTE; minute > at - hours * 60 * MINUTE; minute -= MINUTE) if (hits(budget.schedule ?? "", minute)) return true;
    return false;
  };
  const open = isOpen(nowMs);
  const changes = budgetChangesMs(budget, nowMs);
  const said = `${budget.schedule} for ${budget.duration} at ${new Date(nowMs).toISOString()}`;
  return [
    ...unless(budgetIsActive(budget, nowMs) === open, `${said} is ${open ? "closed" : "open"}`),
    ...unless(allowedByBudget(budget, { nowMs, nodes: 7 }) === (open ? 3 : UNBOUNDED), `${said} allows ${allowedByBudget(budget, { nowMs, nodes: 7 })}`),
    ...(changes === undefined ? unless(open, `${said} never opens`) : unless(changes > nowMs && isOpen(changes) !== open && isOpen(changes - 1) === open, `${said} does not change at ${new Date(changes).toISOString()}`)),
  ];
}

/** What is tracked of pools is what their claims cost, whatever came and went. */
export function trackingWrongs(cluster: Cluster): readonly string[] {
  const claims = cluster.objects.filter((object): object is NodeClaim => object.kind === "NodeClaim");
  const typesOf = (pool: string) => (cluster.nodePools.some(({ metadata }) => metadata.name === pool) ? (cluster.instanceTypes[pool] ?? cluster.instanceTypes["*"]) : undefined);
  const priceOf = ({ metadata: { labels = {} } }: NodeClaim, factor: number): number => {
    const type = typesOf(labels["karpenter.sh/nodepool"] ?? "")?.find(({ name }) => name === labels["node.kubernetes.io/instance-type"]);
    return type === undefined ? 0 : (offeringPrice(type, labels["topology.kubernetes.io/zone"] ?? "", labels["karpenter.sh/capacity-type"] ?? "") ?? 0) * factor;
  };
  const isWhole = ({ metadata: { labels = {} } }: NodeClaim): boolean => ["karpenter.sh/nodepool", "node.kubernetes.io/instance-type", "topology.kubernetes.io/zone", "karpenter.sh/capacity-type"].every((key) => labels[key] !== undefined);
  const costs = (what: string, tracker: CostTracker, left: readonly NodeClaim[], factor = 1): readonly string[] =>
    cluster.nodePools.flatMap(({ metadata: { name } }) => {
      const cost = left.filter((claim) => isWhole(claim) && claim.metadata.labels?.["karpenter.sh/nodepool"] === name).reduce((sum, claim) => sum + priceOf(claim, factor), 0);
      return unless(Math.abs(trackedCost(tracker, name) - cost) < 1e-9, `${what}, ${name} is tracked at ${trackedCost(tracker, name)}, not ${cost}`);
    });
  const all = claims.reduce((tracker, claim) => trackNodeClaim(tracker, claim, typesOf).tracker, EMPTY_TRACKER);
  const half = claims.filter((_, index) => index % 2 === 0);
  const less = half.reduce((tracker, { metadata }) => untrackNodeClaim(tracker, metadata.name).tracker, all);
  const others = claims.filter((claim) => !half.includes(claim));
  const dearer = cluster.nodePools.reduce((tracker, { metadata: { name } }) => repriceNodePool(tracker, name, (typesOf(name) ?? []).map((type) => ({ ...type, offerings: type.offerings.map((offering) => ({ ...offering, price: offering.price * 2 })) }))), all);
  const [gone] = cluster.nodePools;
  const without = untrackNodePool(all, gone?.metadata.name ?? "");
  const known = claims.find((claim) => isWhole(claim) && typesOf(claim.metadata.labels?.["karpenter.sh/nodepool"] ?? "") !== undefined);
  return [
    ...costs("with all claims", all, claims),
    ...costs("with every claim twice", claims.reduce((tracker, claim) => trackNodeClaim(tracker, claim, typesOf).tracker, all), claims),
    ...costs("with half of the claims", less, others),
    ...costs("at twice the prices", dearer, claims, 2),
    ...costs("without a pool", without, claims.filter(({ metadata }) => metadata.labels?.["karpenter.sh/nodepool"] !== gone?.metadata.name)),
    ...unless(JSON.stringify(untrackNodeClaim(all, "nobody")) === JSON.stringify({ tracker: all, failed: false }), "a claim that is not there is taken off"),
    ...unless(known === undefined || trackNodeClaim(EMPTY_TRACKER, known, () => undefined).failed, "a claim of no pool is tracked"),
    ...unless(Object.keys(claims.reduce((tracker, { metadata }) => untrackNodeClaim(tracker, metadata.name).tracker, all).claims).length === 0, "claims are left when all are gone"),
  ];
}
