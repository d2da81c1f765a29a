import type { KubeObject } from "@groupless/api";
import { describe, expect, test } from "vitest";
import { emptiness } from "../../src/methods/emptiness.ts";
import { karpenterMethods } from "../../src/methods/karpenter-methods.ts";
import { singleNodeConsolidation } from "../../src/methods/single-node.ts";
import { disrupt } from "../../src/pass/evaluate.ts";
import { clusterOf, drifted, node, nodePool, pod, podDisruptionBudget } from "../cluster-fixture.ts";
import { brief, briefs, candidatesOf, messagesOf, prepared, turnOf } from "../turn-fixture.ts";

const empties = (count: number, pool = "default"): readonly (readonly KubeObject[])[] => Array.from({ length: count }, (_, i) => node(`${pool}-${i}`, { pool }));

describe("emptiness", () => {
  test("D-040 deletes one empty node, or all at once", () => {
    expect(briefs(emptiness, clusterOf([node("a")]))).toEqual(["delete a"]);
    const [command] = turnOf(emptiness, clusterOf([node("a"), node("b", { size: "small" }), node("c"), pod("p", "c")])).commands;
    expect(command).toMatchObject({ decision: "delete", reason: "Empty", sourceNodes: ["a", "b"] });
    expect(command?.estimatedSavings).toBeCloseTo(0.1, 9);
  });

  test("D-041 needs the condition Consolidatable", () => {
    expect(candidatesOf(emptiness, clusterOf([node("a", { conditions: [] })]))).toEqual([]);
  });

  test("D-042 comes before drift", () => {
    const both = [...drifted(), { type: "Consolidatable", status: "True" as const }];
    expect(disrupt(prepared(clusterOf([node("a", { conditions: both })]))).map(({ method, reason }) => [method, reason])).toEqual([["Emptiness", "Empty"]]);
  });

  test("D-043 takes no node with pods that would move, unless evicting them costs nothing", () => {
    expect(candidatesOf(emptiness, clusterOf([node("a"), pod("p", "a")]))).toEqual([]);
    const worthless = pod("p", "a", { annotations: { "controller.kubernetes.io/pod-deletion-cost": "-134217728" } });
    expect(candidatesOf(emptiness, clusterOf([node("a"), worthless]))).toEqual(["a"]);
  });

  test("D-044 daemons and terminating pods do not count, but a StatefulSet's terminating pod does", () => {
    expect(candidatesOf(emptiness, clusterOf([node("a"), pod("d", "a", { owner: "DaemonSet" }), pod("going", "a", { deleting: true })]))).toEqual(["a"]);
    expect(candidatesOf(emptiness, clusterOf([node("a"), pod("s-0", "a", { owner: "StatefulSet", deleting: true })]))).toEqual([]);
  });

  test("D-045 waits for pods that are nominated to the node", () => {
    expect(candidatesOf(emptiness, clusterOf([node("a"), pod("p", undefined)], { nominated: ["aws:///zone-a/i-a"] }))).toEqual([]);
  });

  test("D-047 takes as many nodes of each pool as its budgets let go", () => {
    const taken = (nodes: string): number => turnOf(emptiness, clusterOf(empties(10), { nodePools: [nodePool({ budgets: [{ nodes }] })] })).commands.flatMap(({ sourceNodes }) => sourceNodes).length;
    expect(["100%", "0", "3", "25%"].map(taken)).toEqual([10, 0, 3, 3]);
    const pools = [nodePool({ name: "one", budgets: [{ nodes: "1" }] }), nodePool({ name: "two", budgets: [{ nodes: "2" }] })];
    const [command] = turnOf(emptiness, clusterOf([...empties(3, "one"), ...empties(3, "two")], { nodePools: pools })).commands;
    expect(command?.sourceNodes).toEqual(["one-0", "two-0", "two-1"]);
  });

  test("D-048 leaves nodes alone that hold pods of capacity buffers", () => {
    const report = turnOf(emptiness, clusterOf([node("a"), node("b")], { bufferPods: { "aws:///zone-a/i-a": 2 } }));
    expect(report.commands.map(brief)).toEqual(["delete b"]);
    expect(messagesOf(report, "Node/a")).toEqual(['Node "a" has buffer pods']);
  });

  test("D-190 a node kept for a capacity buffer may still be replaced for its own pods, and goes once the buffer has moved", () => {
    const held = { bufferPods: { "aws:///zone-a/i-a": 1 } };
    expect(disrupt(prepared(clusterOf([node("a")], held)))).toEqual([]);
    expect(disrupt(prepared(clusterOf([node("a", { size: "xlarge" }), pod("p", "a")], held))).map(brief)).toEqual(["replace a > small,medium,large"]);
    expect(disrupt(prepared(clusterOf([node("a")]))).map(brief)).toEqual(["delete a"]);
  });

  test("D-049 finding nothing settles the matter only if no budget held anything back", () => {
    const closed = turnOf(emptiness, clusterOf([node("a")], { nodePools: [nodePool({ budgets: [{ nodes: "0" }] })] }));
    expect(closed).toMatchObject({ commands: [], settled: false });
    expect(messagesOf(closed, "NodePool/default")).toEqual(["No allowed disruptions for disruption reason Empty due to blocking budget"]);
    const busy = turnOf(singleNodeConsolidation, clusterOf([node("a", { size: "small" }), pod("p", "a", { cpu: "900m" })]));
    expect(busy).toMatchObject({ commands: [], settled: true });
  });
});

describe("D-046 what empties wait for", () => {
  const two = clusterOf([node("a"), node("b")]);
  const validated = (change: (objects: readonly KubeObject[]) => readonly KubeObject[]): readonly string[] =>
    briefs(emptiness, two, { afterWait: ({ cluster, nowMs }) => prepared({ ...cluster, objects: change(cluster.objects) }, nowMs + 15_000) });

  test("a pod that comes keeps its node, and the other goes", () => {
    expect(validated((objects) => [...objects, pod("p", "a")])).toEqual(["delete b"]);
  });

  test("nothing is done if none of them is empty any more", () => {
    expect(validated((objects) => [...objects, pod("p", "a"), pod("q", "b")])).toEqual([]);
  });

  test("nothing is done if budgets have closed", () => {
    const nodePools = [nodePool({ budgets: [{ nodes: "0" }] })];
    expect(briefs(emptiness, two, { afterWait: ({ cluster, nowMs }) => prepared({ ...cluster, nodePools }, nowMs + 15_000) })).toEqual([]);
  });
});

test("methods take turns in production order", () => {
  expect(karpenterMethods.map(({ name }) => name)).toEqual(["Emptiness", "StaticDrift", "Drift", "MultiNodeConsolidation", "SingleNodeConsolidation"]);
});

test("a PodDisruptionBudget whose selector cannot be read stops the pass, and the report says so", () => {
  const broken = podDisruptionBudget("b", 1, { selector: { matchExpressions: [{ key: "app", operator: "Near" as "In", values: ["x"] }] } });
  const report = turnOf(emptiness, clusterOf([node("a"), pod("p", "a"), broken]));
  expect(report.commands).toEqual([]);
  expect(report.error).toContain("operator");
});
