import type { PodSpec } from "@groupless/api";
import { cluster, instanceType, nodePool, placementInvariants, pod, violations } from "@groupless/testing";
import { expect, test } from "vitest";
import { hostLimit } from "../../src/cheapest/host-limit.ts";
import { type Cluster, prepare, solve } from "../../src/index.ts";
import { snapshotBehind } from "../../src/prepared.ts";

const HOST = "kubernetes.io/hostname";
const web = { matchLabels: { app: "web" } };
const other = { matchLabels: { app: "other" } };
const apart = (term: object): Partial<PodSpec> => ({ affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: HOST, labelSelector: web, ...term }] } } });
const spread = (constraint: object): Partial<PodSpec> => ({ topologySpreadConstraints: [{ topologyKey: HOST, maxSkew: 2, whenUnsatisfiable: "DoNotSchedule", labelSelector: web, ...constraint }] });
const types = [2, 4, 8, 16].map((cpu) => instanceType(`t.${cpu}`, { cpu, memoryGiB: cpu * 4, price: cpu * 0.05, capacityTypes: ["on-demand"] }));

function limitOf(spec: Partial<PodSpec>) {
  const { pending } = snapshotBehind(prepare(cluster({ objects: [pod("web-0", { cpu: "1" }, { metadata: { labels: { app: "web" } }, spec }), pod("other", {}, { metadata: { labels: { app: "other" } } })] }), { nowMs: 0 }));
  const entry = pending.find(({ name }) => name === "default/web-0");
  return entry === undefined ? "not pending" : hostLimit(entry.class);
}

test("required anti-affinity on hosts that selects the pods themselves makes it one a node, always", () => {
  expect(limitOf(apart({}))).toEqual({ pods: 1, always: true });
  expect(limitOf(apart({ namespaces: ["default"] }))).toEqual({ pods: 1, always: true });
  for (const term of [{ labelSelector: other }, { namespaces: ["elsewhere"] }, { topologyKey: "topology.kubernetes.io/zone" }]) expect(limitOf(apart(term))).toBeUndefined();
});

test("a required spread over hosts allows its skew on a node, a preferred one anything", () => {
  expect(limitOf(spread({}))).toEqual({ pods: 2, always: false });
  for (const constraint of [{ whenUnsatisfiable: "ScheduleAnyway" }, { labelSelector: other }, { topologyKey: "topology.kubernetes.io/zone" }]) expect(limitOf(spread(constraint))).toBeUndefined();
  expect(limitOf({})).toBeUndefined();
});

/** Ten replicas that keep their distance, among many that do not care. */
function replicas(spec: Partial<PodSpec>): Cluster {
  const onDemand = nodePool("default", { template: { requirements: [{ key: "karpenter.sh/capacity-type", operator: "In", values: ["on-demand"] }] } });
  const apartPods = Array.from({ length: 10 }, (_, index) => pod(`web-${index}`, { cpu: "500m", memory: "3Gi" }, { metadata: { labels: { app: "web" } }, spec }));
  const filler = Array.from({ length: 50 }, (_, index) => pod(`filler-${index}`, { cpu: "900m", memory: "1Gi" }));
  return cluster({ nodePools: [onDemand], objects: [...apartPods, ...filler], instanceTypes: { "*": types } });
}

test("replicas that keep apart are planned a node each among the others, and cost little more for it", () => {
  const free = solve(prepare(replicas({}), { nowMs: 0 }), { objective: "cheapest", budgetMs: 100 });
  for (const spec of [apart({}), spread({ maxSkew: 1 })]) {
    const of = replicas(spec);
    const packing = solve(prepare(of, { nowMs: 0 }), { objective: "cheapest", budgetMs: 100 });
    expect(packing.podErrors).toEqual([]);
    expect(violations(of, packing, placementInvariants)).toEqual([]);
    for (const { pods } of packing.newNodeClaims) expect(pods.filter((name) => name.startsWith("default/web-")).length).toBeLessThanOrEqual(1);
    expect(packing.priceUsdPerHour).toBeLessThanOrEqual(free.priceUsdPerHour * 1.1);
    expect(packing.lowerBoundUsdPerHour).toBeLessThanOrEqual(packing.priceUsdPerHour);
  }
});

test("replicas over zones by required spread are planned on nodes of the same price, whichever zone their turn is", () => {
  const of = replicas(spread({ topologyKey: "topology.kubernetes.io/zone", maxSkew: 1 }));
  const free = solve(prepare(replicas({}), { nowMs: 0 }), { objective: "cheapest", budgetMs: 100 });
  const packing = solve(prepare(of, { nowMs: 0 }), { objective: "cheapest", budgetMs: 100 });
  expect(violations(of, packing, placementInvariants)).toEqual([]);
  expect(packing.podErrors).toEqual([]);
  expect(packing.priceUsdPerHour).toBeLessThanOrEqual(free.priceUsdPerHour * 1.1);
});
