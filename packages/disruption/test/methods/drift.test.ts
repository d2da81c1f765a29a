import type { KubeObject, NodePool } from "@groupless/api";
import { describe, expect, test } from "vitest";
import { drift } from "../../src/methods/drift.ts";
import { staticDrift } from "../../src/methods/static-drift.ts";
import { clusterOf, drifted, node, nodePool, pod } from "../cluster-fixture.ts";
import { briefs, candidatesOf, messagesOf, turnOf } from "../turn-fixture.ts";

describe("drift", () => {
  test("D-101 needs the condition Drifted", () => {
    expect(candidatesOf(drift, clusterOf([node("a"), node("b", { conditions: drifted() }), node("c", { conditions: [{ type: "Drifted", status: "False" }] })]))).toEqual(["b"]);
  });

  test("D-102 deletes a node whose pods have room, replaces one whose pods have not, by several if it takes several", () => {
    const gone = { conditions: drifted() };
    expect(briefs(drift, clusterOf([node("a", gone), pod("p", "a"), node("b")]))).toEqual(["delete a"]);
    expect(briefs(drift, clusterOf([node("a", { ...gone, size: "2xlarge" }), pod("p", "a", { cpu: "9" })]))).toEqual(["replace a > 2xlarge"]);
    const apart = { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app: "web" } } }] } } };
    const [command] = turnOf(drift, clusterOf([node("a", gone), pod("p", "a", { spec: apart }), pod("q", "a", { spec: apart })])).commands;
    expect(command?.replacements.map(({ pods }) => pods)).toEqual([["default/p"], ["default/q"]]);
    expect(command?.estimatedSavings).toBeCloseTo(0.08 - 0.04, 9);
  });

  test("D-103 D-104 takes nodes without pods first, then the one that drifted longest ago, one at a time", () => {
    const objects = [node("old", { conditions: drifted("2026-08-20T08:00:00Z") }), pod("p", "old"), node("new", { conditions: drifted("2026-08-20T11:00:00Z") }), pod("q", "new")];
    expect(briefs(drift, clusterOf(objects))).toEqual(["delete old"]);
    expect(briefs(drift, clusterOf([...objects, node("bare", { conditions: drifted("2026-08-20T11:30:00Z") })]))).toEqual(["delete bare"]);
  });

  test("D-105 passes over a node whose pods would have no place, and says so", () => {
    const stuck = pod("p", "old", { spec: { nodeSelector: { "kubernetes.io/hostname": "old" } } });
    const report = turnOf(drift, clusterOf([node("old", { conditions: drifted("2026-08-20T08:00:00Z") }), stuck, node("new", { conditions: drifted() }), pod("q", "new")]));
    expect(report.commands.map(({ sourceNodes }) => sourceNodes)).toEqual([["new"]]);
    expect(messagesOf(report, "Node/old")[0]).toMatch(/^Not all pods would schedule, default\/p => /);
  });

  test("D-106 keeps to budgets, nodes on their way out counted", () => {
    const two = [node("a", { conditions: drifted() }), node("b", { conditions: drifted() })];
    const allowing = (nodes: string): { nodePools: NodePool[] } => ({ nodePools: [nodePool({ budgets: [{ nodes }] })] });
    expect(briefs(drift, clusterOf(two, allowing("1")))).toEqual(["delete a"]);
    expect(briefs(drift, clusterOf(two, { ...allowing("1"), markedForDeletion: ["aws:///zone-a/i-a"] }))).toEqual([]);
    expect(briefs(drift, clusterOf(two, allowing("0")))).toEqual([]);
  });

  test("D-108 leaves static pools to static drift", () => {
    expect(candidatesOf(drift, clusterOf([node("a", { conditions: drifted() })], { nodePools: [nodePool({ replicas: 1 })] }))).toEqual([]);
  });

  test("no pool that could make nodes is an error of the method, in Karpenter's words", () => {
    const report = turnOf(drift, clusterOf([node("a", { conditions: drifted() })], { nodePools: [{ ...nodePool(), status: { conditions: [{ type: "Ready", status: "False" }] } }] }));
    expect(report).toMatchObject({ commands: [], error: "creating scheduler, no nodepools found" });
  });
});

describe("static drift", () => {
  const three = (conditions = drifted()): readonly (readonly KubeObject[])[] => ["a", "b", "c"].map((name) => node(name, { conditions }));
  const replaced = (pool: Parameters<typeof nodePool>[0], changes = {}): readonly string[] => briefs(staticDrift, clusterOf(three(), { nodePools: [nodePool({ replicas: 3, ...pool })], ...changes }));

  test("D-109 replaces nodes one for one, as many as budgets let go", () => {
    expect(replaced({})).toEqual(["replace a", "replace b", "replace c"]);
    expect(replaced({ budgets: [{ nodes: "2" }] })).toEqual(["replace a", "replace b"]);
    expect(replaced({ budgets: [{ nodes: "34%" }] })).toEqual(["replace a", "replace b"]);
    expect(replaced({ budgets: [{ nodes: "0" }] })).toEqual([]);
  });

  test("D-110 as many as the node limit leaves room for", () => {
    expect(replaced({ limits: { nodes: "5" } })).toEqual(["replace a", "replace b"]);
    expect(replaced({ limits: { nodes: "3" } })).toEqual([]);
  });

  test("D-111 not before the pool has been scaled down", () => {
    expect(replaced({ replicas: 2 })).toEqual([]);
    expect(replaced({ replicas: 0 })).toEqual([]);
  });

  test("D-112 only drifted nodes that nothing excludes", () => {
    const pools = { nodePools: [nodePool({ replicas: 3 })] };
    expect(candidatesOf(staticDrift, clusterOf(three([]), pools))).toEqual([]);
    expect(candidatesOf(staticDrift, clusterOf([node("a", { conditions: drifted(), annotations: { "karpenter.sh/do-not-disrupt": "true" } })], pools))).toEqual([]);
    expect(candidatesOf(staticDrift, clusterOf([node("a", { conditions: drifted() })]))).toEqual([]);
  });

  test("a replacement is the pool's template, with no types of its own", () => {
    const [command] = turnOf(staticDrift, clusterOf(three(), { nodePools: [nodePool({ replicas: 3 })] })).commands;
    expect(command?.replacements[0]).toMatchObject({ nodePool: "default", pods: [], instanceTypes: [], labels: { "karpenter.sh/nodepool": "default", "karpenter.k8s.aws/ec2nodeclass": "default" } });
  });
});
