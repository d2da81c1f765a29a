import { solve } from "@groupless/bin-packer";
import { expect, test } from "vitest";
import { drift } from "../../src/methods/drift.ts";
import { emptiness } from "../../src/methods/emptiness.ts";
import { multiNodeConsolidation } from "../../src/methods/multi-node.ts";
import { clusterOf, drifted, node, nodePool, pod, podDisruptionBudget } from "../cluster-fixture.ts";
import { briefs, prepared, turnOf } from "../turn-fixture.ts";
import { execute } from "./execute.ts";

// Where Karpenter 1.14 itself breaks the laws that otherwise hold, and we with it.

test("Karpenter deletes as empty a node whose pods cost nothing to evict, though they have no other place", () => {
  const worthless = pod("p", "a", { annotations: { "controller.kubernetes.io/pod-deletion-cost": "-134217728" }, spec: { nodeSelector: { "kubernetes.io/hostname": "a" } } });
  expect(briefs(emptiness, clusterOf([node("a"), worthless]))).toEqual(["delete a"]);
});

test("Karpenter deletes a drifted node with a grace period without room for pods whose budget never lets them go", () => {
  const cluster = clusterOf([node("a", { conditions: drifted(), terminationGracePeriod: "1h" }), pod("p", "a"), podDisruptionBudget("b", 0, { maxUnavailable: 0 })]);
  const [command] = turnOf(drift, cluster).commands;
  expect(command).toMatchObject({ decision: "delete", existingNodes: [] });
});

test("Karpenter's percentage lets the only node of a pool go", () => {
  expect(briefs(emptiness, clusterOf([node("a")], { nodePools: [nodePool({ budgets: [{ nodes: "1%" }] })] }))).toEqual(["delete a"]);
});

test("Karpenter drains several pods of one PodDisruptionBudget at once, as long as it lets one go", () => {
  const two = ["a", "b"].flatMap((name) => [...node(name, { size: "xlarge" }), pod(`p-${name}`, name, { cpu: "2" })]);
  expect(briefs(multiNodeConsolidation, clusterOf([...two, podDisruptionBudget("one", 1)]))).toEqual(["replace a,b > large"]);
});

test("Karpenter's drift may raise the price", () => {
  const dear = [nodePool({ requirements: [{ key: "karpenter.sh/capacity-type", operator: "In", values: ["on-demand"] }, { key: "node.kubernetes.io/instance-type", operator: "In", values: ["2xlarge"] }] })];
  const cluster = clusterOf([node("a", { conditions: drifted() }), pod("p", "a")], { nodePools: dear });
  const [command] = turnOf(drift, cluster).commands;
  expect(command?.estimatedSavings).toBeCloseTo(0.08 - 0.32, 9);
  if (command === undefined) throw new Error("no command");
  expect(solve(prepared(execute(cluster, command, 0))).podErrors).toEqual([]);
});
