import type { KubeObject, NodeSelectorRequirement, NodeSelectorTerm, Pod, PodAffinityTerm, PodSpec } from "@groupless/api";
import { describe, expect, test } from "vitest";
import { type Cluster, type Packing, prepare, type Profile, solve } from "../../src/index.ts";
import { CAPACITY_TYPE, cluster, errors, groups, HOSTNAME, is, node, NOW_MS, pod, type PodOptions, pool, pods, spread, term, type, TYPES, valuesOf, ZONE } from "../build.ts";

// docs/differences.md has a row for each of these: what Karpenter does, and what the exact profile does.

const plan = (profile: Profile, objects: readonly KubeObject[], rest: Partial<Cluster> = {}): Packing => solve(prepare(cluster(objects, rest), { nowMs: NOW_MS, profile }));

/** Where each pod goes, by name, by Karpenter's rules and by the exact ones: a node, "new" with the pods it shares a new one with, or nothing. */
function both(objects: readonly KubeObject[], rest: Partial<Cluster> = {}): { readonly karpenter: Record<string, string>; readonly exact: Record<string, string> } {
  const places = (packing: Packing): Record<string, string> =>
    Object.fromEntries([
      ...packing.existingNodes.flatMap(({ node: name, pods: names }) => names.map((one) => [short(one), name])),
      ...groups(packing).flatMap((group) => group.split(" ").map((one) => [one, group === one ? "new" : `new: ${group}`])),
      ...Object.keys(errors(packing)).map((one) => [one, "nowhere"]),
    ]);
  return { karpenter: places(plan("karpenter-1.14", objects, rest)), exact: places(plan("exact", objects, rest)) };
}

const short = (name: string): string => name.replace(/^.*\//, "");
const required = (...terms: readonly (readonly NodeSelectorRequirement[])[]): Pick<PodSpec, "affinity"> => ({ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms.map((matchExpressions): NodeSelectorTerm => ({ matchExpressions })) } } } });
const near = (...terms: readonly PodAffinityTerm[]): Pick<PodSpec, "affinity"> => ({ affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } } });
const away = (...terms: readonly PodAffinityTerm[]): Pick<PodSpec, "affinity"> => ({ affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } } });
const web = (name: string, options: PodOptions = {}): Pod => pod(name, { labels: { app: "web" }, ...options });
const team = (operator: "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt", ...values: readonly string[]): NodeSelectorRequirement => ({ key: "team", operator, ...(values.length === 0 ? {} : { values }) });
const taint = (effect: "NoSchedule" | "PreferNoSchedule") => ({ key: "dedicated", value: "x", effect });

describe("labels", () => {
  test("a contradiction is met by nothing, not by a label's absence", () => {
    expect(both([pod("a", { nodeSelector: { team: "red" }, ...required([team("In", "blue")]) })])).toEqual({ karpenter: { a: "new" }, exact: { a: "nowhere" } });
  });

  test("nothing is greater than the greatest integer", () => {
    expect(both([pod("a", required([team("Gt", "9223372036854775807")]))])).toEqual({ karpenter: { a: "new" }, exact: { a: "nowhere" } });
  });

  test("a label that must be there and not be red is not met by a node without it", () => {
    expect(both([pod("a", required([team("Exists"), team("NotIn", "red")]))])).toEqual({ karpenter: { a: "new" }, exact: { a: "nowhere" } });
    expect(both([...node("n", { zone: "zone-b" }), pod("a", { nodeSelector: { [ZONE]: "zone-b" }, ...required([team("Exists"), team("NotIn", "red")]) })]).exact).toEqual({ a: "nowhere" });
  });

  test("what a pod asks of a label that its node does not have, tells the next pod nothing", () => {
    const objects = [...node("n"), pod("first", { cpu: "1", ...required([team("NotIn", "red")]) }), pod("second", { nodeSelector: { team: "blue" } })];
    expect(both(objects)).toEqual({ karpenter: { first: "n", second: "n" }, exact: { first: "n", second: "nowhere" } });
    expect(both(objects.slice(1))).toEqual({ karpenter: { first: "new: first second", second: "new: first second" }, exact: { first: "new", second: "nowhere" } });
  });

  test("bounds and exclusions are both written out", () => {
    const objects = [pod("a", required([{ key: "gen", operator: "Gt", values: ["3"] }, { key: "gen", operator: "NotIn", values: ["5"] }]))];
    const rest: Partial<Cluster> = { nodePools: [pool("default", {}, { requirements: [{ key: "gen", operator: "Exists" }] })] };
    const written = (profile: Profile): unknown => plan(profile, objects, rest).newNodeClaims[0]?.requirements.filter(({ key }) => key === "gen");
    expect(written("karpenter-1.14")).toEqual([{ key: "gen", operator: "Gte", values: ["4"] }]);
    expect(written("exact")).toEqual([{ key: "gen", operator: "Gte", values: ["4"] }, { key: "gen", operator: "NotIn", values: ["5"] }]);
  });

  test("a label gets a value only if some pod or the pool wants it to be there", () => {
    const rest: Partial<Cluster> = { nodePools: [pool("default", {}, { requirements: [{ key: "team", operator: "NotIn", values: ["red"] }] })] };
    const labels = (profile: Profile, ...objects: readonly Pod[]): unknown => plan(profile, objects, rest).newNodeClaims[0]?.labels["team"];
    expect([labels("karpenter-1.14", pod("a")), labels("exact", pod("a")), labels("exact", pod("a", required([team("Exists")])))]).toEqual(["0", undefined, "0"]);
  });

  test("a label that instance types speak of may be asked for, declared or not", () => {
    const rest: Partial<Cluster> = { instanceTypes: { "*": [type("old", 4, { requirements: [is("gen", "1")] }), type("new", 4, { requirements: [is("gen", "2")] })] }, wellKnownLabels: [] };
    expect(both([pod("a", { nodeSelector: { gen: "2" } })], rest)).toEqual({ karpenter: { a: "nowhere" }, exact: { a: "new" } });
    expect(plan("exact", [pod("a", { nodeSelector: { gen: "2" } })], rest).newNodeClaims[0]?.instanceTypes).toEqual(["new"]);
  });

  test("a required term that asks for nothing matches no node", () => {
    expect(both([pod("a", required([]))])).toEqual({ karpenter: { a: "new" }, exact: { a: "nowhere" } });
    expect(both([pod("a", required([], [is(ZONE, "zone-b")]))]).exact).toEqual({ a: "new" });
  });

  test("required terms that were given up are tried again once the preferences are", () => {
    const wish = required([is(ZONE, "zone-b")], [team("In", "red")]);
    const preferred = { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: { matchExpressions: [is(ZONE, "zone-x")] } }] };
    expect(both([pod("a", { affinity: { nodeAffinity: { ...wish.affinity?.nodeAffinity, ...preferred } } })])).toEqual({ karpenter: { a: "nowhere" }, exact: { a: "new" } });
  });

  test("a pool that asks for what cannot be makes no nodes", () => {
    expect(both([pod("a")], { nodePools: [pool("default", {}, { requirements: [is("team", "red"), is("team", "blue")] })] })).toEqual({ karpenter: { a: "new" }, exact: { a: "nowhere" } });
  });
});

describe("nodes", () => {
  test("a PreferNoSchedule taint of a node that exists gives way in the end", () => {
    const objects = [...node("n", { taints: [taint("PreferNoSchedule")] }), pod("a", required([is("kubernetes.io/hostname-like", "n")])), pod("b", { nodeSelector: { "node.kubernetes.io/instance-type": "medium" }, ...required([is(ZONE, "zone-a")]) })];
    const rest: Partial<Cluster> = { nodePools: [pool("default", { limits: { cpu: "0" } })] };
    expect(both(objects, rest)).toEqual({ karpenter: { a: "nowhere", b: "nowhere" }, exact: { a: "nowhere", b: "n" } });
  });

  test("a node that is short of something takes pods that do not ask for it", () => {
    const objects = [...node("n", { cpu: "2" }), pod("there", { cpu: "3", memory: "1Gi", nodeName: "n" }), pod("a", { cpu: "0" })];
    expect(both(objects)).toEqual({ karpenter: { a: "new" }, exact: { a: "n" } });
  });

  test("a host port without protocol is a TCP port", () => {
    const port = (name: string, protocol?: "TCP"): Pod => ({ ...pod(name), spec: { containers: [{ name: "main", ports: [{ containerPort: 80, hostPort: 80, ...(protocol === undefined ? {} : { protocol }) }] }] } });
    expect(both([port("a"), port("b", "TCP")])).toEqual({ karpenter: { a: "new: a b", b: "new: a b" }, exact: { a: "new", b: "new" } });
  });

  test("a daemon's terms are looked at for each instance type, and all of them for nodes that exist", () => {
    const daemon = (...terms: readonly (readonly NodeSelectorRequirement[])[]): KubeObject => ({ apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: "d", namespace: "default", uid: "d" }, spec: { selector: {}, template: { metadata: {}, spec: { containers: [{ name: "main", resources: { requests: { cpu: "1" } } }], ...required(...terms) } } } });
    const ofType = (name: string) => [is("node.kubernetes.io/instance-type", name)];
    // The first term suits the second type, the second the first: trying the first type drops the first term for the second.
    const rest: Partial<Cluster> = { instanceTypes: { "*": [type("a", 4), type("b", 4)] } };
    const requested = (profile: Profile): unknown => plan(profile, [daemon(ofType("b"), ofType("a")), pod("p", { nodeSelector: { "node.kubernetes.io/instance-type": "b" } })], rest).newNodeClaims[0]?.requests["cpu"];
    expect([requested("karpenter-1.14"), requested("exact")]).toEqual(["500m", "1500m"]);
    const onNode = [...node("n", { cpu: "2" }), daemon([is(ZONE, "zone-b")], [is(ZONE, "zone-a")]), pod("p", { cpu: "1500m" })];
    expect(both(onNode)).toMatchObject({ karpenter: { p: "n" }, exact: { p: "new" } });
  });

  test("a node that is coming up counts under the name and the labels it will have", () => {
    const [claim, made] = node("n", { pool: "default", initialized: false }) as [KubeObject, KubeObject];
    const unregistered = { ...made, metadata: { ...made.metadata, labels: { [HOSTNAME]: "n" } } } as KubeObject;
    const { [HOSTNAME]: _, ...labels } = claim.metadata.labels ?? {};
    const objects = [{ ...claim, metadata: { ...claim.metadata, labels } } as KubeObject, unregistered, web("there", { nodeName: "n", status: { phase: "Running" } }), web("a", away(term("web")))];
    expect(both(objects)).toEqual({ karpenter: { a: "n-claim" }, exact: { a: "new" } });
  });
});

describe("spread", () => {
  test("constraints that differ in minDomains are counted apart, each by its own", () => {
    const objects = [web("a", { cpu: "3", topologySpreadConstraints: [spread({})] }), web("b", { cpu: "2", topologySpreadConstraints: [spread({ minDomains: 5 })] }), web("c", { cpu: "1", topologySpreadConstraints: [spread({ minDomains: 5 })] }), web("d", { topologySpreadConstraints: [spread({ minDomains: 5 })] })];
    expect(both(objects).karpenter["d"]).not.toBe("nowhere");
    expect(both(objects).exact["d"]).toBe("nowhere");
  });

  test("with nodeAffinityPolicy Ignore, domains out of the pod's reach hold the least down", () => {
    const objects = pods(2, "w", { labels: { app: "web" }, nodeSelector: { [ZONE]: "zone-a" }, topologySpreadConstraints: [spread({ nodeAffinityPolicy: "Ignore" })] });
    expect(both(objects)).toEqual({ karpenter: { "w-0": "new: w-0 w-1", "w-1": "new: w-0 w-1" }, exact: { "w-0": "new", "w-1": "nowhere" } });
    // Also one pod of another kind than it counts, and zones where no node is yet.
    const running = pods(2, "old", { cpu: "100m", labels: { app: "web" }, nodeName: "n", status: { phase: "Running" } });
    expect(both([...node("n", { zone: "zone-a" }), ...running, pod("a", { nodeSelector: { [ZONE]: "zone-a" }, topologySpreadConstraints: [spread({ nodeAffinityPolicy: "Ignore" })] })])).toEqual({ karpenter: { a: "n" }, exact: { a: "nowhere" } });
  });

  test("domains where the pod's node affinity finds no node do not hold the least down", () => {
    const rest: Partial<Cluster> = { instanceTypes: { "*": [...TYPES, type("gpu", 4, { zones: ["zone-b"], requirements: [is("gpu", "t4")] })] }, wellKnownLabels: ["gpu"] };
    const objects = pods(2, "w", { labels: { app: "web" }, nodeSelector: { gpu: "t4", "node.kubernetes.io/instance-type": "gpu" }, topologySpreadConstraints: [spread({})] });
    expect(both(objects, rest)).toEqual({ karpenter: { "w-0": "nowhere", "w-1": "nowhere" }, exact: { "w-0": "new: w-0 w-1", "w-1": "new: w-0 w-1" } });
  });

  test("a domain for which there is no instance type is followed by the next best", () => {
    const rest: Partial<Cluster> = { instanceTypes: { "*": [type("small", 2), type("large", 16, { zones: ["zone-b"] })] } };
    expect(both([web("a", { cpu: "8", topologySpreadConstraints: [spread({})] })], rest)).toEqual({ karpenter: { a: "nowhere" }, exact: { a: "new" } });
  });

  test("a value of a label that no node has yet is a domain, with no pods in it", () => {
    const rule = spread({ topologyKey: "team" });
    const rest: Partial<Cluster> = { nodePools: [pool("default", {}, { requirements: [team("Exists")] })] };
    const chosen = { nodeSelector: { team: "7" }, topologySpreadConstraints: [{ ...rule, nodeAffinityPolicy: "Ignore" as const }] };
    for (const options of [{ topologySpreadConstraints: [rule] }, chosen]) expect(both([web("a", options), web("b", options)], rest)).toEqual({ karpenter: { a: "nowhere", b: "nowhere" }, exact: { a: "new: a b", b: "new: a b" } });
    // Of two values the second comes to be known with the first pod on it, and the least is that of both.
    const wish = (value: string): Pick<PodSpec, "affinity"> => ({ affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: { matchExpressions: [team("In", value)] } }] } } });
    const wishes = ["7", "7", "8", "8", "8"].map((value, index) => web(`p${index}`, { topologySpreadConstraints: [rule], ...wish(value) }));
    expect(groups(plan("exact", wishes, rest))).toEqual(["p0 p1", "p2 p3 p4"]);
    // A pool that only rules a value out gives its nodes no label; a preference for one does, to Karpenter where the value is what another pool rules out.
    const without = [pool("default", {}, { requirements: [team("NotIn", "8")] })];
    expect(both([web("a", { topologySpreadConstraints: [rule] })], { nodePools: without }).exact).toEqual({ a: "nowhere" });
    const known = [pool("default", { weight: 1 }, { requirements: [team("Exists")] }), pool("other", {}, { requirements: [team("NotIn", "7")], taints: [taint("NoSchedule")] })];
    const single = [web("a", { topologySpreadConstraints: [{ ...rule, nodeTaintsPolicy: "Ignore" }], ...wish("7") })];
    expect(both(single, { nodePools: known })).toEqual({ karpenter: { a: "new" }, exact: { a: "new" } });
    expect(valuesOf(plan("exact", single, { nodePools: known }), "team")).toEqual(["7"]);
  });

  test("a node that is to be made is a domain for the pods that follow, also if none of them goes there", () => {
    const nodePools = [pool("default", { weight: 1 }, {}, { team: "blue" }), pool("other", {}, { requirements: [team("Exists")] })];
    const objects = [pod("far", { cpu: "12", nodeSelector: { team: "7" } }), ...["a", "b"].map((name) => web(name, { cpu: "10", topologySpreadConstraints: [spread({ topologyKey: "team" })] }))];
    expect(valuesOf(plan("karpenter-1.14", objects, { nodePools }), "team").sort()).toEqual(["7", "blue", "blue"]);
    expect(valuesOf(plan("exact", objects, { nodePools }), "team").sort()).toEqual(["7", "7", "blue"]);
  });

  test("two rules on one label choose a domain together", () => {
    const there = (name: string, zone: string, app: string): readonly KubeObject[] => [...node(name, { zone, cpu: "100m" }), pod(`${name}-${app}`, { cpu: "0", memory: "0", labels: { app }, nodeName: name, status: { phase: "Running" } })];
    const objects = [...there("n1", "zone-a", "api"), ...there("n2", "zone-b", "web"), pod("a", { labels: { app: "web" }, topologySpreadConstraints: [spread({ maxSkew: 2 }), spread({ app: "api", maxSkew: 2 })] })];
    expect(valuesOf(plan("exact", objects), ZONE)).toEqual(["zone-c"]);
    const torn = [...there("n1", "zone-a", "api"), ...there("n2", "zone-c", "db"), pod("a", { labels: { app: "web" }, topologySpreadConstraints: [spread({ maxSkew: 3 })], ...near(term("db", ZONE)) })];
    expect(both(torn)).toEqual({ karpenter: { a: "nowhere" }, exact: { a: "new" } });
  });

  test("pods count as soon as their node's domain is known, those that were there before it included", () => {
    // "first" opens a node anywhere; "second" settles its zone; the third pod must see both.
    const objects = [web("first", { cpu: "3" }), web("second", { cpu: "1", nodeSelector: { [ZONE]: "zone-a" } }), web("third", { cpu: "100m", topologySpreadConstraints: [spread({ maxSkew: 2 })] })];
    expect([both(objects).karpenter["third"], both(objects).exact["third"]]).toEqual(["new: first second third", "new"]);
  });

  test("a rule without selector counts no pod", () => {
    const { labelSelector: _, ...blind } = spread({});
    const bound = pods(3, "there", { cpu: "0", nodeName: "n", status: { phase: "Running" } });
    const objects = [...node("n", { zone: "zone-a" }), ...bound, pod("a", { topologySpreadConstraints: [blind] })];
    expect(both(objects, { nodePools: [pool("default", { limits: { cpu: "0" } })] })).toEqual({ karpenter: { a: "nowhere" }, exact: { a: "n" } });
  });

  test("taints that only ask to be avoided do not make a spread that honours taints overlook a node", () => {
    const there = pods(2, "there", { cpu: "0", labels: { app: "web" }, nodeName: "n", status: { phase: "Running" } });
    const objects = [...node("n", { cpu: "0", zone: "zone-a", taints: [taint("PreferNoSchedule")] }), ...there, web("a", { topologySpreadConstraints: [spread({ nodeTaintsPolicy: "Honor" })] })];
    const zone = (profile: Profile): unknown => valuesOf(plan(profile, objects), ZONE)[0];
    expect([zone("karpenter-1.14"), zone("exact")]).toEqual(["zone-a", "zone-b"]);
  });

  test("a value that a pool rules out is no domain", () => {
    const rest: Partial<Cluster> = { nodePools: [pool("default", {}, { requirements: [{ key: "team", operator: "NotIn", values: ["red"] }] }), pool("blue", {}, {}, { team: "blue" })] };
    const objects = pods(2, "w", { labels: { app: "web" }, topologySpreadConstraints: [spread({ topologyKey: "team" })] });
    expect(Object.values(both(objects, rest).karpenter)).toContain("nowhere");
    expect(Object.values(both(objects, rest).exact)).not.toContain("nowhere");
  });

  test("pods with several required terms are spread over the nodes of all of them", () => {
    const there = [...node("n1", { zone: "zone-a" }), ...node("n2", { zone: "zone-b" })];
    const objects = [...there, ...pods(4, "w", { labels: { app: "web" }, cpu: "100m", topologySpreadConstraints: [spread({})], ...required([is(ZONE, "zone-a")], [is(ZONE, "zone-b")]) })];
    const count = (places: Record<string, string>): number => Object.values(places).filter((place) => place === "n1").length;
    expect([count(both(objects).karpenter), count(both(objects).exact)]).toEqual([4, 2]);
  });
});

describe("pods near and away", () => {
  test("once it is known where a node will be, only pods there are kept away", () => {
    const objects = [web("a", { cpu: "3" }), pod("b", { cpu: "2", ...away(term("web", ZONE)) }), pod("c", { cpu: "100m", nodeSelector: { [ZONE]: "zone-a" } })];
    expect(both(objects)).toEqual({ karpenter: { a: "new: a c", b: "nowhere", c: "new: a c" }, exact: { a: "new: a c", b: "new", c: "new: a c" } });
    expect(valuesOf(plan("exact", objects), ZONE)).toEqual(["zone-a", undefined]);
  });

  test("domains of nodes that exist are domains, though no new node could be there", () => {
    const rest: Partial<Cluster> = { nodePools: [pool("default", {}, { requirements: [is(CAPACITY_TYPE, "spot")] })] };
    const objects = [...node("n", { labels: { [CAPACITY_TYPE]: "on-demand" } }), web("a", away(term("web", CAPACITY_TYPE)))];
    expect(both(objects, rest)).toEqual({ karpenter: { a: "new" }, exact: { a: "n" } });
  });

  test("a pod may join a node that holds the pod it wants to be near, wherever that node will be", () => {
    expect(both([web("a", { cpu: "1" }), pod("b", near(term("web", ZONE)))])).toEqual({ karpenter: { a: "new", b: "nowhere" }, exact: { a: "new: a b", b: "new: a b" } });
  });

  test("the first of a kind is the first anywhere, not only where it may go", () => {
    const objects = [...node("n", { cpu: "0", zone: "zone-a" }), web("there", { cpu: "0", memory: "0", nodeName: "n", status: { phase: "Running" } }), web("a", { nodeSelector: { [ZONE]: "zone-b" }, ...near(term("web", ZONE)) })];
    expect(both(objects)).toEqual({ karpenter: { a: "new" }, exact: { a: "nowhere" } });
  });

  test("several required terms are about one pod that they all select", () => {
    const there = ["web", "api"].map((app, index) => pod(app, { cpu: "0", labels: { [`is-${app}`]: "yes", app }, nodeName: "n", metadata: { uid: String(index) }, status: { phase: "Running" } }));
    expect(both([...node("n"), ...there, pod("a", near(term("web"), term("api")))])).toEqual({ karpenter: { a: "n" }, exact: { a: "nowhere" } });
  });

  test("without the label there is no domain to keep out of", () => {
    const objects = [...node("n"), pod("a", away({ topologyKey: "rack", labelSelector: { matchLabels: { app: "web" } } }))];
    expect(both(objects)).toEqual({ karpenter: { a: "nowhere" }, exact: { a: "n" } });
  });

  test("an empty namespace selector selects namespaces of which there is no object, too", () => {
    const everywhere = { topologyKey: HOSTNAME, labelSelector: { matchLabels: { app: "web" } }, namespaceSelector: {} };
    const objects = [...node("n"), web("there", { namespace: "other", nodeName: "n", status: { phase: "Running" } }), pod("a", away(everywhere))];
    expect(both(objects)).toEqual({ karpenter: { a: "n" }, exact: { a: "new" } });
  });

  test("label keys of affinity terms are read also where no API server has written them into the selector", () => {
    const objects = [...node("n"), web("there", { labels: { app: "web", version: "1" }, nodeName: "n", status: { phase: "Running" } }), web("a", { labels: { app: "web", version: "2" }, ...away({ ...term("web"), matchLabelKeys: ["version"] }) })];
    expect(both(objects)).toEqual({ karpenter: { a: "new" }, exact: { a: "n" } });
  });
});

describe("reasons", () => {
  test("a contradiction is told as the pod's own", () => {
    const [error] = plan("exact", [pod("a", { nodeSelector: { team: "red" }, ...required([team("In", "blue")]) })]).podErrors;
    expect(error).toMatchObject({ classes: ["incompatible-requirements"], message: "The pod asks for team=red and team=blue at once, which no node has." });
    expect(plan("exact", [pod("a", required([]))]).podErrors[0]?.message).toBe("A required node affinity term of the pod asks for nothing, and so matches no node.");
  });
});
