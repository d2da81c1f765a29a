import type { KubeObject, Pod } from "@groupless/api";
import { expect, test } from "vitest";
import { stable } from "../../../src/beyond/stable.ts";
import { subsetConsolidation } from "../../../src/beyond/subset.ts";
import { karpenterMethods } from "../../../src/methods/karpenter-methods.ts";
import { disrupt } from "../../../src/pass/evaluate.ts";
import { validate } from "../../../src/pass/validate.ts";
import { clusterOf, node, nodePool, pod } from "../../cluster-fixture.ts";
import { brief, prepared, turnOf } from "../../turn-fixture.ts";

type Objects = readonly (KubeObject | readonly KubeObject[])[];

const pinned = (name: string, nodeName: string, cpu: string, labels: Readonly<Record<string, string>> = {}): Pod => pod(name, nodeName, { cpu, labels, annotations: { "karpenter.sh/do-not-disrupt": "true" } });

test("a node goes whose pods first-fit would not get in, and the command says where they do", () => {
  // First-fit puts the 3 where there is room for 4, and one of the 2s is left over.
  const objects: Objects = [node("a", { size: "xlarge" }), pod("x", "a", { cpu: "3" }), pod("y", "a", { cpu: "2" }), pod("z", "a", { cpu: "2" }), node("b", { size: "xlarge" }), pinned("p", "b", "4"), node("c", { size: "xlarge" }), pinned("q", "c", "5")];
  expect(disrupt(prepared(clusterOf(objects)), { methods: karpenterMethods }).map(brief)).toEqual(["replace a > medium,large"]);
  const [command] = turnOf(subsetConsolidation(), clusterOf(objects)).commands;
  expect(command).toMatchObject({ decision: "delete", sourceNodes: ["a"], replacements: [] });
  expect(command?.existingNodes).toEqual([{ node: "b", pods: ["default/y", "default/z"] }, { node: "c", pods: ["default/x"] }]);
});

test("a command that says where pods go holds while they could go there", () => {
  const objects = (more: string): Objects => [node("a", { size: "xlarge" }), pod("x", "a", { cpu: "3" }), pod("y", "a", { cpu: "2" }), pod("z", "a", { cpu: "2" }), node("b", { size: "xlarge" }), pinned("p", "b", "4"), node("c", { size: "xlarge" }), pinned("q", "c", more)];
  const method = subsetConsolidation();
  const [command] = disrupt(prepared(clusterOf(objects("5"))), { methods: [method], afterWait: (before) => before });
  if (command === undefined) throw new Error("no command");
  expect(validate(command, prepared(clusterOf(objects("5"))), { methods: [method] })).toMatchObject({ command: { sourceNodes: ["a"] } });
  expect(validate(command, prepared(clusterOf(objects("6"))), { methods: [method] })).toEqual({ failure: "scheduling" });
  expect(disrupt(prepared(clusterOf(objects("5"))), { methods: [stable(method, [command])] })).toEqual([command]);
});

test("where the packer does not put a pod for its neighbours' sake, another place is found", () => {
  const apart = { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app: "lonely" } } }] } } };
  const objects: Objects = [
    node("a"), pod("first", "a", { cpu: "1", labels: { app: "lonely" }, spec: apart }), pod("second", "a", { cpu: "1" }),
    node("b", { size: "medium" }), pinned("p", "b", "1", { app: "lonely" }),
    node("c", { size: "medium" }), pinned("q", "c", "1"),
  ];
  const [command] = turnOf(subsetConsolidation(), clusterOf(objects)).commands;
  expect(command).toMatchObject({ decision: "delete", sourceNodes: ["a"] });
  expect(command?.existingNodes).toEqual([{ node: "b", pods: ["default/second"] }, { node: "c", pods: ["default/first"] }]);
});

test("nodes with taints, other labels or pods that came a moment ago take none", () => {
  const [cordoned, claim] = node("b", { size: "2xlarge" });
  const busy = node("c", { size: "2xlarge", lastPodEventTime: "2026-08-20T11:59:00Z" });
  const objects: Objects = [
    node("a"), pod("x", "a", { cpu: "1", spec: { nodeSelector: { disk: "fast" } } }), pod("y", "a", { cpu: "1" }),
    { ...cordoned, spec: { ...cordoned.spec, taints: [{ key: "special", effect: "NoSchedule" }] } }, claim, pinned("p", "b", "1"),
    busy, pinned("q", "c", "1"),
    node("d", { size: "medium", labels: { disk: "fast" } }), pinned("r", "d", "1"),
    node("e", { size: "medium" }), pinned("s", "e", "1"),
  ];
  const [command] = turnOf(subsetConsolidation(), clusterOf(objects, { nodePools: [nodePool({ consolidateAfter: "30m" })] })).commands;
  expect(command).toMatchObject({ decision: "delete", sourceNodes: ["a"] });
  expect(command?.existingNodes).toEqual([{ node: "d", pods: ["default/x"] }, { node: "e", pods: ["default/y"] }]);
});

test("room that pods who wait are going to have is left to them", () => {
  const objects: Objects = [node("a"), pod("x", "a", { cpu: "1" }), node("b"), pinned("p", "b", "2500m"), node("c"), pinned("q", "c", "2500m"), pod("waits", undefined, { cpu: "1" })];
  const [command] = turnOf(subsetConsolidation(), clusterOf(objects)).commands;
  expect(command?.existingNodes).toEqual([{ node: "b", pods: ["default/waits"] }, { node: "c", pods: ["default/x"] }]);
});

test("the dearer a move, the fewer pods move", () => {
  const dear = nodePool({ requirements: [{ key: "node.kubernetes.io/instance-type", operator: "In", values: ["2xlarge"] }, { key: "karpenter.sh/capacity-type", operator: "In", values: ["on-demand"] }] });
  const three = ["x", "y", "z"].map((name) => pod(name, "a", { cpu: "500m" }));
  const objects: Objects = [node("a", { size: "xlarge" }), ...three, node("b"), pod("p", "b", { cpu: "1" }), node("c"), pinned("q", "c", "2500m")];
  const sources = (moveUsdPerHour: number): readonly string[] => turnOf(subsetConsolidation({ moveUsdPerHour }), clusterOf(objects, { nodePools: [dear] })).commands.flatMap(({ sourceNodes }) => sourceNodes);
  expect(sources(0)).toEqual(["a"]);
  expect(sources(0.05)).toEqual(["b"]);
});
