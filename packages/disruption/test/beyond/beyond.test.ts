import type { KubeObject } from "@groupless/api";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { regroupConsolidation } from "../../src/beyond/regroup.ts";
import { splitConsolidation } from "../../src/beyond/split.ts";
import { stable } from "../../src/beyond/stable.ts";
import { subsetConsolidation } from "../../src/beyond/subset.ts";
import { karpenterMethods } from "../../src/methods/karpenter-methods.ts";
import { multiNodeConsolidation } from "../../src/methods/multi-node.ts";
import { singleNode, singleNodeConsolidation } from "../../src/methods/single-node.ts";
import { explain } from "../../src/blockers/explain.ts";
import { whyNot } from "../../src/pass/why-not.ts";
import { catalog, clusterOf, instanceType, node, nodePool, pod } from "../cluster-fixture.ts";
import { clusters } from "../laws/cluster-arbitrary.ts";
import { brief, briefs, prepared, turnOf } from "../turn-fixture.ts";

const RUNS = { numRuns: Number(process.env["LAWS_RUNS"] ?? 60) };

describe("subset search", () => {
  test("one node that cannot go does not keep those behind it", () => {
    const pinned = pod("pinned", "a", { spec: { nodeSelector: { "kubernetes.io/hostname": "a" } } });
    const objects: readonly (KubeObject | readonly KubeObject[])[] = [node("a", { size: "2xlarge" }), pinned, node("b"), pod("q", "b", { cpu: "500m" }), node("c"), pod("r", "c", { cpu: "500m" })];
    expect(briefs(multiNodeConsolidation, clusterOf(objects))).toEqual([]);
    expect(briefs(subsetConsolidation(), clusterOf(objects))).toEqual(["delete b,c"]);
  });

  test("never saves less than the search over prefixes", () => {
    fc.assert(
      fc.property(clusters, (cluster) => {
        const savings = (method: typeof multiNodeConsolidation): number => turnOf(method, cluster).commands.reduce((sum, { estimatedSavings }) => sum + estimatedSavings, 0);
        expect(savings(subsetConsolidation())).toBeGreaterThanOrEqual(savings(multiNodeConsolidation) - 1e-12);
      }),
      RUNS,
    );
  });

  test("never takes more than budgets let go", () => {
    const many = Array.from({ length: 6 }, (_, i) => [...node(`n${i}`), pod(`p${i}`, `n${i}`, { cpu: "100m" })]).flat();
    expect(turnOf(subsetConsolidation(), clusterOf(many, { nodePools: [nodePool({ budgets: [{ nodes: "3" }] })] })).commands.map(({ sourceNodes }) => sourceNodes.length)).toEqual([3]);
  });
});

describe("splitting", () => {
  // Big nodes cost more than their parts.
  const types = { instanceTypes: { "*": [...catalog.filter(({ name }) => name !== "2xlarge"), instanceType("2xlarge", { price: 1 })] } };
  const apart = Array.from({ length: 3 }, (_, i) => pod(`p${i}`, "a", { cpu: "3500m" }));

  test("replaces a dear node by several that cost less together, whatever is launched of them", () => {
    const report = turnOf(splitConsolidation(), clusterOf([node("a", { size: "2xlarge" }), ...apart], types));
    const [command] = report.commands;
    expect(command?.replacements.length).toBeGreaterThan(1);
    expect(command?.replacements.flatMap(({ pods }) => pods).toSorted()).toEqual(["default/p0", "default/p1", "default/p2"]);
    expect(command?.estimatedSavings).toBeGreaterThan(0);
    const worst = (command?.replacements ?? []).reduce((sum, { instanceTypes }) => sum + Math.max(...instanceTypes.map((name) => (name === "2xlarge" ? 1 : (clusterOf([]).instanceTypes["*"]?.find((type) => type.name === name)?.offerings[0]?.price ?? 9)))), 0);
    expect(worst).toBeLessThan(1);
  });

  test("is not among Karpenter's methods, which leave such a node", () => {
    expect(karpenterMethods.map(({ name }) => name)).not.toContain("SplitConsolidation");
    expect(briefs(splitConsolidation({ maxReplacements: 1 }), clusterOf([node("a", { size: "2xlarge" }), ...apart], types))).toEqual([]);
  });
});

describe("regrouping", () => {
  // Six half-empty nodes whose pods need two full ones.
  const objects = Array.from({ length: 6 }, (_, i) => [...node(`n${i}`, { size: "xlarge" }), pod(`p${i}`, `n${i}`, { cpu: "4500m" })]).flat();

  test("replaces many nodes by fewer that Karpenter would not find, since one is not enough", () => {
    expect(briefs(multiNodeConsolidation, clusterOf(objects))).toEqual([]);
    const [command] = turnOf(regroupConsolidation(), clusterOf(objects)).commands;
    expect(command?.sourceNodes).toHaveLength(6);
    expect(command?.replacements.flatMap(({ pods }) => pods).toSorted()).toEqual(Array.from({ length: 6 }, (_, i) => `default/p${i}`));
    const price = (command?.replacements ?? []).reduce((sum, { cheapestPrice }) => sum + cheapestPrice, 0);
    expect(price).toBeLessThan(6 * 0.16 * 0.95);
  });

  test("leaves what would not save enough", () => {
    expect(briefs(regroupConsolidation({ minSavingsShare: 0.5 }), clusterOf(objects))).toEqual([]);
  });
});

describe("thresholds", () => {
  const objects = [node("a", { size: "xlarge" }), pod("p", "a", { cpu: "2" })];

  test("moves that save too little are left, and whyNot says by how much", () => {
    const method = singleNode({ minSavingsUsdPerHour: 0.2 });
    expect(briefs(method, clusterOf(objects))).toEqual([]);
    expect(briefs(singleNode({ minSavingsUsdPerHour: 0.1 }), clusterOf(objects))).toEqual(["replace a > medium,large"]);
    expect(whyNot(prepared(clusterOf(objects)), "a", { methods: [method] }).map(explain)).toEqual(["Removing the node would save $0.1200 an hour; at least $0.2 is wanted."]);
  });

  test("nodes that are used well are left, and whyNot says how well", () => {
    const method = singleNode({ utilizationBelow: 0.2 });
    expect(briefs(method, clusterOf(objects))).toEqual([]);
    expect(briefs(singleNode({ utilizationBelow: 0.5 }), clusterOf(objects))).toHaveLength(1);
    expect(whyNot(prepared(clusterOf(objects)), "a", { methods: [method] }).map(explain)).toEqual(["The node is 25.0% full; only nodes below 20.0% are looked at."]);
  });

  test("without any the methods are Karpenter's own", () => {
    fc.assert(
      fc.property(clusters, (cluster) => {
        expect(turnOf(singleNode({}), cluster)).toEqual(turnOf(singleNodeConsolidation, cluster));
      }),
      { numRuns: Math.ceil(RUNS.numRuns / 2) },
    );
  });
});

test("a stable method stays with its plan while it holds and nothing saves notably more", () => {
  const before = [node("a", { size: "xlarge" }), pod("p", "a", { cpu: "2" })];
  const previous = turnOf(singleNodeConsolidation, clusterOf(before)).commands;
  const now = clusterOf([...before, node("b", { size: "2xlarge" }), pod("q", "b", { cpu: "9", spec: { nodeSelector: { "kubernetes.io/hostname": "b" } } }), node("c", { size: "2xlarge" }), pod("r", "c", { cpu: "3" })]);
  expect(briefs(singleNodeConsolidation, now)[0]).toMatch(/ c/);
  const kept = turnOf(stable(singleNodeConsolidation, previous, { marginUsdPerHour: 1 }), now).commands;
  expect(kept.map(brief)[0]).toMatch(/ a/);
  expect(turnOf(stable(singleNodeConsolidation, previous), now).commands.map(({ sourceNodes }) => sourceNodes)).toEqual([["c"]]);
});
