import type { KubeObject, Pod, PodSpec } from "@groupless/api";
import type { Cluster, NewNodeClaim, Packing } from "@groupless/bin-packer";
import { type Invariant, bound, cluster, explainsEveryPod, holdsCapacity, holdsHostPorts, holdsLimits, holdsNodeAffinity, holdsPodAffinity, holdsPodAntiAffinity, holdsSpread, holdsTaints, holdsVolumes, node, nodePool, pod, violations } from "@groupless/testing";
import { expect, test } from "vitest";

const ZONE = "topology.kubernetes.io/zone";
const web = (name: string, spec: Partial<PodSpec> = {}, cpu = "100m"): Pod => pod(name, { cpu, memory: "64Mi" }, { metadata: { labels: { app: "web" } }, spec });
const own = { labelSelector: { matchLabels: { app: "web" } } };

function claim(pods: readonly Pod[], overrides: Partial<NewNodeClaim> = {}): NewNodeClaim {
  return { nodePool: "default", pods: pods.map(({ metadata }) => `default/${metadata.name}`), requests: {}, requirements: [], instanceTypes: ["m.4"], cheapestPrice: 0.1, labels: {}, annotations: {}, taints: [], startupTaints: [], ...overrides };
}

const inZone = (zone: string) => [{ key: ZONE, operator: "In" as const, values: [zone] }];

function packing(claims: readonly NewNodeClaim[], existingNodes: Packing["existingNodes"] = []): Packing {
  return { newNodeClaims: claims, existingNodes, podErrors: [], ignoredPods: [], priceUsdPerHour: 0 };
}

/** What the invariant says of these pods on these claims. */
function messages(invariant: Invariant, objects: readonly KubeObject[], answer: Packing, overrides: Partial<Cluster> = {}): string[] {
  return violations(cluster({ objects, ...overrides }), answer, [invariant]).map(({ message }) => message);
}

test("holdsCapacity sees a node over its allocatable, daemon pods and overhead included", () => {
  const [a, b] = [web("a", {}, "2"), web("b", {}, "1900m")];
  expect(messages(holdsCapacity, [a, b], packing([claim([a, b])]))).toEqual([]);
  const c = web("c", {}, "1901m");
  expect(messages(holdsCapacity, [a, c], packing([claim([a, c])]))).toEqual(["default/a, default/c and what runs there do not fit m.4"]);
  const agent = { ...pod("x"), kind: "DaemonSet", apiVersion: "apps/v1", spec: { template: { spec: { containers: [{ name: "x", resources: { requests: { cpu: "1m" } } }] } } } } as unknown as KubeObject;
  expect(messages(holdsCapacity, [a, b, agent], packing([claim([a, b])]))).toHaveLength(1);
});

test("holdsCapacity counts what already runs on an existing node", () => {
  const { objects } = node("n1", { allocatable: { cpu: "2", memory: "4Gi", pods: "10" } });
  const running = bound(web("old", {}, "1500m"), "n1");
  const fresh = web("new", {}, "600m");
  expect(messages(holdsCapacity, [...objects, running, fresh], packing([], [{ node: "n1", pods: ["default/new"] }]))).toHaveLength(1);
  expect(messages(holdsCapacity, [...objects, fresh], packing([], [{ node: "n1", pods: ["default/new"] }]))).toEqual([]);
});

test("holdsTaints sees an untolerated taint, and forgives a soft one", () => {
  const a = web("a");
  const taint = { key: "dedicated", value: "x", effect: "NoSchedule" as const };
  expect(messages(holdsTaints, [a], packing([claim([a], { taints: [taint] })]))).toEqual(["does not tolerate dedicated=x:NoSchedule"]);
  expect(messages(holdsTaints, [a], packing([claim([a], { taints: [{ ...taint, effect: "PreferNoSchedule" }] })]))).toEqual([]);
  const tolerant = web("a", { tolerations: [{ key: "dedicated", operator: "Equal", value: "x" }] });
  expect(messages(holdsTaints, [tolerant], packing([claim([tolerant], { taints: [taint] })]))).toEqual([]);
});

test("holdsNodeAffinity wants the selector to hold whatever offering is taken", () => {
  const a = web("a", { nodeSelector: { [ZONE]: "zone-a" } });
  expect(messages(holdsNodeAffinity, [a], packing([claim([a], { requirements: inZone("zone-a") })]))).toEqual([]);
  expect(messages(holdsNodeAffinity, [a], packing([claim([a])]))).toHaveLength(1);
});

test("holdsNodeAffinity accepts a node on which one of several terms holds", () => {
  const terms = [{ matchExpressions: [{ key: ZONE, operator: "In" as const, values: ["nowhere"] }] }, { matchExpressions: [{ key: "team", operator: "DoesNotExist" as const }] }];
  const a = web("a", { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } } });
  expect(messages(holdsNodeAffinity, [a], packing([claim([a])]))).toEqual([]);
  expect(messages(holdsNodeAffinity, [a], packing([claim([a], { labels: { team: "red" } })]))).toHaveLength(1);
});

test("holdsSpread counts pods a domain against the emptiest", () => {
  const spread = { topologySpreadConstraints: [{ maxSkew: 1, topologyKey: ZONE, whenUnsatisfiable: "DoNotSchedule" as const, ...own }] };
  const [a, b, c] = [web("a", spread), web("b", spread), web("c", spread)];
  expect(messages(holdsSpread, [a, b, c], packing([claim([a, b], { requirements: inZone("zone-a") }), claim([c], { requirements: inZone("zone-b") })]))).toEqual([]);
  const { objects } = node("n1", { labels: { [ZONE]: "zone-b" } });
  expect(messages(holdsSpread, [...objects, a, b], packing([claim([a, b], { requirements: inZone("zone-a") })]))).toEqual([`skew over ${ZONE} is 2, more than 1`, `skew over ${ZONE} is 2, more than 1`]);
});

test("holdsSpread does not blame a constraint for pods that came without it", () => {
  const spread = { topologySpreadConstraints: [{ maxSkew: 1, topologyKey: ZONE, whenUnsatisfiable: "DoNotSchedule" as const, ...own }] };
  const [a, b] = [web("a", spread), web("b")];
  const { objects } = node("n1", { labels: { [ZONE]: "zone-b" } });
  expect(messages(holdsSpread, [...objects, a, b], packing([claim([a, b], { requirements: inZone("zone-a") })]))).toEqual([]);
});

test("holdsSpread lets a domain that only a pod without the constraint brought into being come last", () => {
  const spread = { topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "team", whenUnsatisfiable: "DoNotSchedule" as const, ...own }] };
  const [a, b] = [web("a", spread), web("b", spread)];
  const late = pod("late", { cpu: "100m" }, { metadata: { labels: { app: "other" } }, spec: { nodeSelector: { team: "red" } } });
  const anyTeam = (requirements: readonly { key: string; operator: "Exists" | "In"; values?: readonly string[] }[]) => ({ nodePools: [nodePool("default", { template: { requirements } })] });
  const plan = packing([claim([a, b], { labels: { team: "blue" } }), claim([late], { labels: { team: "red" } })]);
  expect(messages(holdsSpread, [a, b, late], plan, anyTeam([{ key: "team", operator: "Exists" }]))).toEqual([]);
  // Named by the pool, red was there to be seen from the start.
  expect(messages(holdsSpread, [a, b, late], plan, anyTeam([{ key: "team", operator: "In", values: ["blue", "red"] }]))).toEqual(["skew over team is 2, more than 1", "skew over team is 2, more than 1"]);
});

test("holdsPodAntiAffinity speaks for the pod that is there already, too", () => {
  const apart = { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "kubernetes.io/hostname", ...own }] } } };
  const [a, b] = [web("a", apart), web("b")];
  expect(messages(holdsPodAntiAffinity, [a, b], packing([claim([a]), claim([b])]))).toEqual([]);
  expect(messages(holdsPodAntiAffinity, [a, b], packing([claim([a, b])]))).toHaveLength(2);
});

test("holdsPodAffinity lets the first of a group start it, and nobody else stand alone", () => {
  const near = (app: string) => ({ affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: ZONE, labelSelector: { matchLabels: { app } } }] } } });
  const [a, b] = [web("a", near("web")), web("b", near("db"))];
  expect(messages(holdsPodAffinity, [a], packing([claim([a])]))).toEqual([]);
  expect(messages(holdsPodAffinity, [b], packing([claim([b])]))).toHaveLength(1);
  const db = pod("db", {}, { metadata: { labels: { app: "db" } } });
  expect(messages(holdsPodAffinity, [b, db], packing([claim([b], { requirements: inZone("zone-a") }), claim([db], { requirements: inZone("zone-a") })]))).toEqual([]);
  expect(messages(holdsPodAffinity, [b, db], packing([claim([b], { requirements: inZone("zone-a") }), claim([db], { requirements: inZone("zone-b") })]))).toHaveLength(1);
});

test("holdsHostPorts sees two pods on one port of a node", () => {
  const port = { containers: [{ name: "main", ports: [{ containerPort: 80, hostPort: 80, protocol: "TCP" }] }] };
  const [a, b] = [web("a", port), web("b", port)];
  expect(messages(holdsHostPorts, [a, b], packing([claim([a]), claim([b])]))).toEqual([]);
  expect(messages(holdsHostPorts, [a, b], packing([claim([a, b])]))).toEqual(["asks for a host port that default/a holds"]);
});

test("holdsVolumes keeps a pod in its volume's zone", () => {
  const volume: KubeObject = { apiVersion: "v1", kind: "PersistentVolume", metadata: { name: "pv" }, spec: { csi: { driver: "ebs.csi.aws.com" }, nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: inZone("zone-a") }] } } } };
  const volumeClaim: KubeObject = { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "data", namespace: "default" }, spec: { volumeName: "pv" } };
  const a = web("a", { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }] });
  expect(messages(holdsVolumes, [volume, volumeClaim, a], packing([claim([a], { requirements: inZone("zone-a") })]))).toEqual([]);
  expect(messages(holdsVolumes, [volume, volumeClaim, a], packing([claim([a], { requirements: inZone("zone-b") })]))).toEqual(["its volume pv cannot be reached from there"]);
});

test("holdsLimits weighs a claim by the largest of its types", () => {
  const nodePools = [nodePool("default", { spec: { limits: { cpu: "10" } } })];
  const a = web("a");
  expect(messages(holdsLimits, [a], packing([claim([a], { instanceTypes: ["m.4", "m.8"] })]), { nodePools })).toEqual([]);
  expect(messages(holdsLimits, [a], packing([claim([a], { instanceTypes: ["m.4", "m.16"] })]), { nodePools })).toEqual(["NodePool default may exceed its cpu limit of 10: -6 left"]);
});

test("explainsEveryPod misses nobody and counts nobody twice", () => {
  const [a, b] = [web("a"), web("b")];
  expect(messages(explainsEveryPod, [a, b], packing([claim([a, b])]))).toEqual([]);
  expect(messages(explainsEveryPod, [a, b], packing([claim([a])]))).toEqual(["waits for a node and is neither placed nor refused"]);
  expect(messages(explainsEveryPod, [a], packing([claim([a]), claim([a])]))).toEqual(["is answered 2 times"]);
  expect(messages(explainsEveryPod, [], packing([claim([a])]))).toEqual(["is answered but not in the cluster"]);
});
