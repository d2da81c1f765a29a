import type { KubeObject } from "@groupless/api";
import type { Cluster } from "@groupless/bin-packer";
import { describe, expect, test } from "vitest";
import { drift } from "../../src/methods/drift.ts";
import { multiNodeConsolidation } from "../../src/methods/multi-node.ts";
import { singleNodeConsolidation } from "../../src/methods/single-node.ts";
import { disrupt, evaluate } from "../../src/pass/evaluate.ts";
import { catalog, clusterOf, drifted, instanceType, node, nodePool, pod, podDisruptionBudget } from "../cluster-fixture.ts";
import { brief, briefs, messagesOf, prepared, turnOf } from "../turn-fixture.ts";

const ANY_CAPACITY = { requirements: [{ key: "karpenter.sh/capacity-type", operator: "In" as const, values: ["on-demand", "spot"] }] };
const spotGate = { options: { featureGates: { SpotToSpotConsolidation: true } } };
const manyTypes = Array.from({ length: 20 }, (_, i) => instanceType(`t${String(i).padStart(2, "0")}`, { price: 0.01 + i * 0.005, cpu: 4 }));
const single = (objects: readonly (KubeObject | readonly KubeObject[])[], changes: Partial<Cluster> = {}): readonly string[] => briefs(singleNodeConsolidation, clusterOf(objects, changes));
const multi = (objects: readonly (KubeObject | readonly KubeObject[])[], changes: Partial<Cluster> = {}): readonly string[] => briefs(multiNodeConsolidation, clusterOf(objects, changes));
const said = (objects: readonly (KubeObject | readonly KubeObject[])[], changes: Partial<Cluster> = {}, name = "a"): readonly string[] => messagesOf(turnOf(singleNodeConsolidation, clusterOf(objects, changes)), `Node/${name}`);

describe("one node", () => {
  test("D-050 D-060 is replaced by any type that is cheaper at its worst", () => {
    expect(single([node("a", { size: "xlarge" }), pod("p", "a")])).toEqual(["replace a > small,medium,large"]);
    const dearZone = catalog.map((type) => (type.name === "large" ? { ...type, offerings: type.offerings.map((offering, i) => (i === 2 ? { ...offering, price: 0.2 } : offering)) } : type));
    expect(single([node("a", { size: "xlarge" }), pod("p", "a")], { instanceTypes: { "*": dearZone } })).toEqual(["replace a > small,medium"]);
  });

  test("D-051 is deleted when its pods fit elsewhere", () => {
    expect(single([node("a", { size: "xlarge" }), pod("p", "a"), node("b", { size: "small" }), pod("q", "b", { cpu: "500m" }), node("c", { size: "2xlarge" }), pod("r", "c", { cpu: "15" })])).toEqual(["delete a"]);
  });

  test("D-052 may give its pods to nodes that are not Karpenter's", () => {
    const [foreign] = node("z", { size: "2xlarge" });
    const others = { ...foreign, metadata: { name: "z", labels: { "kubernetes.io/hostname": "z" } }, spec: { providerID: "other:///z" } };
    expect(single([node("a"), pod("p", "a"), others])).toEqual(["delete a"]);
  });

  test("D-053 pods without an owner move too", () => {
    expect(single([node("a", { size: "xlarge" }), pod("p", "a", { owner: "" })])).toEqual(["replace a > small,medium,large"]);
  });

  test("D-054 does not lean on a node that is not initialized", () => {
    expect(said([node("a", { size: "small" }), pod("p", "a", { cpu: "500m" }), node("b", { initialized: false })])).toEqual(["Not all pods would schedule, default/p => would schedule against uninitialized nodeclaim/claim-b, node/b "]);
  });

  test("D-055 prefers initialized nodes for its pods", () => {
    const [command] = turnOf(singleNodeConsolidation, clusterOf([node("a", { size: "2xlarge" }), pod("p", "a"), node("b", { initialized: false }), node("c"), pod("q", "c")])).commands;
    expect(command?.existingNodes).toEqual([{ node: "c", pods: ["default/p"] }]);
  });

  test("D-056 D-057 is not kept by a pod that waits anyhow, but by one that would have to", () => {
    const impossible = pod("waiting", undefined, { cpu: "100" });
    expect(single([node("a", { size: "xlarge" }), pod("p", "a"), impossible])).toEqual(["replace a > small,medium,large"]);
    expect(said([node("a"), pod("p", "a", { spec: { nodeSelector: { "kubernetes.io/hostname": "a" } } })])[0]).toMatch(/^Not all pods would schedule, default\/p => /);
  });

  test("D-058 other pools may be broken", () => {
    const broken = { ...nodePool({ name: "broken" }), status: { conditions: [{ type: "Ready", status: "False" as const }] } };
    expect(single([node("a", { size: "xlarge" }), pod("p", "a")], { nodePools: [nodePool(), broken, nodePool({ name: "bare" })], instanceTypes: { "*": catalog, bare: [] } })).toEqual(["replace a > small,medium,large"]);
  });

  test("D-059 D-039 a node in its quiet time is neither taken nor filled, except by drift", () => {
    const pools = [nodePool({ consolidateAfter: "1h" })];
    const recent = { lastPodEventTime: "2026-08-20T11:59:00Z" };
    const target = node("b", { ...recent, conditions: [] });
    expect(single([node("a", { size: "small" }), pod("p", "a", { cpu: "500m" }), target, pod("q", "b")], { nodePools: pools })).toEqual([]);
    expect(single([node("a", { size: "small" }), pod("p", "a", { cpu: "500m" }), node("b"), pod("q", "b")], { nodePools: pools })).not.toEqual([]);
    expect(briefs(drift, clusterOf([node("a", { conditions: drifted() }), pod("p", "a"), target], { nodePools: pools }))).toEqual(["delete a"]);
  });

  test("D-061 on-demand becomes spot where spot is allowed, and then spot only", () => {
    const [command] = turnOf(singleNodeConsolidation, clusterOf([node("a", { size: "small" }), pod("p", "a", { cpu: "500m" })], { nodePools: [nodePool(ANY_CAPACITY)] })).commands;
    expect(command?.replacements[0]?.instanceTypes).toEqual(["small", "medium"]);
    expect(command?.replacements[0]?.requirements.find(({ key }) => key === "karpenter.sh/capacity-type")?.values).toEqual(["spot"]);
  });

  test("D-062 what a budget of one keeps, others may still go", () => {
    const objects = [node("a", { size: "2xlarge" }), pod("p", "a"), node("b", { size: "xlarge" }), pod("q", "b", { labels: { app: "free" } }), podDisruptionBudget("b", 0)];
    expect(single(objects)).toEqual(["delete b"]);
  });

  test("D-063 spread is kept in the simulation", () => {
    const spread = { topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "DoNotSchedule" as const, labelSelector: { matchLabels: { app: "web" } } }] };
    const objects = ["a", "b", "c"].flatMap((name) => [...node(name, { size: "small" }), pod(`p-${name}`, name, { cpu: "300m", spec: spread })]);
    expect(single(objects)).toEqual([]);
  });

  test("D-072 D-071 minValues that the cheaper types do not meet keep it, whatever the policy for scheduling", () => {
    const pools = [nodePool({ requirements: [...(nodePool().spec.template.spec.requirements ?? []), { key: "node.kubernetes.io/instance-type", operator: "Exists", minValues: 3 }] })];
    const objects = [node("a", { size: "large" }), pod("p", "a", { cpu: "100m" })];
    const message = ["Filtering by price: minValues requirement is not met for label(s) (label(s)=[node.kubernetes.io/instance-type])"];
    expect(said(objects, { nodePools: pools })).toEqual(message);
    expect(said(objects, { nodePools: pools, options: { minValuesPolicy: "BestEffort" } })).toEqual(message);
  });

  test("D-073 preferences that would keep it are ignored if told so", () => {
    const prefers = { affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "NotIn" as const, values: ["b"] }] } }] } } };
    const objects = [node("a", { size: "small" }), pod("p", "a", { cpu: "500m", spec: prefers }), node("b", { annotations: { "karpenter.sh/do-not-disrupt": "true" } }), pod("q", "b")];
    expect(single(objects)).toEqual([]);
    expect(single(objects, { options: { preferencePolicy: "Ignore" } })).toEqual(["delete a"]);
  });

  test("D-074 moves into a reservation that is cheaper", () => {
    const reserved = (size: string): ReturnType<typeof instanceType> => {
      const type = instanceType(size, { capacityTypes: ["on-demand"] });
      const [offering] = type.offerings;
      const requirement = { key: "karpenter.sh/capacity-type", operator: "In" as const, values: ["reserved"] };
      const free = { ...offering, requirements: [requirement, { key: "topology.kubernetes.io/zone", operator: "In" as const, values: ["zone-a"] }, { key: "capacity-reservation-id", operator: "In" as const, values: ["cr-1"] }], price: 0.0001, available: true, reservationCapacity: 3 };
      return { ...type, requirements: type.requirements.map((other) => (other.key === requirement.key ? { ...other, values: ["on-demand", "reserved"] } : other)), offerings: [...type.offerings, free] };
    };
    const pools = [nodePool({ requirements: [{ key: "karpenter.sh/capacity-type", operator: "In", values: ["on-demand", "reserved"] }] })];
    const [command] = turnOf(singleNodeConsolidation, clusterOf([node("a"), pod("p", "a", { cpu: "3" })], { nodePools: pools, instanceTypes: { "*": [reserved("large")] }, wellKnownLabels: ["capacity-reservation-id"], options: { reservationIDLabel: "capacity-reservation-id" } })).commands;
    expect(command?.replacements[0]?.requirements.find(({ key }) => key === "karpenter.sh/capacity-type")?.values).toEqual(["reserved"]);
  });

  test("D-079 pools take turns, and those that had none last time come first", () => {
    const pools = [nodePool({ name: "x" }), nodePool({ name: "y" })];
    const objects = [node("a", { pool: "x", size: "2xlarge" }), pod("p", "a"), node("b", { pool: "y", size: "xlarge" }), pod("q", "b")];
    const firstOf = (firstNodePools: readonly string[]): string | undefined => turnOf(singleNodeConsolidation, clusterOf(objects, { nodePools: pools }), { firstNodePools }).commands[0]?.sourceNodes[0];
    expect([firstOf([]), firstOf(["y"])]).toEqual(["a", "b"]);
  });

  test("D-083 D-084 a node with pending pods about is replaced by one that has room for them", () => {
    const objects = [node("a", { size: "2xlarge" }), pod("p", "a"), pod("waiting", undefined, { cpu: "3" })];
    expect(turnOf(singleNodeConsolidation, clusterOf(objects)).commands.map(({ replacements }) => replacements.map(({ pods, instanceTypes }) => [pods, instanceTypes]))).toEqual([[[["default/p", "default/waiting"], ["large", "xlarge"]]]]);
  });

  test("two nodes in its place are one too many", () => {
    const apart = { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app: "web" } } }] } } };
    expect(said([node("a", { size: "2xlarge" }), pod("p", "a", { spec: apart }), pod("q", "a", { spec: apart })])).toEqual(["Can't remove without creating 2 candidates"]);
  });

  test("nothing cheaper keeps it", () => {
    expect(said([node("a", { size: "small" }), pod("p", "a", { cpu: "500m" })])).toEqual(["Can't replace with a cheaper node"]);
  });
});

describe("spot for spot", () => {
  const objects = [node("a", { size: "t19", capacityType: "spot" }), pod("p", "a")];
  const pools = [nodePool({ requirements: [{ key: "karpenter.sh/capacity-type", operator: "In", values: ["spot"] }] })];
  const changes = { nodePools: pools, instanceTypes: { "*": manyTypes } };

  test("D-065 needs its gate", () => {
    expect(said(objects, changes)).toEqual(["SpotToSpotConsolidation is disabled, can't replace a spot node with a spot node"]);
  });

  test("D-066 needs fifteen cheaper types", () => {
    expect(said([node("a", { size: "t14", capacityType: "spot" }), pod("p", "a")], { ...changes, ...spotGate })).toEqual(["SpotToSpotConsolidation requires 15 cheaper instance type options than the current candidate to consolidate, got 14"]);
  });

  test("D-067 D-068 D-069 launches the fifteen cheapest, so that what comes is among them", () => {
    const shuffled = { ...changes, instanceTypes: { "*": [...manyTypes].reverse() }, ...spotGate };
    expect(single(objects, shuffled)).toEqual([`replace a > ${manyTypes.slice(0, 15).map(({ name }) => name).join(",")}`]);
    const flexible = [nodePool({ requirements: [...(pools[0]?.spec.template.spec.requirements ?? []), { key: "node.kubernetes.io/instance-type", operator: "Exists", minValues: 17 }] })];
    expect(turnOf(singleNodeConsolidation, clusterOf(objects, { ...shuffled, nodePools: flexible })).commands[0]?.replacements[0]?.instanceTypes).toHaveLength(17);
  });

  test("D-075 several nodes merge without such a minimum", () => {
    const two = ["a", "b"].flatMap((name) => [...node(name, { size: "t03", capacityType: "spot" }), pod(`p-${name}`, name)]);
    expect(multi(two, { ...changes, ...spotGate })).toEqual(["replace a,b > t00,t01,t02"]);
  });
});

describe("several nodes", () => {
  const three = ["a", "b", "c"].flatMap((name) => [...node(name, { size: "large" }), pod(`p-${name}`, name)]);

  test("D-075 become one, if it is cheaper than all of them and not of their kind", () => {
    expect(multi(three)).toEqual(["delete a,b"]);
    const two = ["a", "b"].flatMap((name) => [...node(name, { size: "xlarge" }), pod(`p-${name}`, name, { cpu: "2" })]);
    expect(multi(two)).toEqual(["replace a,b > large"]);
  });

  test("D-070 are not replaced by what keeping one of them would do", () => {
    const objects = [node("a", { size: "2xlarge" }), pod("p", "a", { cpu: "2500m" }), node("b", { size: "2xlarge" }), pod("q", "b", { cpu: "100m" })];
    expect(multi(objects)).toEqual(["replace a,b > large,xlarge"]);
    expect(multi([...objects, node("c", { size: "large" }), pod("r", "c", { cpu: "1" })])).not.toContain("replace a,b,c > large,xlarge");
  });

  test("D-076 are searched for by halves, at most 101 of them", () => {
    const many = Array.from({ length: 110 }, (_, i) => [...node(`n${String(i).padStart(3, "0")}`, { size: "small" }), pod(`p${i}`, `n${String(i).padStart(3, "0")}`, { cpu: "10m" })]).flat();
    const [foreign] = node("z", { size: "2xlarge" });
    const host = { ...foreign, metadata: { name: "z", labels: { "kubernetes.io/hostname": "z" } }, spec: { providerID: "other:///z" } };
    expect(turnOf(multiNodeConsolidation, clusterOf([...many, host])).commands[0]?.sourceNodes).toHaveLength(101);
  });

  test("D-078 only as many as budgets let go, and the others are kept in mind", () => {
    const one = turnOf(multiNodeConsolidation, clusterOf(three, { nodePools: [nodePool({ budgets: [{ nodes: "1" }] })] }));
    expect(one).toMatchObject({ commands: [], settled: false });
  });
});

describe("what holds after the wait", () => {
  const objects = [node("a", { size: "xlarge" }), pod("p", "a")];
  const after = (change: (cluster: Cluster) => Partial<Cluster>): readonly string[] => {
    const report = turnOf(singleNodeConsolidation, clusterOf(objects), { afterWait: ({ cluster, nowMs }) => prepared({ ...cluster, ...change(cluster) }, nowMs + 15_000) });
    return [...report.commands.map(brief), ...messagesOf(report, "Node/a").filter((message) => message.startsWith("Consolidation rejected"))];
  };
  const rejected = (kind: string): readonly string[] => [`Consolidation rejected: replace: [a] -> [1 replacement], reason: ${kind} (savings: $0.14)`];

  test("is carried out", () => {
    expect(after(() => ({}))).toEqual(["replace a > small,medium,large"]);
  });

  test("D-080 D-143 not if its pods would now need another node, or another type", () => {
    expect(after(({ objects: before }) => ({ objects: [...before, pod("q", "a", { cpu: "6" })] }))).toEqual(rejected("scheduling"));
    expect(after(({ instanceTypes }) => ({ instanceTypes: { "*": (instanceTypes["*"] ?? []).filter(({ name }) => name !== "small") } }))).toEqual(rejected("scheduling"));
  });

  test("D-081 D-082 not if one of its pods may no longer be moved", () => {
    expect(after(({ objects: before }) => ({ objects: [...before, pod("q", "a", { annotations: { "karpenter.sh/do-not-disrupt": "true" } })] }))).toEqual(rejected("churn"));
    expect(after(({ objects: before }) => ({ objects: [...before, podDisruptionBudget("b", 0)] }))).toEqual(rejected("churn"));
  });

  test("D-143 not if budgets have closed", () => {
    expect(after(() => ({ nodePools: [nodePool({ budgets: [{ nodes: "0" }] })] }))).toEqual(rejected("budget"));
  });

  test("D-077 single-node consolidation still has its turn after a group that no longer holds", () => {
    const cluster = clusterOf(["a", "b"].flatMap((name) => [...node(name, { size: "xlarge" }), pod(`p-${name}`, name, { cpu: "5" })]));
    let waits = 0;
    const { methods } = evaluate(prepared(cluster), { afterWait: ({ cluster: before, nowMs }) => prepared(waits++ === 0 ? { ...before, nominated: ["aws:///zone-a/i-b"] } : before, nowMs + 15_000) });
    expect(methods.map(({ method }) => method)).toContain("SingleNodeConsolidation");
  });
});

test("D-064 D-085 what is beyond a pod's node is the packer's: volumes pinned to the host do not keep it", () => {
  const claim = { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "data", namespace: "default", uid: "c" }, spec: { volumeName: "pv", storageClassName: "local" } } as unknown as KubeObject;
  const volume = {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: "pv", uid: "v" },
    spec: { storageClassName: "local", local: { path: "/data" }, nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: ["a"] }] }] } } },
  } as unknown as KubeObject;
  const bound = pod("p", "a", { spec: { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }] } });
  expect(single([node("a", { size: "xlarge" }), bound, claim, volume])).toEqual(["replace a > small,medium,large"]);
});

test("disrupt answers with the commands of the first method that has any", () => {
  expect(disrupt(prepared(clusterOf([node("a", { size: "xlarge" }), pod("p", "a")]))).map(({ method, decision }) => [method, decision])).toEqual([["SingleNodeConsolidation", "replace"]]);
});
