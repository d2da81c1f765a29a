import { cluster, instanceType, nodePool, pod } from "@groupless/testing";
import { karpenterDeviations, placementInvariants, violations } from "@groupless/testing";
import { clusters } from "@groupless/testing/arbitraries";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { cheapestAnswer } from "../../src/cheapest/cheapest-packing.ts";
import { apply, type Cluster, type Profile, prepare, solve, stateNodes, whatIf } from "../../src/index.ts";
import { snapshotBehind } from "../../src/prepared.ts";
import { packingOf } from "../../src/result/packing-result.ts";

const numRuns = Number(process.env["LAWS_RUNS"] ?? 150);
const nowMs = Date.UTC(2026, 8, 1, 12);

/** Cheapest in a few steps, and the bound before it was held against any price. */
function answer(of: Cluster, budgetMs = 20, minInstanceTypes?: number, profile: Profile = "karpenter-1.14") {
  const snapshot = snapshotBehind(prepare(of, { nowMs, profile }));
  const task = { pods: snapshot.pending, moving: new Set<never>(), bound: [], without: new Set<never>(), strictReservations: true, guardDestinations: false, exempt: new Set<never>(), mostClaims: undefined };
  return cheapestAnswer(snapshot, task, { budgetMs, ...(minInstanceTypes === undefined ? {} : { minInstanceTypes }) }, (outcome) => packingOf(snapshot, outcome));
}

test("never dearer than first-fit, never below the bound, and no more pods without a place", () => {
  let cheaper = 0;
  fc.assert(
    fc.property(clusters(), fc.constantFrom(undefined, 1, 3), (of, minInstanceTypes) => {
      const firstFit = solve(prepare(of, { nowMs }));
      const { packing, provenUsdPerHour } = answer(of, 20, minInstanceTypes);
      expect(packing.priceUsdPerHour).toBeLessThanOrEqual(firstFit.priceUsdPerHour);
      expect(packing.podErrors.length).toBeLessThanOrEqual(firstFit.podErrors.length);
      expect(provenUsdPerHour).toBeLessThanOrEqual(packing.priceUsdPerHour * (1 + 1e-6) + 1e-9);
      expect(packing.lowerBoundUsdPerHour).toBeLessThanOrEqual(packing.priceUsdPerHour);
      if (packing.priceUsdPerHour < firstFit.priceUsdPerHour - 1e-9) cheaper += 1;
    }),
    { numRuns, seed: 11 },
  );
  expect(cheaper / numRuns).toBeGreaterThan(0.02);
});

test("the independent verifier finds nothing wrong with the cheapest plan", () => {
  fc.assert(
    fc.property(clusters(), (of) => {
      expect(violations(of, answer(of).packing, placementInvariants, { except: karpenterDeviations })).toEqual([]);
    }),
    { numRuns },
  );
});

test("under the exact profile the cheapest plan is never dearer than its first-fit, and holds to every invariant without exception", () => {
  let cheaper = 0;
  fc.assert(
    fc.property(clusters(), (of) => {
      const firstFit = solve(prepare(of, { nowMs, profile: "exact" }));
      const { packing, provenUsdPerHour } = answer(of, 20, undefined, "exact");
      expect(violations(of, packing, placementInvariants)).toEqual([]);
      expect(packing.priceUsdPerHour).toBeLessThanOrEqual(firstFit.priceUsdPerHour);
      expect(packing.podErrors.length).toBeLessThanOrEqual(firstFit.podErrors.length);
      expect(provenUsdPerHour).toBeLessThanOrEqual(packing.priceUsdPerHour * (1 + 1e-6) + 1e-9);
      if (packing.priceUsdPerHour < firstFit.priceUsdPerHour - 1e-9) cheaper += 1;
    }),
    { numRuns, seed: 13 },
  );
  expect(cheaper / numRuns).toBeGreaterThan(0.02);
});

test("what-ifs take the objective too: as solving the changed cluster, and never dearer than first-fit's", () => {
  let asked = 0;
  fc.assert(
    fc.property(clusters(), fc.constantFrom("provisioning" as const, "disruption" as const), (of, purpose) => {
      const prepared = prepare(of, { nowMs });
      const removeNodes = stateNodes(prepared).slice(0, 1).map(({ name }) => name);
      const cheapest = whatIf(prepared, { removeNodes }, { purpose, objective: "cheapest", budgetMs: 5 });
      expect(cheapest).toEqual(solve(prepare(apply(of, { removeNodes }), { nowMs }), { purpose, objective: "cheapest", budgetMs: 5 }));
      expect(cheapest.priceUsdPerHour).toBeLessThanOrEqual(whatIf(prepared, { removeNodes }, { purpose }).priceUsdPerHour);
      asked += removeNodes.length;
    }),
    { numRuns: Math.min(numRuns, 100), seed: 5 },
  );
  expect(asked).toBeGreaterThan(10);
});

test("the same cluster in another order gets the same plan", () => {
  fc.assert(
    fc.property(clusters(), (of) => {
      const turned = { ...of, objects: of.objects.toReversed(), nodePools: of.nodePools.toReversed() };
      expect(answer(turned).packing.newNodeClaims).toEqual(answer(of).packing.newNodeClaims);
    }),
    { numRuns: Math.min(numRuns, 50) },
  );
});

const web = (count: number, cpu: string, memory = "1Gi") => Array.from({ length: count }, (_, index) => pod(`web-${cpu}-${index}`, { cpu, memory }));
const types = (prices: readonly number[]) => prices.map((price, index) => instanceType(`t.${index}`, { cpu: 2 ** (index + 1), price, capacityTypes: ["on-demand"] }));

test("prices of zero, equal prices and a single type get whole plans", () => {
  for (const prices of [[0, 0, 0], [0, 0.1, 0.2], [0.1, 0.1, 0.1], [0.1]]) {
    const of = cluster({ objects: [...web(10, "500m"), ...web(5, "1")], instanceTypes: { "*": types(prices) } });
    const { packing, provenUsdPerHour } = answer(of);
    expect(packing.podErrors).toEqual([]);
    expect(packing.newNodeClaims.flatMap((claim) => claim.pods)).toHaveLength(15);
    expect(provenUsdPerHour).toBeLessThanOrEqual(packing.priceUsdPerHour + 1e-9);
    expect(violations(of, packing, placementInvariants)).toEqual([]);
  }
});

test("equal prices everywhere make the largest node the cheapest, and the bound says how many it takes", () => {
  const { packing } = answer(cluster({ objects: web(28, "1"), instanceTypes: { "*": types([0.1, 0.1, 0.1, 0.1]) } }));
  expect(packing.priceUsdPerHour).toBeCloseTo(0.2);
  expect(packing.lowerBoundUsdPerHour).toBeGreaterThan(0.17);
});

test("pods that fit nowhere are named and leave the others their cheapest plan", () => {
  const of = cluster({ objects: [...web(6, "1"), pod("huge", { cpu: "1000" }), pod("lost", { cpu: "1" }, { spec: { nodeSelector: { "topology.kubernetes.io/zone": "nowhere" } } })] });
  const { packing } = answer(of);
  const alone = answer(cluster({ objects: web(6, "1") })).packing;
  expect(packing.podErrors.map((error) => error.pod)).toEqual(["default/huge", "default/lost"]);
  expect(packing.priceUsdPerHour).toBe(alone.priceUsdPerHour);
  expect(packing.lowerBoundUsdPerHour).toBe(alone.lowerBoundUsdPerHour);
});

test("a budget of nothing still answers in full, and no pods or no pools cost nothing", () => {
  const none = answer(cluster({ objects: web(20, "700m") }), 0).packing;
  expect(none.podErrors).toEqual([]);
  expect(none.lowerBoundUsdPerHour).toBeGreaterThan(0);
  expect(solve(prepare(cluster(), { nowMs }), { objective: "cheapest" })).toMatchObject({ priceUsdPerHour: 0, lowerBoundUsdPerHour: 0 });
  expect(solve(prepare(cluster({ nodePools: [], objects: web(1, "1") }), { nowMs }), { objective: "cheapest" }).podErrors).toHaveLength(1);
});

test("pods come to nodes that exist before any is launched, and the bound does not count on more", () => {
  const onDemand = nodePool("default", { template: { requirements: [{ key: "karpenter.sh/capacity-type", operator: "In", values: ["on-demand"] }] } });
  const { packing } = answer(cluster({ nodePools: [onDemand], objects: web(9, "1", "5Gi") }));
  expect(packing.lowerBoundUsdPerHour as number).toBeGreaterThan(0.8 * packing.priceUsdPerHour);
});

test("where several types are to be kept, claims keep them and the answer says what that costs", () => {
  const catalog = ["a", "b", "c", "d"].map((family, index) => instanceType(`${family}.4`, { cpu: 4, memoryGiB: 16 + index, price: 0.2 + index * 0.01, capacityTypes: ["on-demand"] }));
  const lone = instanceType("lone.8", { cpu: 8, memoryGiB: 32, price: 0.3, capacityTypes: ["on-demand"] });
  const of = cluster({ objects: web(20, "1", "2Gi"), instanceTypes: { "*": [...catalog, lone] } });
  const one = answer(of).packing;
  const four = answer(of, 20, 4).packing;
  expect(one.flexibility).toBeUndefined();
  expect(four.flexibility).toMatchObject({ minInstanceTypes: { "on-demand": 4 }, priceFactor: 1.3 });
  expect(four.flexibility?.costUsdPerHour).toBeGreaterThan(0);
});
