import { expect, test } from "vitest";
import { UNBOUNDED } from "../../src/budgets/budget.ts";
import { poolBudgets } from "../../src/budgets/pool-budgets.ts";
import { clusterView } from "../../src/cluster/cluster-view.ts";
import { clusterOf, node, nodePool, NOW_MS } from "../cluster-fixture.ts";
import { prepared } from "../turn-fixture.ts";

const of = (objects: Parameters<typeof clusterOf>[0], nodes = "5", changes = {}): unknown => poolBudgets(clusterView(prepared(clusterOf(objects, { nodePools: [nodePool({ budgets: [{ nodes }] })], ...changes }))), { reason: "Empty", nowMs: NOW_MS }).get("default");

test("D-128 nodes that are not Karpenter's, not initialized or terminating do not count", () => {
  const [foreign] = node("f");
  const objects = [node("a"), foreign, node("b", { initialized: false }), node("c", { conditions: [{ type: "InstanceTerminating", status: "True" }] })];
  expect(of(objects)).toEqual({ allowed: 5, nodes: 1, disrupting: 0, left: 5 });
});

test("D-129 nodes that are not ready, deleting or marked are taken off, never below nothing", () => {
  const objects = [node("a"), node("b", { ready: false }), node("c", { deleting: true }), node("d")];
  expect(of(objects, "5", { markedForDeletion: ["aws:///zone-a/i-d"] })).toEqual({ allowed: 5, nodes: 4, disrupting: 3, left: 2 });
  expect(of(objects, "1", { markedForDeletion: ["aws:///zone-a/i-d"] })).toMatchObject({ left: 0 });
});

test("a pool without nodes gets what its budgets say of none", () => {
  expect(of([], "10%")).toEqual({ allowed: 0, nodes: 0, disrupting: 0, left: 0 });
  expect(poolBudgets(clusterView(prepared(clusterOf([]))), { reason: "Empty", nowMs: NOW_MS }).get("default")).toMatchObject({ left: UNBOUNDED });
});
