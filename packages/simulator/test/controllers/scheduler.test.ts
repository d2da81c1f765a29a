import type { Pod } from "@groupless/api";
import { describe, expect, test } from "vitest";
import { pod, readyNode, testCluster } from "../world.ts";

const zone = (name: string): { readonly labels: Readonly<Record<string, string>> } => ({ labels: { "topology.kubernetes.io/zone": name } });
const unschedulable = (pods: readonly Pod[], name: string): string | undefined => pods.find(({ metadata }) => metadata.name === name)?.status?.conditions?.find(({ type }) => type === "PodScheduled")?.message;

describe("filters, each with its own words", () => {
  test.each<[string, Parameters<typeof readyNode>[1], Partial<Pod["spec"]>, string]>([
    ["cpu", { cpu: "500m" }, {}, "Insufficient cpu"],
    ["the number of pods", { pods: "0" }, {}, "Too many pods"],
    ["a node selector", {}, { nodeSelector: { disk: "ssd" } }, "node(s) didn't match Pod's node affinity/selector"],
    ["a taint", { taints: [{ key: "gpu", value: "yes", effect: "NoSchedule" }] }, {}, "node(s) had untolerated taint {gpu: yes}"],
    ["a cordon", { unschedulable: true }, {}, "node(s) were unschedulable"],
    ["required affinity to what is not there", {}, { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app: "db" } } }] } } }, "node(s) didn't match pod affinity/anti-affinity rules"],
    ["a hard spread over a key the node lacks", {}, { topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "DoNotSchedule", labelSelector: { matchLabels: { app: "x" } } }] }, "node(s) didn't match pod topology spread constraints"],
  ])("%s", async (_, node, spec, message) => {
    const { apply, pods, run } = testCluster();
    apply(readyNode("a", node), pod("x", spec));
    await run(1_000);
    expect(unschedulable(pods(), "x")).toBe(`0/1 nodes are available: 1 ${message}.`);
  });

  test("a host port is taken once a node", () => {
    const { apply, places } = testCluster();
    const ports: Partial<Pod["spec"]> = { containers: [{ name: "main", ports: [{ containerPort: 80, hostPort: 80 }] }] };
    apply(readyNode("a"), readyNode("b"), pod("one", ports), pod("two", ports), pod("three", ports));
    // Equals take their turn by name: "two" comes last.
    expect(places()).toEqual({ one: "a", three: "b", two: undefined });
  });

  test("anti-affinity holds both ways: a running pod's terms keep others away", () => {
    const { apply, places } = testCluster();
    const alone: Partial<Pod["spec"]> = { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app: "noisy" } } }] } } };
    apply(readyNode("a"), pod("hermit", alone), pod("noisy"));
    expect(places()).toEqual({ hermit: "a", noisy: undefined });
  });

  test("required affinity to itself lets the first of a series go anywhere, and the others only there", () => {
    const { apply, places } = testCluster();
    const together: Partial<Pod["spec"]> = { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "topology.kubernetes.io/zone", labelSelector: { matchLabels: { app: "crew" } } }] } } };
    apply(readyNode("a", { ...zone("a"), cpu: "2" }), readyNode("b", { ...zone("b"), cpu: "3" }), pod("c0", together, "1", { app: "crew" }), pod("c1", together, "1", { app: "crew" }), pod("c2", together, "1", { app: "crew" }));
    expect(new Set(Object.values(places()))).toEqual(new Set(["b"]));
  });

  test("a hard spread keeps zones within its skew", () => {
    const { apply, places } = testCluster();
    const spread: Partial<Pod["spec"]> = { topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "DoNotSchedule", labelSelector: { matchLabels: { app: "web" } } }] };
    apply(readyNode("a", { ...zone("a"), cpu: "32" }), readyNode("b", zone("b")), ...Array.from({ length: 6 }, (_, index) => pod(`w${index}`, spread, "1", { app: "web" })));
    const onA = Object.values(places()).filter((node) => node === "a").length;
    expect(onA).toBe(3);
  });
});

describe("scores and ties", () => {
  test("the node with the larger free share wins, and of equals the first by name", () => {
    const { apply, places } = testCluster();
    apply(readyNode("b"), readyNode("a"), pod("first"), pod("second"));
    expect(places()).toEqual({ first: "a", second: "b" });
  });

  test("a preference outweighs a little more room", () => {
    const { apply, places } = testCluster();
    apply(readyNode("a", { cpu: "8" }), readyNode("b", { labels: { disk: "ssd" } }), pod("x", { affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: { matchExpressions: [{ key: "disk", operator: "In", values: ["ssd"] }] } }] } } }));
    expect(places()["x"]).toBe("b");
  });

  test("PreferNoSchedule is shunned while there is another", () => {
    const { apply, places } = testCluster();
    apply(readyNode("a", { taints: [{ key: "old", effect: "PreferNoSchedule" }] }), readyNode("b", { cpu: "2" }), pod("x"));
    expect(places()["x"]).toBe("b");
  });

  test("priority comes first, then age", () => {
    const { apply, places } = testCluster();
    apply(pod("low", {}, "3"), pod("high", { priority: 10 }, "3"));
    apply(readyNode("a"));
    expect(places()).toEqual({ low: undefined, high: "a" });
  });

  test("a refused pod is tried again when a node comes or a pod goes", async () => {
    const { apply, places, world, run } = testCluster();
    apply(readyNode("a", { cpu: "1" }), pod("one", { terminationGracePeriodSeconds: 0 }), pod("two"));
    expect(places()["two"]).toBeUndefined();
    world.server.remove("Pod", "default/one");
    await run(0);
    expect(places()).toEqual({ two: "a" });
  });
});
