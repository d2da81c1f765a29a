import { type Cluster, type NewNodeClaim, prepare, solve } from "@groupless/bin-packer";
import { launchPrice } from "@groupless/catalog";
import { exhaustive, fluidBound, patternBound, problemOf } from "../model/cheapest.ts";
import { unless } from "./same.ts";

const CLOSE = 1e-6;

/** On orders that are small enough to try everything, no plan is cheaper than the cheapest, and the bound is what whole pods cost on fractions of nodes. */
export function optimumWrongs(cluster: Cluster, nowMs: number): readonly string[] {
  const { price, bound, places, cheapest } = smallOrder(cluster, nowMs);
  if (!places) return [];
  const patterns = patternBound(problemOf(cluster));
  return [
    ...unless(price >= cheapest - CLOSE && price <= cheapest * 1.25 + CLOSE, `the plan costs ${price}, the cheapest ${cheapest}`),
    ...unless(Math.abs(bound - Math.min(patterns, price)) <= CLOSE * price, `the bound is ${bound}, whole pods on fractions of nodes cost ${patterns}`),
    ...flexibleWrongs(cluster, nowMs, cheapest),
  ];
}

/** Nearly all small orders are met at the least price there is. */
export function missesOf(clusters: readonly Cluster[], nowMs: number): readonly string[] {
  const found = clusters.map((cluster) => smallOrder(cluster, nowMs)).filter(({ places }) => places);
  const dearer = found.filter(({ price, cheapest }) => price > cheapest + CLOSE);
  const sum = (list: readonly number[]): number => list.reduce((total, price) => total + price, 0);
  return [...unless(dearer.length <= 1, `${dearer.length} of ${found.length} plans are not the cheapest`), ...unless(sum(found.map(({ price }) => price)) <= 1.03 * sum(found.map(({ cheapest }) => cheapest)), "plans cost more than three in a hundred above the cheapest")];
}

function smallOrder(cluster: Cluster, nowMs: number) {
  const order = ordered(cluster, nowMs, 60);
  return { ...order, cheapest: order.places ? exhaustive(problemOf(cluster)) : 0 };
}

/** On orders a little larger, the bound is the same, and the plan is not far from it. */
export function boundWrongs(cluster: Cluster, nowMs: number): readonly string[] {
  const { price, bound, places } = ordered(cluster, nowMs, 60);
  if (!places) return [];
  const problem = problemOf(cluster);
  const patterns = patternBound(problem);
  return [...unless(Math.abs(bound - Math.min(patterns, price)) <= 1e-5 * price, `the bound is ${bound}, whole pods on fractions of nodes cost ${patterns}`), ...unless(price <= patterns + Math.max(...problem.prices) + CLOSE, `the plan costs ${price}, more than a node above ${patterns}`)];
}

/** On large orders, the bound is no less than what pods cut like cloth cost, and the plan a few in a hundred above it. */
export function largeOrderWrongs(cluster: Cluster, nowMs: number): readonly string[] {
  const { price, bound, places } = ordered(cluster, nowMs, 100);
  const fluid = fluidBound(problemOf(cluster));
  return [...unless(places, "a large order is not met"), ...unless(bound >= fluid * (1 - CLOSE), `the bound is ${bound}, fluid pods cost ${fluid}`), ...unless(price <= bound * 1.05, `the plan costs ${price}, the bound is ${bound}`)];
}

/** What was cut out of whole nodes needs few nodes more to hold it again. */
export function cutWrongs(cluster: Cluster, nowMs: number): readonly string[] {
  const { price, bound } = ordered(cluster, nowMs, 100);
  const { requests, counts, free, prices } = problemOf(cluster);
  const nodes = requests.reduce((sum, [cpu = 0], podClass) => sum + cpu * (counts[podClass] as number), 0) / (free[0]?.[0] ?? 0);
  const [whole, more] = [nodes * (prices[0] ?? 0), Math.ceil(nodes / 4 - CLOSE) * (prices[0] ?? 0)];
  return [...unless(Math.abs(bound - whole) <= 1e-4 * whole, `the bound is ${bound}, the whole nodes cost ${whole}`), ...unless(price <= whole + more + CLOSE, `the plan costs ${price}, the whole nodes ${whole}`)];
}

function ordered(cluster: Cluster, nowMs: number, budgetMs: number) {
  const { priceUsdPerHour: price, lowerBoundUsdPerHour: bound = 0, podErrors } = solve(prepare(cluster, { nowMs }), { objective: "cheapest", budgetMs, minInstanceTypes: 1 });
  return { price, bound, places: podErrors.length === 0 };
}

/** Claims that keep several types have them, or are counted as having fewer, and cost no less. */
function flexibleWrongs(cluster: Cluster, nowMs: number, cheapest: number): readonly string[] {
  const { flexibility, newNodeClaims, priceUsdPerHour } = solve(prepare(cluster, { nowMs }), { objective: "cheapest", budgetMs: 60, minInstanceTypes: 2 });
  if (flexibility === undefined) return ["nothing is said of how flexible the plan is"];
  const types = Object.values(cluster.instanceTypes).flat();
  const priceOf = (claim: NewNodeClaim, name: string): number => launchPrice(types.find((type) => type.name === name) ?? { offerings: [] }, claim.plannedRequirements ?? []);
  const below = newNodeClaims.filter((claim) => claim.instanceTypes.filter((name) => priceOf(claim, name) <= claim.cheapestPrice * flexibility.priceFactor).length < 2);
  return [
    ...unless(priceUsdPerHour >= cheapest - CLOSE && flexibility.costUsdPerHour >= 0, `the flexible plan costs ${priceUsdPerHour}, the cheapest ${cheapest}`),
    ...unless(flexibility.claimsBelow === below.length, `${flexibility.claimsBelow} claims are said to have too few types, ${below.length} have`),
    ...unless(newNodeClaims.length === 0 || Object.values(flexibility.minInstanceTypes).every((least) => least === 2), `claims are to keep ${JSON.stringify(flexibility.minInstanceTypes)}`),
  ];
}
