import type { DaemonSet, PodSpec } from "@groupless/api";
import { expect, test } from "vitest";
import { CAPACITY_TYPE, errors, groups, is, node, packed, pod, pods, pool, type, TYPES, valuesOf, ZONE } from "../build.ts";

function daemonSet(name: string, spec: Partial<PodSpec> = {}, requests: Record<string, string> = { cpu: "100m" }, limits?: Record<string, string>): DaemonSet {
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name, namespace: "kube-system", uid: name },
    spec: { template: { spec: { containers: [{ name: "main", resources: { requests, ...(limits === undefined ? {} : { limits }) } }], ...spec } } },
  };
}
const required = (...terms: { key: string; operator: "In" | "NotIn"; values: string[] }[][]): Partial<PodSpec> => ({ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms.map((matchExpressions) => ({ matchExpressions })) } } } });
const requests = (objects: Parameters<typeof packed>[0], rest: Parameters<typeof packed>[1] = {}): Record<string, string> | undefined => packed(objects, rest).newNodeClaims[0]?.requests as never;

test("P-089 P-090 types that would go beyond what limits leave are not used, whatever the resource", () => {
  expect(packed([pod("one")], { nodePools: [pool("default", { limits: { cpu: "4" } })] }).newNodeClaims[0]?.instanceTypes).toEqual(["small", "arm", "medium"]);
  expect(errors(packed([pod("one")], { nodePools: [pool("default", { limits: { memory: "4Gi" } })] }))).toEqual({ one: "limits" });
  const gpu = { instanceTypes: { "*": [type("gpu", 8, { capacity: { "nvidia.com/gpu": "4" } })] } };
  expect(errors(packed([pod("one", { requests: { "nvidia.com/gpu": "1" } })], { ...gpu, nodePools: [pool("default", { limits: { "nvidia.com/gpu": "3" } })] }))).toEqual({ one: "limits" });
});

test("P-091 nodes of the pool use up its limits", () => {
  const rest = { nodePools: [pool("default", { limits: { cpu: "6" } })] };
  const big = pod("one", { cpu: "3900m", memory: "15Gi" });
  expect(errors(packed([...node("n", { pool: "default" }), pod("on", { nodeName: "n", cpu: "3" }), big], rest))).toEqual({ one: "no-instance-type:resources" });
  expect(errors(packed([big], rest))).toEqual({});
});

test("P-092 each new node is counted as the largest it may become, so a batch may need several rounds", () => {
  const apart = pods(3, "p", { labels: { app: "p" }, affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app: "p" } } }] } } });
  const found = packed(apart, { nodePools: [pool("default", { limits: { cpu: "8" } })] });
  expect(found.newNodeClaims).toHaveLength(2);
  expect(Object.values(errors(found))).toEqual(["limits"]);
});

test("P-093 P-094 a pool at its limit of nodes makes none; one batch may still pass it, as in Karpenter", () => {
  const rest = { nodePools: [pool("default", { limits: { nodes: "1" } })] };
  expect(errors(packed([...node("n", { pool: "default", cpu: "1" }), pod("one", { cpu: "2" })], rest))).toEqual({ one: "node-limit" });
  expect(packed(pods(2, "p", { cpu: "10" }), rest).newNodeClaims).toHaveLength(2);
});

test("P-095 P-101 daemons take room on new nodes and are counted once, at their least over the types", () => {
  expect(requests([daemonSet("agent"), pod("one")])).toEqual({ cpu: "600m", memory: "512Mi", pods: "2" });
  expect(requests([daemonSet("agent"), pod("a"), pod("b")])).toEqual({ cpu: "1100m", memory: "1Gi", pods: "3" });
  expect(packed([daemonSet("agent", {}, { cpu: "1600m" }), pod("one")]).newNodeClaims[0]?.instanceTypes).not.toContain("small");
});

test("P-096 daemons count only on the types they run on", () => {
  const onArm = daemonSet("agent", { nodeSelector: { "kubernetes.io/arch": "arm64" } }, { cpu: "3900m" });
  expect(packed([onArm, pod("one", { cpu: "1" })]).newNodeClaims[0]?.instanceTypes).toEqual(["small", "medium", "large"]);
});

test("P-097 daemons that do not tolerate the pool's taints or ask for labels it lacks do not count", () => {
  const taints = [{ key: "team", value: "a", effect: "NoSchedule" as const }];
  const tolerant = pod("one", { tolerations: [{ key: "team", operator: "Exists" }] });
  expect(requests([daemonSet("agent"), tolerant], { nodePools: [pool("default", {}, { taints })] })).toEqual({ cpu: "500m", memory: "512Mi", pods: "1" });
  expect(requests([daemonSet("agent", { nodeSelector: { team: "b" } }), pod("one")])).toEqual({ cpu: "500m", memory: "512Mi", pods: "1" });
  expect(requests([daemonSet("agent", { nodeSelector: { team: "b" } }), pod("one")], { nodePools: [pool("default", {}, {}, { team: "b" })] })).toMatchObject({ cpu: "600m" });
  expect(requests([daemonSet("agent", required([{ key: "team", operator: "NotIn", values: ["b"] }])), pod("one")])).toMatchObject({ cpu: "600m" });
});

test("P-098 any required term of a daemon will do, soft taints do not keep it away, preferences do not matter", () => {
  const either = required([{ key: "kubernetes.io/arch", operator: "In", values: ["s390x"] }], [{ key: "kubernetes.io/os", operator: "In", values: ["linux"] }]);
  expect(requests([daemonSet("agent", either), pod("one")])).toMatchObject({ cpu: "600m" });
  const soft = [{ key: "soft", effect: "PreferNoSchedule" as const }];
  expect(requests([daemonSet("agent"), pod("one")], { nodePools: [pool("default", {}, { taints: soft })] })).toMatchObject({ cpu: "600m" });
});

test("P-099 the newest pod of a daemon set says what it needs, under its template's node affinity", () => {
  const owner = { ownerReferences: [{ apiVersion: "apps/v1", kind: "DaemonSet", name: "agent", uid: "agent", controller: true }] };
  const running = pod("agent-x", { namespace: "kube-system", cpu: "300m", nodeName: "elsewhere", metadata: owner, status: { phase: "Running" } });
  expect(requests([daemonSet("agent"), running, pod("one")])).toMatchObject({ cpu: "800m" });
});

test("P-100 a daemon's limits stand in for requests it does not make", () => {
  expect(requests([daemonSet("agent", {}, {}, { cpu: "200m" }), pod("one")])).toMatchObject({ cpu: "700m" });
});

test("P-102 a node keeps room for daemons yet to come, and gives none for those it did not expect", () => {
  expect(packed([daemonSet("agent", {}, { cpu: "3800m" }), ...node("n"), pod("one")]).existingNodes).toEqual([]);
  const owner = { ownerReferences: [{ apiVersion: "apps/v1", kind: "DaemonSet", name: "agent", uid: "agent", controller: true }] };
  const arrived = pod("agent-x", { namespace: "kube-system", cpu: "3", nodeName: "n", metadata: owner, status: { phase: "Running" } });
  expect(packed([daemonSet("agent", {}, { cpu: "3" }), arrived, ...node("n"), pod("one")]).existingNodes).toHaveLength(1);
  expect(packed([arrived, ...node("n"), pod("one", { cpu: "1500m" })]).existingNodes).toEqual([]);
});

test("P-041 P-040 host ports are taken once a node, by daemons too", () => {
  const port = { ports: [8080] };
  expect(packed([pod("a", port), pod("b", port)]).newNodeClaims).toHaveLength(2);
  const daemon = daemonSet("agent");
  const holding = { ...daemon, spec: { template: { spec: { containers: [{ name: "main", ports: [{ hostPort: 8080, protocol: "TCP" }] }] } } } };
  expect(errors(packed([holding, pod("a", port)]))).toEqual({ a: "no-instance-type:requirements,resources,offering" });
});

test("P-062 P-061 minValues asks for variety among the types that are left", () => {
  const varied = [{ ...is("node.kubernetes.io/instance-type", "small", "medium", "large"), minValues: 3 }];
  const rest = { nodePools: [pool("default", {}, { requirements: varied })] };
  expect(packed([pod("one")], rest).newNodeClaims[0]?.instanceTypes).toHaveLength(3);
  expect(errors(packed([pod("one", { cpu: "3" })], rest))).toEqual({ one: "min-values" });
});

test("P-063 P-064 under BestEffort the floor gives way before a lighter pool is tried, and the claim says so", () => {
  const varied = [{ ...is("node.kubernetes.io/instance-type", "small", "medium", "large"), minValues: 3 }];
  const found = packed([pod("one", { cpu: "3" })], { nodePools: [pool("varied", { weight: 9 }, { requirements: varied }), pool("plain")], options: { minValuesPolicy: "BestEffort" } });
  expect(found.newNodeClaims[0]).toMatchObject({ nodePool: "varied", annotations: { "karpenter.sh/nodeclaim-min-values-relaxed": "true" } });
  expect(found.newNodeClaims[0]?.requirements.find(({ minValues }) => minValues !== undefined)?.minValues).toBe(2);
});

test("P-058 P-059 only the cheapest types are kept, and their pods fail if that costs the variety asked for", () => {
  expect(packed([pod("one")], { options: { maxInstanceTypes: 2 } }).newNodeClaims[0]?.instanceTypes).toEqual(["small", "arm"]);
  const varied = [{ ...is("node.kubernetes.io/instance-type", "small", "medium", "large"), minValues: 3 }];
  expect(errors(packed([pod("one")], { nodePools: [pool("default", {}, { requirements: varied })], options: { maxInstanceTypes: 2 } }))).toEqual({ one: "min-values-truncated" });
});

test("P-060 a claim lists the capacity types its types can be had in", () => {
  const found = packed([pod("one")], { instanceTypes: { "*": [type("od", 4, { capacityTypes: ["on-demand"] })] } });
  expect(valuesOf(found, CAPACITY_TYPE)).toEqual(["on-demand"]);
});

const reservedType = (capacity: number) =>
  type("held", 4, {
    capacityTypes: ["reserved", "on-demand"],
    offerings: [
      { requirements: [is(ZONE, "zone-a"), is(CAPACITY_TYPE, "reserved"), is("example.com/reservation", "r-1")], price: 0.0001, available: true, reservationCapacity: capacity },
      { requirements: [is(ZONE, "zone-a"), is(CAPACITY_TYPE, "on-demand")], price: 0.4, available: true },
    ],
  });
const reserving = (capacity: number) => ({ instanceTypes: { "*": [reservedType(capacity)] }, wellKnownLabels: ["example.com/reservation"], options: { reservationIDLabel: "example.com/reservation" } });

test("P-145 P-147 P-149 a reservation is used as often as it has instances, with as many pods a node as fit", () => {
  const found = packed(pods(4, "p", { cpu: "1900m" }), reserving(2));
  expect(groups(found)).toHaveLength(2);
  expect(valuesOf(found, CAPACITY_TYPE)).toEqual(["reserved", "reserved"]);
});

test("P-146 P-148 while a reservation suits a pod it waits for one rather than fall back, and gives up no preference for it", () => {
  const found = packed(pods(3, "p", { cpu: "3" }), { ...reserving(1), nodePools: [pool("b-first"), pool("a-second")] });
  expect(found.newNodeClaims).toHaveLength(1);
  expect(Object.values(errors(found))).toEqual(["reserved-capacity", "reserved-capacity"]);
  expect(packed(pods(3, "p", { cpu: "3" }), reserving(1), { purpose: "disruption" }).newNodeClaims).toHaveLength(3);
});

test("P-150 a claim that holds reservations is bound to them", () => {
  expect(packed([pod("one")], reserving(1)).newNodeClaims[0]?.requirements).toEqual(expect.arrayContaining([is(CAPACITY_TYPE, "reserved"), is("example.com/reservation", "r-1")]));
});

test("P-151 P-152 P-153 a claim carries the pool's labels, taints and annotations, its pods by name, and values for labels of the user's own", () => {
  const template = { taints: [{ key: "t", effect: "NoSchedule" as const }], startupTaints: [{ key: "s", effect: "NoSchedule" as const }], requirements: [is("team", "a")] };
  const found = packed([pod("one", { tolerations: [{ operator: "Exists" }] })], { nodePools: [pool("default", {}, template, { tier: "web" })] });
  expect(found.newNodeClaims[0]).toMatchObject({ pods: ["default/one"], labels: { "karpenter.sh/nodepool": "default", "karpenter.k8s.aws/ec2nodeclass": "default", tier: "web", team: "a" }, taints: template.taints, startupTaints: template.startupTaints, annotations: { "karpenter.sh/nodepool-hash-version": "v3" } });
  expect(found.newNodeClaims[0]?.labels).not.toHaveProperty(ZONE);
});

test("P-088 a claim carries the hash of its pool's template as it was when decided", () => {
  const hash = (taints: NonNullable<Parameters<typeof pool>[2]>["taints"]) => packed([pod("one", { tolerations: [{ operator: "Exists" }] })], { nodePools: [pool("default", {}, taints === undefined ? {} : { taints })] }).newNodeClaims[0]?.annotations["karpenter.sh/nodepool-hash"];
  expect(hash(undefined)).toMatch(/^\d+$/);
  expect(hash([{ key: "t", effect: "NoSchedule" }])).not.toBe(hash(undefined));
});

test("P-053 P-068 a pool no type suits makes no nodes; without another pods are told so", () => {
  expect(errors(packed([pod("one")], { nodePools: [pool("default", {}, { requirements: [is("kubernetes.io/arch", "riscv")] })] }))).toEqual({ one: "no-compatible-nodepool" });
  expect(errors(packed([pod("one")], { instanceTypes: { "*": TYPES.slice(0, 0) } }))).toEqual({ one: "no-compatible-nodepool" });
});

test("P-056 an offering may hold more than its type says", () => {
  const wide = type("wide", 4, { offerings: [{ requirements: [is(ZONE, "zone-a"), is(CAPACITY_TYPE, "on-demand")], price: 1, available: true, capacityOverride: { cpu: "4" } }] });
  expect(errors(packed([pod("one", { cpu: "7" })], { instanceTypes: { "*": [wide] } }))).toEqual({});
});

test("amounts beyond 2^53 are kept exactly", () => {
  const most = "9007199254740993";
  const huge = type("huge", 4, { capacity: { "example.com/units": most } });
  const found = packed([pod("one", { requests: { "example.com/units": most } })], { instanceTypes: { "*": [huge] } });
  expect(found.newNodeClaims[0]?.requests["example.com/units"]).toBe(most);
  expect(errors(packed([pod("one", { requests: { "example.com/units": "9007199254740994" } })], { instanceTypes: { "*": [huge] } }))).toEqual({ one: "no-instance-type:resources" });
});

test("P-163 P-164 nodes of static pools take pods, but their pool makes none for them", () => {
  const rest = { nodePools: [pool("static", { replicas: 1 }), pool("default")] };
  expect(packed([...node("n", { pool: "static" }), pod("one")], rest).existingNodes).toHaveLength(1);
  expect(packed([pod("one", { nodeSelector: { "karpenter.sh/nodepool": "static" } })], rest).podErrors).toHaveLength(1);
});

test("P-165 P-166 P-167 node overlays change prices and capacity when their gate is on", () => {
  const overlay = { apiVersion: "karpenter.sh/v1alpha1" as const, kind: "NodeOverlay" as const, metadata: { name: "cheap" }, spec: { requirements: [is("node.kubernetes.io/instance-type", "large")], price: "0.001" } };
  const gate = { options: { featureGates: { NodeOverlay: true } } };
  expect(packed([overlay, pod("one")], gate).newNodeClaims[0]?.instanceTypes[0]).toBe("large");
  expect(packed([overlay, pod("one")]).newNodeClaims[0]?.instanceTypes[0]).toBe("small");
});

test("P-169 P-170 P-171 P-172 a capacity buffer is pods that hold room, as many as its number, share and limits say", () => {
  const buffer = (spec: object) => ({ apiVersion: "autoscaling.x-k8s.io/v1beta1" as const, kind: "CapacityBuffer" as const, metadata: { name: "b", namespace: "default", uid: "b" }, spec: { podTemplateRef: { name: "t" }, ...spec } });
  const template = { apiVersion: "v1" as const, kind: "PodTemplate" as const, metadata: { name: "t", namespace: "default" }, template: { spec: { containers: [{ name: "main", resources: { requests: { cpu: "1" } } }] } } };
  const gate = { options: { featureGates: { CapacityBuffer: true } } };
  expect(groups(packed([template, buffer({ replicas: 2 })], gate))).toEqual(["capacity-buffer-b-1 capacity-buffer-b-2"]);
  expect(groups(packed([template, buffer({ replicas: 5, limits: { cpu: "3" } })], gate))[0]?.split(" ")).toHaveLength(3);
  expect(groups(packed([template, buffer({ limits: { cpu: "4" } })], gate))[0]?.split(" ")).toHaveLength(4);
  expect(packed([template, buffer({ replicas: 2 })]).newNodeClaims).toEqual([]);
});

test("P-173 pods with dynamic resource claims are refused, once and for all", () => {
  expect(errors(packed([pod("one", { resourceClaims: [{ name: "gpu", resourceClaimName: "g" }] })]))).toEqual({ one: "dra" });
});

test("huge pages are taken from memory also where only one of the two is so much that it is kept in bigints", () => {
  const huge = { instanceTypes: { "*": [type("huge", 8, { capacity: { "hugepages-2Mi": "2Gi" } })] }, nodePools: [pool("default", { limits: { memory: "10000000Gi" } })] };
  expect(packed([pod("one", { requests: { memory: "100000001" } })], huge).newNodeClaims).toHaveLength(1);
  expect(errors(packed([pod("one", { requests: { memory: "31Gi", cpu: "1u" } })], huge))).toEqual({ one: "no-instance-type:resources" });
});
