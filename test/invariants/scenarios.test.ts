import type { Cluster } from "@groupless/bin-packer";
import { agedClusters, quietClusters, variedClusters } from "@groupless/testing/arbitraries";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { hostileClusters } from "../laws/hostile-clusters.ts";
import { NOW_MS } from "../soak/scenario.ts";
import { LAWS } from "./laws/laws.ts";
import { missesOf } from "./laws/optimum.ts";
import { SCHEDULES, windowWrongs } from "./laws/windows.ts";
import { wider } from "./model/wider.ts";
import { oddly } from "./model/oddly.ts";
import { cutNodes, orders } from "./model/orders.ts";

// Generated once for all mutants that meet them: the generators are not what is tried.
const shared = globalThis as { scenarios?: Readonly<Record<string, readonly Cluster[]>> };
const sample = (arbitrary: fc.Arbitrary<Cluster>, numRuns: number): readonly Cluster[] => fc.sample(arbitrary, { numRuns, seed: 7 });
const scenarios = (): Readonly<Record<string, readonly Cluster[]>> =>
  (shared.scenarios ??= { busy: sample(agedClusters(), 24), quiet: sample(quietClusters(), 60), varied: sample(variedClusters(), 160), plain: sample(variedClusters({ alone: true, maxPods: 6 }), 60), hostile: sample(hostileClusters, 80), crowded: sample(variedClusters({ maxPods: 14, maxNodes: 8 }), 24), odd: sample(variedClusters({ maxPods: 16, maxNodes: 6 }).map(oddly), 60), wide: sample(quietClusters({ maxNodes: 8 }).map(wider), 40), tiny: sample(orders({ classes: 3, pods: 4, types: 3 }), 80), small: sample(orders({ classes: 6, pods: 6, types: 4 }), 30), large: sample(orders({ classes: 25, pods: 40, types: 6, plain: true }), 10), cut: sample(cutNodes(), 20) });

/** Small groups, so that what a mutant cannot reach is not run for it. */
const GROUP = 10;
const groups = LAWS.flatMap(([name, find, clusters]) =>
  Object.entries(clusters).flatMap(([kind, count]) => Array.from({ length: Math.ceil(count / GROUP) }, (_, index) => [name, kind, index * GROUP, Math.min(count, (index + 1) * GROUP), find] as const)),
);

test.each(groups)("%s: %s clusters from %i to %i", (_name, kind, from, to, find) => {
  const clusters = scenarios()[kind] ?? [];
  for (const cluster of clusters.slice(from, to)) expect(find(cluster, NOW_MS).join("\n")).toBe("");
});

test.each([0, 20, 40, 60])("small orders from %i on cost the least there is, but for one at most", (from) => {
  expect(missesOf((scenarios()["tiny"] ?? []).slice(from, from + 20), NOW_MS).join("\n")).toBe("");
});

test.each(SCHEDULES)("%s hits when it should, and budgets open and close with it", (schedule) => {
  for (const nowMs of [NOW_MS, NOW_MS + 1, Date.UTC(2027, 1, 27, 23, 59, 59, 999), Date.UTC(2026, 11, 25, 8, 30), Date.UTC(2026, 8, 13, 12)]) expect(windowWrongs(schedule, nowMs).join("\n")).toBe("");
});

test("there are as many clusters as the laws are tried on", () => {
  for (const [, , clusters] of LAWS) for (const [kind, count] of Object.entries(clusters)) expect(scenarios()[kind]?.length).toBeGreaterThanOrEqual(count);
});
