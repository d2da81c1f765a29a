import type { Cluster, Profile } from "@groupless/bin-packer";
import { solve } from "@groupless/bin-packer";
import { expect, test } from "vitest";
import { drift } from "../../src/methods/drift.ts";
import { emptiness } from "../../src/methods/emptiness.ts";
import { karpenterMethods } from "../../src/methods/karpenter-methods.ts";
import { multiNodeConsolidation } from "../../src/methods/multi-node.ts";
import { staticDrift } from "../../src/methods/static-drift.ts";
import type { Method } from "../../src/methods/method.ts";
import { disrupt } from "../../src/pass/evaluate.ts";
import { whyNot } from "../../src/pass/why-not.ts";
import { clusterOf, drifted, node, nodePool, NOW_MS, pod, podDisruptionBudget } from "../cluster-fixture.ts";
import { brief, prepared, turnOf } from "../turn-fixture.ts";
import { execute } from "./execute.ts";

// Where Karpenter 1.14 itself breaks the laws that otherwise hold, and we with it; what the profile "exact" does instead. docs/differences.md lists them.

/** What is done under a profile. */
function done(profile: Profile, method: Method, cluster: Cluster): readonly string[] {
  return disrupt(prepared(cluster, NOW_MS, profile), { methods: [method] }).map(brief);
}

test("Karpenter deletes as empty a node whose pods cost nothing to evict, though they have no other place; exact does not", () => {
  const worthless = pod("p", "a", { annotations: { "controller.kubernetes.io/pod-deletion-cost": "-134217728" }, spec: { nodeSelector: { "kubernetes.io/hostname": "a" } } });
  const cluster = clusterOf([node("a"), worthless]);
  expect(done("karpenter-1.14", emptiness, cluster)).toEqual(["delete a"]);
  expect(karpenterMethods.flatMap((method) => done("exact", method, cluster))).toEqual([]);
  expect(whyNot(prepared(cluster, NOW_MS, "exact"), "a").map(({ code }) => code)).toEqual(["pods-would-not-schedule"]);
});

test("with pods that cost nothing to evict Karpenter never comes to rest: wherever they come again, their node is empty once more; exact does", () => {
  for (const name of ["a", "b"]) {
    const again = pod("p", name, { annotations: { "controller.kubernetes.io/pod-deletion-cost": "-134217728" } });
    const cluster = clusterOf([node(name, { size: "small" }), again]);
    expect(done("karpenter-1.14", emptiness, cluster)).toEqual([`delete ${name}`]);
    // With its node gone the pod needs one like it.
    const waiting = solve(prepared(clusterOf([{ ...again, spec: { ...again.spec, nodeName: "" }, status: { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable" }] } }])));
    expect(waiting.newNodeClaims.map(({ pods }) => pods)).toEqual([["default/p"]]);
    expect(karpenterMethods.flatMap((method) => done("exact", method, cluster))).toEqual([]);
  }
});

test("exact consolidates a node whose pods cost nothing to evict once there is room for them", () => {
  const worthless = pod("p", "a", { annotations: { "controller.kubernetes.io/pod-deletion-cost": "-134217728" } });
  const [command] = disrupt(prepared(clusterOf([node("a"), worthless, node("b"), pod("q", "b", { annotations: { "karpenter.sh/do-not-disrupt": "true" } })]), NOW_MS, "exact"));
  expect(command).toMatchObject({ decision: "delete", sourceNodes: ["a"], existingNodes: [{ node: "b", pods: ["default/p"] }] });
});

test("Karpenter deletes a drifted node with a grace period without room for pods whose budget never lets them go; exact waits", () => {
  const cluster = clusterOf([node("a", { conditions: drifted(), terminationGracePeriod: "1h" }), pod("p", "a"), podDisruptionBudget("b", 0, { maxUnavailable: 0 })]);
  const [command] = turnOf(drift, cluster).commands;
  expect(command).toMatchObject({ decision: "delete", existingNodes: [] });
  expect(done("exact", drift, cluster)).toEqual([]);
  expect(whyNot(prepared(cluster, NOW_MS, "exact"), "a", { methods: [drift] }).map(({ code }) => code)).toContain("pod-disruption-budget");
});

test("Karpenter's drift takes nodes with a grace period against a budget that lets no pod go now, and against do-not-disrupt; exact waits", () => {
  const drifting = node("a", { conditions: drifted(), terminationGracePeriod: "1h" });
  for (const kept of [[pod("p", "a"), podDisruptionBudget("b", 0)], [pod("p", "a", { annotations: { "karpenter.sh/do-not-disrupt": "true" } })]]) {
    expect(done("karpenter-1.14", drift, clusterOf([drifting, ...kept]))).toHaveLength(1);
    expect(done("exact", drift, clusterOf([drifting, ...kept]))).toEqual([]);
  }
  const fixed = { nodePools: [nodePool({ replicas: 1 })] };
  expect(done("karpenter-1.14", staticDrift, clusterOf([drifting, pod("p", "a"), podDisruptionBudget("b", 0)], fixed))).toHaveLength(1);
  expect(done("exact", staticDrift, clusterOf([drifting, pod("p", "a"), podDisruptionBudget("b", 0)], fixed))).toEqual([]);
});

// What follows are choices, not slips: they are the same under both profiles.

test.each(["karpenter-1.14", "exact"] as const)("a percentage of a budget, rounded up, lets the only node of a pool go: %s", (profile) => {
  expect(done(profile, emptiness, clusterOf([node("a")], { nodePools: [nodePool({ budgets: [{ nodes: "1%" }] })] }))).toEqual(["delete a"]);
});

test.each(["karpenter-1.14", "exact"] as const)("several pods of one PodDisruptionBudget are drained at once as long as it lets one go; the eviction API takes them one by one: %s", (profile) => {
  const two = ["a", "b"].flatMap((name) => [...node(name, { size: "xlarge" }), pod(`p-${name}`, name, { cpu: "2" })]);
  expect(done(profile, multiNodeConsolidation, clusterOf([...two, podDisruptionBudget("one", 1)]))).toEqual(["replace a,b > large"]);
});

test.each(["karpenter-1.14", "exact"] as const)("drift may raise the price: %s", (profile) => {
  const dear = [nodePool({ requirements: [{ key: "karpenter.sh/capacity-type", operator: "In", values: ["on-demand"] }, { key: "node.kubernetes.io/instance-type", operator: "In", values: ["2xlarge"] }] })];
  const cluster = clusterOf([node("a", { conditions: drifted() }), pod("p", "a")], { nodePools: dear });
  const [command] = disrupt(prepared(cluster, NOW_MS, profile), { methods: [drift] });
  expect(command?.estimatedSavings).toBeCloseTo(0.08 - 0.32, 9);
  if (command === undefined) throw new Error("no command");
  expect(solve(prepared(execute(cluster, command, 0), NOW_MS, profile)).podErrors).toEqual([]);
});
