import type { InstanceType } from "@groupless/catalog";
import { expect, test } from "vitest";
import { CAPACITY_TYPE, cluster, errors, groups, HOSTNAME, is, node, NOW_MS, packed, pod, pods, pool, spread, term, valuesOf, ZONE } from "../build.ts";
import { pendingZones, prepare } from "../../src/index.ts";

const web = (rest: object = {}) => ({ labels: { app: "web" }, ...rest });
const spreading = (...topologySpreadConstraints: ReturnType<typeof spread>[]) => web({ topologySpreadConstraints });
const near = (app: string, key?: string, rest = {}) => ({ affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ ...term(app, key), ...rest }] } } });
const away = (app: string, key?: string, rest = {}) => ({ affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ ...term(app, key), ...rest }] } } });
const zones = (...args: Parameters<typeof packed>) => valuesOf(packed(...args), ZONE).sort();
const running = (name: string, on: string, options: object = {}) => pod(name, { nodeName: on, status: { phase: "Running" }, ...options });

test("P-109 pods spread over zones, the emptiest first, equals by name", () => {
  expect(zones(pods(4, "p", { cpu: "10", ...spreading(spread()) }))).toEqual(["zone-a", "zone-a", "zone-b", "zone-c"]);
});

test("P-109 of equally empty zones those where a node can be had come first: pods are placed wherever Karpenter's draw would at last have placed them", () => {
  const types = cluster([]).instanceTypes["*"] as readonly InstanceType[];
  const outOf = (zone: string) => ({ instanceTypes: { "*": types.map((type) => ({ ...type, offerings: type.offerings.map((offering) => ({ ...offering, available: offering.available && !offering.requirements.some(({ key, values }) => key === ZONE && values?.includes(zone)) })) })) } });
  for (const [zone, others] of [["zone-a", ["zone-b", "zone-c"]], ["zone-b", ["zone-a", "zone-c"]], ["zone-c", ["zone-a", "zone-b"]]] as const) {
    const found = packed(pods(4, "p", { cpu: "10", ...spreading(spread()) }), outOf(zone));
    expect(valuesOf(found, ZONE).sort()).toEqual(others);
    expect(found.podErrors).toHaveLength(2);
    expect(zones([pod("p", { ...web(), ...near("web", ZONE) })], outOf(zone))).toEqual([others[0]]);
  }
});

test("P-110 pools say which zones there are to spread over", () => {
  const nodePools = [pool("default", {}, { requirements: [is(ZONE, "zone-a", "zone-b")] })];
  expect(zones(pods(4, "p", { cpu: "10", ...spreading(spread()) }), { nodePools })).toEqual(["zone-a", "zone-a", "zone-b", "zone-b"]);
});

test("P-111 skew is never exceeded; one that is too great already is only mended", () => {
  const there = [...node("n", { zone: "zone-a", cpu: "64" }), running("x", "n", web()), running("y", "n", web())];
  expect(zones([...there, ...pods(2, "p", { cpu: "10", ...spreading(spread()) })])).toEqual(["zone-b", "zone-c"]);
});

test("P-112 zones of nodes that exist count, though no pool could make one there", () => {
  const found = packed([...node("far", { zone: "zone-far" }), ...pods(2, "p", { ...spreading(spread()) })]);
  expect(found.existingNodes).toEqual([{ node: "far", pods: ["default/p-0"] }]);
});

test("P-113 only pods that run in the same namespace count", () => {
  const there = [...node("n", { cpu: "1" }), running("done", "n", { ...web(), cpu: "1", status: { phase: "Succeeded" } }), running("other", "n", { ...web(), namespace: "other", cpu: "900m" })];
  expect(zones([...there, pod("p", spreading(spread()))])).toEqual(["zone-a"]);
});

test("P-114 a spread on a label no node has never places; one without selector counts all and selects none", () => {
  expect(errors(packed([pod("p", spreading(spread({ topologyKey: "nowhere" })))]))).toEqual({ p: "topology-spread" });
  const nil = { maxSkew: 1, topologyKey: ZONE, whenUnsatisfiable: "DoNotSchedule" as const };
  expect(errors(packed([pod("p", spreading(nil))]))).toEqual({});
});

test("P-115 with fewer domains than asked for the fewest is taken for none", () => {
  const nodePools = [pool("default", {}, { requirements: [is(ZONE, "zone-a", "zone-b")] })];
  const wide = pods(3, "p", { cpu: "10", ...spreading(spread({ minDomains: 3 })) });
  expect(Object.values(errors(packed(wide, { nodePools })))).toEqual(["topology-spread"]);
});

test("P-116 P-117 P-118 hosts, capacity types, architectures and labels of one's own are domains too", () => {
  expect(packed(pods(3, "p", spreading(spread({ topologyKey: HOSTNAME })))).newNodeClaims).toHaveLength(3);
  expect(valuesOf(packed(pods(2, "p", spreading(spread({ topologyKey: CAPACITY_TYPE })))), CAPACITY_TYPE).sort()).toEqual(["on-demand", "spot"]);
  expect(valuesOf(packed(pods(2, "p", spreading(spread({ topologyKey: "kubernetes.io/arch" })))), "kubernetes.io/arch").sort()).toEqual(["amd64", "arm64"]);
  const nodePools = [pool("x", {}, { requirements: [is("team", "x")] }), pool("y", {}, { requirements: [is("team", "y")] })];
  expect(valuesOf(packed(pods(2, "p", spreading(spread({ topologyKey: "team" }))), { nodePools }), "team").sort()).toEqual(["x", "y"]);
});

test("P-119 several spreads hold together", () => {
  const found = packed(pods(3, "p", spreading(spread(), spread({ topologyKey: HOSTNAME }))));
  expect(valuesOf(found, ZONE).sort()).toEqual(["zone-a", "zone-b", "zone-c"]);
});

test("P-120 matchLabelKeys counts pods of one revision only", () => {
  const of = (hash: string) => ({ labels: { app: "web", hash }, cpu: "10", topologySpreadConstraints: [spread({ matchLabelKeys: ["hash"] })] });
  expect(zones([...pods(1, "old", of("1")), ...pods(1, "new", of("2"))])).toEqual(["zone-a", "zone-a"]);
});

test("P-121 with nodeTaintsPolicy Honor domains behind taints do not count", () => {
  const nodePools = [pool("open", {}, { requirements: [is(ZONE, "zone-a")] }), pool("closed", {}, { requirements: [is(ZONE, "zone-b")], taints: [{ key: "x", effect: "NoSchedule" }] })];
  const two = (nodeTaintsPolicy: "Honor" | "Ignore") => packed(pods(2, "p", { cpu: "10", ...spreading(spread({ nodeTaintsPolicy })) }), { nodePools });
  expect(two("Ignore").podErrors).toHaveLength(1);
  expect(errors(two("Honor"))).toEqual({});
});

test("P-122 P-123 node affinity limits which nodes count, unless the spread says otherwise; preferences do not", () => {
  const there = [...node("n", { zone: "zone-c", cpu: "1" }), running("x", "n", { ...web(), cpu: "900m" })];
  const bound = { nodeSelector: { [ZONE]: "zone-a" }, cpu: "10" };
  expect(errors(packed([...there, ...pods(2, "p", { ...bound, ...spreading(spread()) })]))).toEqual({});
  const preferred = { affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: { matchExpressions: [{ key: ZONE, operator: "In" as const, values: ["zone-a"] }] } }] } } };
  expect(zones(pods(2, "p", { cpu: "10", ...preferred, ...spreading(spread()) }))).toEqual(["zone-a", "zone-b"]);
});

test("P-124 a spread that does not select its own pod puts all in one place", () => {
  expect(zones(pods(3, "p", { cpu: "10", labels: { app: "other" }, topologySpreadConstraints: [spread()] }))).toEqual(["zone-a", "zone-a", "zone-a"]);
});

test("P-125 P-126 pods of several deployments with the same rule count together", () => {
  expect(zones([...pods(1, "a", { cpu: "10", ...spreading(spread()) }), ...pods(1, "b", { cpu: "11", ...spreading(spread()) })])).toEqual(["zone-a", "zone-b"]);
});

test("P-129 pods go where the pods they want are", () => {
  expect(groups(packed([pod("lead", { labels: { app: "lead" } }), pod("p", near("lead"))]))).toEqual(["lead p"]);
  const lead = pod("lead", { labels: { app: "lead" }, cpu: "10", nodeSelector: { [ZONE]: "zone-b" } });
  expect(zones([lead, pod("p", { cpu: "9", ...near("lead", ZONE) })])).toEqual(["zone-b", "zone-b"]);
});

test("P-130 the first of pods that want each other goes anywhere", () => {
  expect(zones(pods(3, "p", { cpu: "10", ...web(), ...near("web", ZONE) }))).toEqual(["zone-a", "zone-a", "zone-a"]);
});

test("P-131 affinity to pods that are nowhere never places; chains resolve in any order", () => {
  expect(errors(packed([pod("p", near("ghost"))]))).toEqual({ p: "pod-affinity" });
  expect(errors(packed([pod("c", { ...near("b"), cpu: "2" }), pod("b", { ...near("a"), labels: { app: "b" } }), pod("a", { labels: { app: "a" }, cpu: "100m" })]))).toEqual({});
});

test("P-132 pods keep apart by host, zone and architecture", () => {
  expect(packed(pods(3, "p", { ...web(), ...away("web") })).newNodeClaims).toHaveLength(3);
  const zonal = pods(2, "p", { ...web(), ...away("web", "kubernetes.io/arch"), nodeSelector: { "kubernetes.io/arch": "amd64" } });
  expect(Object.values(errors(packed(zonal)))).toEqual(["pod-anti-affinity"]);
});

test("P-133 running pods keep others away from them, though these do not mind", () => {
  const there = [...node("n", { zone: "zone-a" }), running("guard", "n", away("web", ZONE))];
  const found = packed([...there, pod("p", web())]);
  expect(found.existingNodes).toEqual([]);
  expect(found.newNodeClaims[0]?.requirements.find(({ key }) => key === ZONE)?.values).toEqual(["zone-b", "zone-c"]);
});

test("P-134 a claim that could be in any of several zones keeps others out of all of them", () => {
  expect(Object.values(errors(packed([pod("a", { ...web(), ...away("web", ZONE), cpu: "10" }), pod("b", { ...web(), ...away("web", ZONE), cpu: "9" })])))).toEqual(["pod-anti-affinity"]);
});

test("P-135 terms look at their own namespace, at those they list, and at those they select", () => {
  const other = pod("lead", { namespace: "other", labels: { app: "lead" } });
  const namespaces = ["default", "other"].map((name) => ({ apiVersion: "v1" as const, kind: "Namespace" as const, metadata: { name, labels: { name } } }));
  const follow = (rest: object) => errors(packed([...namespaces, other, pod("p", near("lead", undefined, rest))]));
  expect(follow({})).toEqual({ p: "pod-affinity" });
  expect(follow({ namespaces: ["other"] })).toEqual({});
  expect(follow({ namespaceSelector: { matchLabels: { name: "other" } } })).toEqual({});
  expect(follow({ namespaceSelector: {} })).toEqual({});
});

test("P-136 empty affinity asks for nothing", () => {
  expect(errors(packed([pod("p", { affinity: { nodeAffinity: {}, podAffinity: {}, podAntiAffinity: {} } })]))).toEqual({});
});

test("P-128 pending pods are counted by the one zone they can go to", () => {
  const zonal = (at: string) => ({ nodeSelector: { [ZONE]: at } });
  const there = [...node("n", { zone: "zone-a", cpu: "1" }), running("x", "n", web())];
  const count = (...objects: Parameters<typeof cluster>[0]) => pendingZones(prepare(cluster(objects), { nowMs: NOW_MS }));
  expect(count(pod("a", zonal("zone-a")), pod("b", zonal("zone-a")), pod("c"))).toEqual({ flexible: 1, "zone-a": 2 });
  expect(count(...there, pod("p", spreading(spread())))).toEqual({ flexible: 1 });
  expect(count(...there, pod("p", { ...spreading(spread()), nodeSelector: { [ZONE]: "zone-b" } }), pod("q", near("ghost", ZONE)))).toEqual({ none: 1, "zone-b": 1 });
});

test("the count of a spread is shared by pods that want different zones and have the same tolerations: it looks at the zone of the first of them", () => {
  // Karpenter pkg/controllers/provisioning/scheduling/topologygroup.go Hash: the values of a node selector are left out, tolerations are not.
  const at = (zone: string, rest: object) => web({ cpu: "100m", nodeSelector: { [ZONE]: zone }, ...rest });
  const hosts = { topologySpreadConstraints: [spread({ topologyKey: HOSTNAME })] };
  const others = [pod("plain", at("zone-c", {})), pod("spread", at("zone-c", hosts))];
  expect(groups(packed([pod("first", at("zone-a", hosts)), ...others]))).toEqual(["first", "plain spread"]);
  expect(groups(packed([pod("first", at("zone-a", { ...hosts, tolerations: [{ key: "nowhere", operator: "Exists" }] })), ...others]))).toEqual(["first", "plain", "spread"]);
});
