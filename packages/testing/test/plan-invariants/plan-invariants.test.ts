import type { KubeObject } from "@groupless/api";
import type { Cluster } from "@groupless/bin-packer";
import type { Command } from "@groupless/disruption";
import { bound, cluster, holdsBudgets, holdsDoNotDisrupt, holdsPlacements, holdsPodDisruptionBudgets, leavesNoPodHomeless, neverDearer, node, nodePool, type PlanInvariant, planViolations, pod, podDisruptionBudget } from "@groupless/testing";
import { expect, test } from "vitest";

const nowMs = Date.UTC(2026, 8, 2, 12);
const labels = { "node.kubernetes.io/instance-type": "m.4", "topology.kubernetes.io/zone": "zone-a", "karpenter.sh/capacity-type": "on-demand" };
const nodes = (...names: readonly string[]): KubeObject[] => names.flatMap((name) => node(name, { nodePool: "default", labels }).objects);
const web = (name: string, on: string, changes: Parameters<typeof pod>[2] = {}) => bound(pod(name, { cpu: "1" }, { ...changes, metadata: { labels: { app: "web" }, ...changes.metadata } }), on);
const remove = (sourceNodes: readonly string[], changes: Partial<Command> = {}): Command => ({ decision: "delete", method: "mine", reason: "Underutilized", sourceNodes, estimatedSavings: 0, replacements: [], existingNodes: [], ...changes });

/** What the invariant says of the commands. */
function messages(invariant: PlanInvariant, objects: readonly KubeObject[], commands: readonly Command[], overrides: Partial<Cluster> = {}): string[] {
  return planViolations({ before: cluster({ ...overrides, objects }), commands, nowMs }, [invariant]).map(({ invariant: name, message }) => `${name}: ${message}`);
}

test("holdsBudgets counts nodes of all commands of a reason, and those that are down already", () => {
  const nodePools = [nodePool("default", { spec: { disruption: { consolidateAfter: "0s", budgets: [{ nodes: "50%" }, { nodes: "0", reasons: ["Drifted"] }, { nodes: "0", schedule: "0 9 * * *", duration: "1h" }] } } })];
  const four = nodes("a", "b", "c", "d");
  expect(messages(holdsBudgets, four, [remove(["a"]), remove(["b"])], { nodePools })).toEqual([]);
  expect(messages(holdsBudgets, four, [remove(["a"]), remove(["b", "c"])], { nodePools })).toEqual(["holdsBudgets: 3 of NodePool default go as Underutilized beside 0 that are down, its budgets allow 2 of 4"]);
  expect(messages(holdsBudgets, four, [remove(["a"], { reason: "Drifted" })], { nodePools })).toHaveLength(1);
  expect(messages(holdsBudgets, four, [remove(["a", "b"])], { nodePools, markedForDeletion: ["aws:///us-west-2/i-d"] })).toHaveLength(1);
});

test("holdsPodDisruptionBudgets sees a pod that may not go, and one that two budgets select", () => {
  const guard = (name: string, disruptionsAllowed: number): KubeObject => ({ ...podDisruptionBudget(name, { matchLabels: { app: "web" } }), status: { disruptionsAllowed, currentHealthy: 1, desiredHealthy: 1, expectedPods: 1 } });
  const objects = [...nodes("a"), web("p", "a")];
  expect(messages(holdsPodDisruptionBudgets, [...objects, guard("one", 1)], [remove(["a"])])).toEqual([]);
  expect(messages(holdsPodDisruptionBudgets, [...objects, guard("one", 0)], [remove(["a"])])).toEqual(["holdsPodDisruptionBudgets: may not be evicted: default/one"]);
  expect(messages(holdsPodDisruptionBudgets, [...objects, guard("one", 1), guard("two", 1)], [remove(["a"])])).toHaveLength(1);
  expect(messages(holdsPodDisruptionBudgets, [...objects, guard("one", 0)], [remove([])])).toEqual([]);
});

test("holdsDoNotDisrupt reads the annotation on nodes and pods", () => {
  const annotations = { "karpenter.sh/do-not-disrupt": "true" };
  expect(messages(holdsDoNotDisrupt, [...nodes("a"), web("p", "a")], [remove(["a"])])).toEqual([]);
  expect(messages(holdsDoNotDisrupt, [...nodes("a"), web("p", "a", { metadata: { annotations } })], [remove(["a"])])).toHaveLength(1);
  const { node: kept } = node("a", { nodePool: "default" });
  expect(messages(holdsDoNotDisrupt, [{ ...kept, metadata: { ...kept.metadata, annotations } }], [remove(["a"])])).toHaveLength(1);
});

test("leavesNoPodHomeless wants a place for every pod but a daemon's", () => {
  const owned = { metadata: { ownerReferences: [{ apiVersion: "apps/v1", kind: "DaemonSet", name: "agent", uid: "u" }] } };
  const objects = [...nodes("a", "b"), web("p", "a"), web("agent", "a", owned)];
  expect(messages(leavesNoPodHomeless, objects, [remove(["a"])])).toEqual(["leavesNoPodHomeless: loses its place as Underutilized"]);
  expect(messages(leavesNoPodHomeless, objects, [remove(["a"], { existingNodes: [{ node: "b", pods: ["default/p"] }] })])).toEqual([]);
});

test("holdsPlacements sees a node that is filled beyond its capacity, and one that goes itself", () => {
  const objects = [...nodes("a", "b"), web("p", "a"), ...["q", "r", "s", "t"].map((name) => web(name, "b"))];
  expect(messages(holdsPlacements, objects, [remove(["a"], { existingNodes: [{ node: "b", pods: ["default/p"] }] })])).toEqual(["holdsPlacements: holdsCapacity: default/p and what runs there do not fit b"]);
  expect(messages(holdsPlacements, objects.slice(0, -1), [remove(["a"], { existingNodes: [{ node: "b", pods: ["default/p"] }] })])).toEqual([]);
});

test("holdsPlacements counts a pod that stays on a node that goes, until it is moved", () => {
  const spread = { topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "DoNotSchedule" as const, labelSelector: { matchLabels: { app: "web" } } }] };
  const elsewhere = node("b", { nodePool: "default", labels: { ...labels, "topology.kubernetes.io/zone": "zone-b" } }).objects;
  const waits = pod("new", { cpu: "1" }, { metadata: { labels: { app: "web" } }, spec: spread });
  const objects = [...nodes("a", "c"), ...elsewhere, web("stays", "a"), web("there", "b"), waits];
  const goes = (pods: readonly string[], sourceNodes: readonly string[] = ["a"]): string[] => messages(holdsPlacements, objects, [remove(sourceNodes, { reason: "Drifted", existingNodes: [{ node: "b", pods }] })]);
  expect(goes(["default/new"])).toEqual([]);
  expect(goes(["default/new", "default/stays"])).toEqual(["holdsPlacements: holdsSpread: skew over topology.kubernetes.io/zone is 2, more than 1"]);
  expect(goes(["default/new"], [])).toEqual([]);
  expect(messages(holdsPlacements, objects.filter(({ metadata }) => metadata.name !== "stays"), [remove(["a"], { existingNodes: [{ node: "b", pods: ["default/new"] }] })])).toHaveLength(1);
});

test("neverDearer takes the dearest machine a replacement may become", () => {
  const replacement = (instanceTypes: readonly string[], ...capacityTypes: readonly string[]) => ({ nodePool: "default", pods: ["default/p"], requests: {}, requirements: [{ key: "karpenter.sh/capacity-type", operator: "In" as const, values: capacityTypes }], instanceTypes, cheapestPrice: 0, labels: {}, annotations: {}, taints: [], startupTaints: [] });
  const objects = [...nodes("a"), web("p", "a")];
  const replace = (instanceTypes: readonly string[], ...capacityTypes: readonly string[]): string[] => messages(neverDearer, objects, [remove(["a"], { decision: "replace", replacements: [replacement(instanceTypes, ...capacityTypes)] })]);
  expect(replace(["m.1", "m.2"], "on-demand")).toEqual([]);
  expect(replace(["m.1", "m.8"], "on-demand")).toEqual(["neverDearer: cost 0.2 USD an hour, what replaces them up to 0.4"]);
  expect(replace(["m.8"], "spot", "on-demand")).toEqual([]);
});
