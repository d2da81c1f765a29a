import type { KubeObject, Node, NodeClaim } from "@groupless/api";
import { describe, expect, test } from "vitest";
import { drift } from "../../src/methods/drift.ts";
import { emptiness } from "../../src/methods/emptiness.ts";
import { singleNodeConsolidation } from "../../src/methods/single-node.ts";
import { clusterOf, drifted, node, nodePool, pod, podDisruptionBudget } from "../cluster-fixture.ts";
import { candidatesOf, messagesOf, turnOf } from "../turn-fixture.ts";

const busy = [node("a"), pod("p", "a")];
const blocked = (objects: readonly (KubeObject | readonly KubeObject[])[], changes = {}): readonly string[] => messagesOf(turnOf(singleNodeConsolidation, clusterOf(objects, changes)), "Node/a");

describe("a node is no candidate", () => {
  test("D-001 without its claim, and a claim without its node", () => {
    const [only, claim] = node("a");
    expect(candidatesOf(singleNodeConsolidation, clusterOf([only, pod("p", "a")]))).toEqual([]);
    const report = turnOf(singleNodeConsolidation, clusterOf([claim]));
    expect(report.candidates).toEqual([]);
    expect(messagesOf(report, "NodeClaim/claim-a")).toEqual(["Nodeclaim does not have an associated node"]);
  });

  test("D-002 until it is initialized", () => {
    expect(blocked([node("a", { initialized: false }), pod("p", "a")])).toEqual(["Node isn't initialized"]);
  });

  test("D-003 once it is deleting, marked, or its instance is terminating", () => {
    const message = ["Node is deleting or marked for deletion"];
    expect(blocked([node("a", { deleting: true })])).toEqual(message);
    expect(blocked(busy, { markedForDeletion: ["aws:///zone-a/i-a"] })).toEqual(message);
    expect(blocked([node("a", { conditions: [{ type: "InstanceTerminating", status: "True" }] })])).toEqual(message);
  });

  test("D-004 while pods are nominated to it", () => {
    expect(blocked(busy, { nominated: ["aws:///zone-a/i-a"] })).toEqual(["Node is nominated for a pending pod"]);
  });

  test("D-005 D-006 with the annotation do-not-disrupt, of which only the text true counts on nodes", () => {
    const annotated = (value: string): readonly (KubeObject | readonly KubeObject[])[] => [node("a", { annotations: { "karpenter.sh/do-not-disrupt": value } }), pod("p", "a")];
    expect(blocked(annotated("true"))).toEqual(['Disruption is blocked through the "karpenter.sh/do-not-disrupt" annotation']);
    for (const value of ["false", "1h", "True", ""]) expect(candidatesOf(singleNodeConsolidation, clusterOf(annotated(value)))).toEqual(["a"]);
  });

  test("D-007 without a pool label, or when the pool is unknown or has no instance types", () => {
    const [made, claim] = node("a");
    const without = ({ "karpenter.sh/nodepool": _pool, ...labels }: Record<string, string>): Record<string, string> => labels;
    const bare = { ...made, metadata: { ...made.metadata, labels: without({ ...made.metadata.labels }) } } as Node;
    expect(blocked([bare, claim])).toEqual(["Node doesn't have required label (label=karpenter.sh/nodepool)"]);
    expect(blocked([node("a", { pool: "gone" })])).toEqual(["NodePool not found (NodePool=gone)"]);
    expect(blocked([node("a")], { instanceTypes: {} })).toEqual(["NodePool not found (NodePool=default)"]);
  });

  test("D-009 while a command takes it; nobody is told", () => {
    const report = turnOf(singleNodeConsolidation, clusterOf(busy), { queued: ["aws:///zone-a/i-a"] });
    expect(report.candidates).toEqual([]);
    expect(report.events).toEqual([]);
  });
});

test("D-008 a node of unknown type, zone or capacity type may still drift", () => {
  const odd = node("a", { size: "huge", conditions: drifted(), labels: { "topology.kubernetes.io/zone": "nowhere" } });
  expect(candidatesOf(drift, clusterOf([odd]))).toEqual(["a"]);
});

describe("pods keep a node", () => {
  const annotation = { "karpenter.sh/do-not-disrupt": "true" };

  test("D-010 D-011 with do-not-disrupt, daemons and static pods as well", () => {
    for (const owner of ["ReplicaSet", "DaemonSet", "Node", ""]) {
      expect(blocked([node("a"), pod("p", "a", { annotations: annotation, owner })])).toEqual(['Pod has "karpenter.sh/do-not-disrupt" annotation (Pod=default/p)']);
    }
  });

  test("D-012 not once they are terminal or terminating", () => {
    expect(candidatesOf(singleNodeConsolidation, clusterOf([...busy, pod("done", "a", { annotations: annotation, phase: "Succeeded" }), pod("going", "a", { annotations: annotation, deleting: true })]))).toEqual(["a"]);
  });

  test("D-013 D-014 D-015 a termination grace period frees nodes for drift, not for consolidation; without one drift waits as well", () => {
    const held = (terminationGracePeriod?: string): readonly (KubeObject | readonly KubeObject[])[] => [
      node("a", { conditions: [...drifted(), { type: "Consolidatable", status: "True" }], ...(terminationGracePeriod === undefined ? {} : { terminationGracePeriod }) }),
      pod("p", "a", { annotations: annotation }),
    ];
    expect(candidatesOf(drift, clusterOf(held("1h")))).toEqual(["a"]);
    expect(candidatesOf(singleNodeConsolidation, clusterOf(held("1h")))).toEqual([]);
    expect(candidatesOf(drift, clusterOf(held()))).toEqual([]);
    expect(candidatesOf(drift, clusterOf([node("a", { conditions: drifted() }), pod("p", "a"), podDisruptionBudget("b", 0)]))).toEqual([]);
  });

  test("D-016 for as long after their start as the annotation says", () => {
    const until = (value: string): readonly (KubeObject | readonly KubeObject[])[] => [node("a"), pod("p", "a", { annotations: { "karpenter.sh/do-not-disrupt": value }, startTime: "2026-08-20T11:00:00Z" })];
    expect(candidatesOf(singleNodeConsolidation, clusterOf(until("2h")))).toEqual([]);
    expect(messagesOf(turnOf(singleNodeConsolidation, clusterOf(until("2h"))), "Pod/default/p")).toEqual(["The karpenter.sh/do-not-disrupt grace period will elapse at 2026-08-20T13:00:00Z"]);
    expect(candidatesOf(singleNodeConsolidation, clusterOf(until("1h")))).toEqual(["a"]);
    expect(messagesOf(turnOf(singleNodeConsolidation, clusterOf(until("1h"))), "Pod/default/p")).toEqual(["The karpenter.sh/do-not-disrupt grace period has elapsed, pod is now disruptable"]);
  });

  test("D-017 D-019 an annotation that cannot be read is ignored with a warning; true says nothing", () => {
    const told = (value: string): readonly string[] => messagesOf(turnOf(singleNodeConsolidation, clusterOf([node("a"), pod("p", "a", { annotations: { "karpenter.sh/do-not-disrupt": value } })])), "Pod/default/p");
    expect(told("soon")).toEqual(['Invalid karpenter.sh/do-not-disrupt annotation: failed to parse "soon" as a duration: time: invalid duration "soon", ignoring annotation']);
    expect(told("-5m")).toEqual(['Invalid karpenter.sh/do-not-disrupt annotation: duration "-5m" must be positive, ignoring annotation']);
    expect(told("true")).toEqual([]);
  });

  test("D-018 a time from a start that is not known yet holds", () => {
    const waiting = pod("p", "a", { annotations: { "karpenter.sh/do-not-disrupt": "1ms" } });
    const status = Object.fromEntries(Object.entries(waiting.status ?? {}).filter(([field]) => field !== "startTime"));
    expect(candidatesOf(singleNodeConsolidation, clusterOf([node("a"), { ...waiting, status }]))).toEqual([]);
  });

  test("D-020 D-024 under a budget of their namespace that lets nobody go, daemons as well", () => {
    expect(blocked([...busy, podDisruptionBudget("b", 0)])).toEqual(["Pdb prevents pod evictions (PodDisruptionBudget=[default/b])"]);
    expect(blocked([node("a"), pod("d", "a", { owner: "DaemonSet" }), podDisruptionBudget("b", 0)])).toEqual(["Pdb prevents pod evictions (PodDisruptionBudget=[default/b])"]);
    expect(candidatesOf(singleNodeConsolidation, clusterOf([...busy, podDisruptionBudget("b", 0, {}, "elsewhere")]))).toEqual(["a"]);
    expect(candidatesOf(singleNodeConsolidation, clusterOf([...busy, podDisruptionBudget("b", 1)]))).toEqual(["a"]);
  });

  test("D-021 not static, terminal or terminating ones", () => {
    const others = [pod("s", "a", { owner: "Node" }), pod("t", "a", { phase: "Failed" }), pod("u", "a", { deleting: true })];
    const free = pod("p", "a", { labels: { app: "other" } });
    expect(candidatesOf(singleNodeConsolidation, clusterOf([node("a"), free, ...others, podDisruptionBudget("b", 0)]))).toEqual(["a"]);
  });

  test("D-022 under two budgets, whatever these allow", () => {
    expect(blocked([...busy, podDisruptionBudget("b", 5), podDisruptionBudget("c", 5)])).toEqual(["Eviction does not support multiple PDBs (PodDisruptionBudget(s)=[default/b default/c])"]);
  });

  test("D-023 not unready ones whose budget always lets those go", () => {
    const always = podDisruptionBudget("b", 0, { unhealthyPodEvictionPolicy: "AlwaysAllow" });
    expect(candidatesOf(singleNodeConsolidation, clusterOf([node("a"), pod("p", "a", { ready: false }), always]))).toEqual(["a"]);
    expect(candidatesOf(singleNodeConsolidation, clusterOf([node("a"), pod("p", "a"), always]))).toEqual([]);
  });

  test("D-025 pods that a budget never lets go get no new place when their drifted node goes", () => {
    const objects = [node("a", { conditions: drifted(), terminationGracePeriod: "1h" }), pod("p", "a"), podDisruptionBudget("b", 0, { maxUnavailable: 0 })];
    const [command] = turnOf(drift, clusterOf(objects)).commands;
    expect(command).toMatchObject({ decision: "delete", replacements: [] });
  });
});

describe("a candidate's figures", () => {
  const figures = (objects: readonly (KubeObject | readonly KubeObject[])[], changes = {}): unknown => turnOf(singleNodeConsolidation, clusterOf(objects, changes)).candidates;

  test("D-026 count one for the node and the positive eviction costs of the pods that would move", () => {
    const cheap = pod("q", "a", { annotations: { "controller.kubernetes.io/pod-deletion-cost": "-2147483647" } });
    const dear = pod("r", "a", { spec: { priority: 33_554_432 } });
    expect(figures([...busy, cheap, dear, pod("d", "a", { owner: "DaemonSet" })])).toEqual([{ node: "a", nodePool: "default", price: 0.08, disruptionCost: 4, savingsRatio: 0.02, empty: false }]);
  });

  test("D-027 D-028 take the price of the node's own zone and capacity type; unknown or NaN is 0", () => {
    expect(figures([node("a", { capacityType: "spot" }), pod("p", "a")])).toMatchObject([{ price: 0.032 }]);
    expect(figures([node("a", { zone: "zone-z" }), pod("p", "a")])).toMatchObject([{ price: 0, savingsRatio: 0 }]);
    const types = clusterOf([]).instanceTypes["*"]?.map((type) => ({ ...type, offerings: type.offerings.map((offering) => ({ ...offering, price: NaN })) })) ?? [];
    expect(figures(busy, { instanceTypes: { "*": types } })).toMatchObject([{ price: 0 }]);
  });

  test("D-029 rank by price a unit of disruption", () => {
    const objects = [node("a", { size: "large" }), pod("p", "a"), node("b", { size: "xlarge" }), pod("q1", "b"), pod("q2", "b"), pod("q3", "b"), node("c", { size: "small" }), pod("r", "c", { cpu: "100m" })];
    const { candidates } = turnOf(singleNodeConsolidation, clusterOf(objects));
    expect(candidates.map(({ node: name, savingsRatio }) => [name, savingsRatio])).toEqual([
      ["a", 0.04],
      ["b", 0.04],
      ["c", 0.01],
    ]);
  });
});

test("D-030 what consolidation cannot price or may not touch is said on the node", () => {
  const relabelled = (key: string): readonly KubeObject[] => {
    const [made, claim] = node("a") as readonly [Node, NodeClaim];
    const labels = Object.fromEntries(Object.entries(made.metadata.labels ?? {}).filter(([name]) => name !== key));
    return [{ ...made, metadata: { ...made.metadata, labels } }, claim, pod("p", "a")];
  };
  expect(blocked(relabelled("karpenter.sh/capacity-type"))).toEqual(['Node does not have label "karpenter.sh/capacity-type"']);
  expect(blocked(relabelled("topology.kubernetes.io/zone"))).toEqual(['Node does not have label "topology.kubernetes.io/zone"']);
  expect(blocked([node("a", { size: "huge" }), pod("p", "a")])).toEqual(['Instance Type "huge" not found']);
  expect(blocked(busy, { nodePools: [nodePool({ consolidateAfter: "Never" })] })).toEqual(['NodePool "default" has consolidation disabled']);
  expect(blocked(busy, { nodePools: [nodePool({ policy: "WhenEmpty" })] })).toEqual(['NodePool "default" has consolidation policy WhenEmpty, but node is not empty']);
});

test("D-031 a static pool's nodes are neither emptied nor consolidated", () => {
  const pools = [nodePool({ replicas: 2 })];
  expect(candidatesOf(emptiness, clusterOf([node("a")], { nodePools: pools }))).toEqual([]);
  expect(candidatesOf(singleNodeConsolidation, clusterOf(busy, { nodePools: pools }))).toEqual([]);
});
