import type { KubeObject } from "@groupless/api";
import type { Cluster } from "@groupless/bin-packer";
import { describe, expect, test } from "vitest";
import { explain } from "../../src/blockers/explain.ts";
import { whyNot } from "../../src/pass/why-not.ts";
import { clusterOf, drifted, node, nodePool, pod, podDisruptionBudget } from "../cluster-fixture.ts";
import { prepared } from "../turn-fixture.ts";

const why = (objects: readonly (KubeObject | readonly KubeObject[])[], changes: Partial<Cluster> = {}, name = "a"): readonly string[] => whyNot(prepared(clusterOf(objects, changes)), name).map(explain);

describe("why not", () => {
  test("nothing is in the way of a node that goes", () => {
    expect(why([node("a")])).toEqual([]);
    expect(why([node("a", { size: "xlarge" }), pod("p", "a")])).toEqual([]);
    expect(why([node("a", { conditions: drifted() }), pod("p", "a")])).toEqual([]);
  });

  test("every blocker is listed, with those that others hide", () => {
    const objects = [
      node("a", { size: "small", annotations: { "karpenter.sh/do-not-disrupt": "true" }, conditions: [], lastPodEventTime: "2026-08-20T11:50:00Z" }),
      pod("p", "a", { cpu: "500m", annotations: { "karpenter.sh/do-not-disrupt": "3h" } }),
      pod("q", "a", { cpu: "100m", annotations: { "karpenter.sh/do-not-disrupt": "true" } }),
      podDisruptionBudget("keep", 0),
    ];
    const pools = [nodePool({ consolidateAfter: "30m", policy: "WhenEmpty", budgets: [{ nodes: "0", schedule: "0 9 * * *", duration: "8h" }] })];
    expect(why(objects, { nodePools: pools, nominated: ["aws:///zone-a/i-a"] })).toEqual([
      "Pods that wait are expected on the node.",
      "The node's annotation karpenter.sh/do-not-disrupt forbids it.",
      "Pod default/p forbids it by its annotation karpenter.sh/do-not-disrupt. That ends at 2026-08-20T14:00:00Z.",
      "Pod default/q forbids it by its annotation karpenter.sh/do-not-disrupt.",
      "NodePool default has consolidationPolicy: WhenEmpty, and the node is not empty.",
      "The NodeClaim is not marked Consolidatable: pods came or went less than 30m ago. That ends at 2026-08-20T12:20:00Z.",
      "The budgets of NodePool default let 0 of its 1 node go at once for reason Underutilized, and 0 are not ready or on the way out. That ends at 2026-08-20T17:00:00Z.",
      "PodDisruptionBudget default/keep lets no pod go now, and covers pod default/p.",
      "PodDisruptionBudget default/keep lets no pod go now, and covers pod default/q.",
      "A replacement would cost $0.02 an hour at worst (small), and the node costs $0.02.",
    ]);
  });

  test("the missing price gain has its figures", () => {
    expect(why([node("a", { size: "small" }), pod("p", "a", { cpu: "900m" })])).toEqual(["A replacement would cost $0.02 an hour at worst (small), and the node costs $0.02."]);
  });

  test("what would force a second node is shown pod by pod", () => {
    const apart = { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app: "web" } } }] } } };
    expect(why([node("a"), pod("p", "a", { spec: apart }), pod("q", "a", { spec: apart })])).toEqual(["Its pods would need 2 new nodes, and one is the most: [default/p] [default/q]."]);
  });

  test("a pod without any other place is named, with the reason", () => {
    const [sentence] = why([node("a"), pod("p", "a", { spec: { nodeSelector: { disk: "fast" } } })]);
    expect(sentence).toMatch(/^Pod default\/p would have no place: /);
  });

  test("an unreadable budget is quoted", () => {
    expect(why([node("a")], { nodePools: [nodePool({ budgets: [{ nodes: "x" }] })] })).toEqual([`A budget of NodePool default cannot be read (invalid value for a budget's nodes: "x"; expected a count such as "5" or a percentage such as "10%"), which closes the pool.`]);
  });

  test("a static pool's node waits for drift, its budget and its limit", () => {
    expect(why([node("a")], { nodePools: [nodePool({ replicas: 1, limits: { nodes: "1" } })] })).toEqual(["The NodeClaim is not marked Drifted.", "NodePool default has 1 node and a limit of 1: there is no room for a replacement."]);
  });

  test("a Balanced pool shows the score", () => {
    const few = Array.from({ length: 20 }, (_, i) => pod(`p${i}`, "a", { cpu: "100m" }));
    const [sentence] = why([node("a"), ...few, node("b", { size: "2xlarge" }), pod("q", "b", { cpu: "9" })], { nodePools: [nodePool({ policy: "Balanced" })] });
    expect(sentence).toBe("The move scores 0.22 in NodePool default, below 0.50: it saves 20.0% of the pool's cost for 91.3% of its disruption.");
  });

  test("spot nodes name the gate, or the types that lack", () => {
    const pools = [nodePool({ requirements: [{ key: "karpenter.sh/capacity-type", operator: "In", values: ["spot"] }] })];
    const objects = [node("a", { size: "xlarge", capacityType: "spot" }), pod("p", "a", { cpu: "3" })];
    expect(why(objects, { nodePools: pools })).toEqual(["A spot node is replaced by a spot node only with the feature gate SpotToSpotConsolidation.", "A spot node is replaced only if 15 cheaper instance types would do; 1 would."]);
  });

  test("nodes nobody can disrupt say so: unknown, unmanaged, on their way out, not there yet", () => {
    expect(why([], {}, "gone")).toEqual(["There is no node gone."]);
    expect(why([node("a")[0]])).toEqual(["The node has no NodeClaim: Karpenter did not make it."]);
    expect(why([node("a", { deleting: true })])).toEqual(["The node is on its way out already."]);
    expect(why([node("a")[1]], {}, "claim-a")).toEqual(["The NodeClaim has no node yet."]);
    expect(why([node("a", { pool: "gone" })])).toEqual(["NodePool gone does not exist, is not managed, or has no instance types."]);
    expect(why([node("a", { initialized: false })])).toEqual(["The node is not initialized yet."]);
  });
});
