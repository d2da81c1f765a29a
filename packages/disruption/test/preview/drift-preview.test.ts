import type { NodePool } from "@groupless/api";
import { expect, test } from "vitest";
import { driftPreview } from "../../src/preview/drift-preview.ts";
import { clusterOf, node, nodePool, pod } from "../cluster-fixture.ts";
import { prepared } from "../turn-fixture.ts";

const objects = [node("a", { size: "large" }), pod("p", "a", { cpu: "3" }), node("b", { size: "xlarge" }), pod("q", "b", { cpu: "6" }), pod("r", "b", { cpu: "1", annotations: { "karpenter.sh/do-not-disrupt": "true" } })];
const before = clusterOf(objects);
const after = (pool: NodePool): ReturnType<typeof driftPreview> => driftPreview(prepared(before), prepared({ ...before, nodePools: [pool] }));
const pool = (changes: Parameters<typeof nodePool>[0] = {}): NodePool => nodePool({ budgets: [{ nodes: "1" }], ...changes });

test("a change of nothing that matters drifts nothing", () => {
  expect(after(pool({ consolidateAfter: "1h", limits: { cpu: "100" } }))).toEqual({ nodes: [], nodePools: [], pods: [], priceChangeUsdPerHour: 0 });
});

test("a changed template drifts every node of the pool, in rounds as budgets allow, and says what would come and what is in the way", () => {
  const tainted = pool();
  const preview = after({ ...tainted, spec: { ...tainted.spec, template: { ...tainted.spec.template, metadata: { labels: { team: "a" } } } } });
  expect(preview.nodes.map(({ node: name, reason, pods, blockers }) => [name, reason, pods, blockers.map(({ code }) => code)])).toEqual([
    ["a", "NodePoolDrifted", ["default/p"], []],
    ["b", "NodePoolDrifted", ["default/q", "default/r"], ["pod-do-not-disrupt"]],
  ]);
  expect(preview.nodePools).toEqual([{ nodePool: "default", drifted: 2, nodes: 2, atOnce: 1, rounds: 2 }]);
  expect(preview.pods).toEqual(["default/p", "default/q", "default/r"]);
  expect(preview.nodes[0]?.replacements.map(({ instanceTypes }) => instanceTypes)).toEqual([["large", "xlarge", "2xlarge"]]);
  expect(preview.priceChangeUsdPerHour).toBeCloseTo(0, 9);
});

test("a narrowed requirement drifts the nodes that no longer meet it; the price moves with what must come", () => {
  const narrowed = pool({ requirements: [{ key: "karpenter.sh/capacity-type", operator: "In", values: ["on-demand"] }, { key: "node.kubernetes.io/instance-type", operator: "In", values: ["xlarge", "2xlarge"] }] });
  const preview = after(narrowed);
  expect(preview.nodes.map(({ node: name, reason, savingsUsdPerHour }) => [name, reason, Number(savingsUsdPerHour.toFixed(9))])).toEqual([["a", "RequirementsDrifted", -0.08]]);
  expect(preview.priceChangeUsdPerHour).toBeCloseTo(0.08, 9);
});

test("a pool whose budgets are closed has no rounds", () => {
  const closed = pool({ budgets: [{ nodes: "0" }], terminationGracePeriod: "1h" });
  expect(after(closed).nodePools).toEqual([{ nodePool: "default", drifted: 2, nodes: 2, atOnce: 0 }]);
});
