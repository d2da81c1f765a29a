import { expect, test } from "vitest";
import { cluster, errors, groups, is, node, NOW_MS, packed, pod, pods, pool, term, TYPES, type, valuesOf, ZONE } from "../build.ts";
import { prepare, solve } from "../../src/index.ts";

test("P-069 larger pods are placed first, by cpu, then memory, then age, then uid", () => {
  const tight = { instanceTypes: { "*": [type("two", 2)] } };
  const found = packed([pod("a-small", { cpu: "1" }), pod("b-large", { cpu: "2" }), pod("c-small", { cpu: "1" })], tight);
  expect(groups(found)).toEqual(["a-small c-small", "b-large"]);
  const memory = packed([pod("low", { memory: "1Gi" }), pod("high", { memory: "7Gi", cpu: "500m" }), pod("mid", { memory: "2Gi" })], tight);
  expect(groups(memory)).toEqual(["high low", "mid"]);
});

test("P-070 a pod that must follow another is tried again once that has a place; without progress the queue ends", () => {
  const follows = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term("lead")] } };
  const found = packed([pod("follower", { cpu: "2", affinity: follows }), pod("lead", { cpu: "1", labels: { app: "lead" } })]);
  expect(errors(found)).toEqual({});
  expect(errors(packed([pod("orphan", { affinity: follows })]))).toEqual({ orphan: "pod-affinity" });
});

test("P-071 a small pod gets the smallest type first", () => {
  expect(packed([pod("one")]).newNodeClaims[0]?.instanceTypes.slice(0, 2)).toEqual(["small", "arm"]);
});

test("P-072 P-081 pods share a node while it has room and their constraints go together", () => {
  const only = { instanceTypes: { "*": [type("four", 4)] } };
  expect(groups(packed(pods(4, "p", { cpu: "1" }), only))).toEqual(["p-0 p-1 p-2 p-3"]);
  expect(groups(packed(pods(5, "p", { cpu: "1" }), only))).toHaveLength(2);
  const split = packed([pod("x86", { nodeSelector: { "kubernetes.io/arch": "amd64" } }), pod("arm", { nodeSelector: { "kubernetes.io/arch": "arm64" } })]);
  expect(groups(split)).toEqual(["arm", "x86"]);
});

test("P-073 a node that exists is used before a new one is made, managed or not", () => {
  const found = packed([...node("here"), pod("one")]);
  expect(found.existingNodes).toEqual([{ node: "here", pods: ["default/one"] }]);
  expect(found.newNodeClaims).toEqual([]);
});

test("P-074 initialized nodes are offered pods before others, each in name order", () => {
  const found = packed([...node("a", { pool: "default", initialized: false }), ...node("c", { pool: "default" }), ...node("b", { pool: "default" }), pod("one")]);
  expect(found.existingNodes.map((place) => place.node)).toEqual(["b"]);
});

test("P-075 a claim that has launched but not registered takes pods under its own name", () => {
  const [claim] = node("late", { pool: "default", initialized: false });
  const found = packed([claim as NonNullable<typeof claim>, pod("one")]);
  expect(found.existingNodes).toEqual([{ node: "late-claim", pods: ["default/one"] }]);
});

test("P-076 open claims with the fewest pods are asked first, the last to get one of equals before the others", () => {
  const apart = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term("big")] } };
  const found = packed([...pods(2, "big", { cpu: "4", labels: { app: "big" }, affinity: apart }), ...pods(3, "tiny", { cpu: "100m" })], { instanceTypes: { "*": [type("large", 16)] } });
  expect(groups(found)).toEqual(["big-0 tiny-0", "big-1 tiny-1 tiny-2"]);
});

test("P-077 heavier pools come first, of one weight the later in the alphabet", () => {
  const found = (weights: Record<string, number | undefined>): string | undefined =>
    packed([pod("one")], { nodePools: Object.entries(weights).map(([name, weight]) => pool(name, weight === undefined ? {} : { weight })) }).newNodeClaims[0]?.nodePool;
  expect(found({ alpha: 10, beta: 20 })).toBe("beta");
  expect(found({ alpha: undefined, beta: undefined })).toBe("beta");
});

test("P-078 a pod that names a pool gets it, whatever the weights", () => {
  const found = packed([pod("one", { nodeSelector: { "karpenter.sh/nodepool": "light" } })], { nodePools: [pool("heavy", { weight: 50 }), pool("light")] });
  expect(found.newNodeClaims[0]?.nodePool).toBe("light");
});

test("P-079 P-080 pools that are not ready, are deleted, static or of an unknown provider make no nodes for pods", () => {
  const notReady = { ...pool("unready"), status: { conditions: [{ type: "Ready", status: "False" as const }] } };
  const deleted = { ...pool("gone"), metadata: { name: "gone", deletionTimestamp: "2026-09-01T00:00:00Z" } };
  const foreign = pool("foreign", {}, { nodeClassRef: { group: "example.com", kind: "Class", name: "x" } });
  for (const nodePool of [notReady, deleted, pool("static", { replicas: 1 }), foreign]) expect(errors(packed([pod("one")], { nodePools: [nodePool] }))).toEqual({ one: "no-nodepools" });
  expect(errors(packed([pod("one")], { nodePools: [foreign], options: { nodeClasses: ["example.com/Class"] } }))).toEqual({});
});

test("P-082 P-085 a zone is settled by the pods of a claim, and candidates are tried in one order", () => {
  const found = packed([pod("zonal", { nodeSelector: { [ZONE]: "zone-b" } }), pod("any")]);
  expect(groups(found)).toEqual(["any zonal"]);
  expect(valuesOf(found, ZONE)).toEqual(["zone-b"]);
});

test("P-083 pods of a node on its way out are placed anew; daemons, mirror pods and protected ones are not", () => {
  const [claim, made] = node("leaving", { pool: "default" });
  const gone = { ...(claim as NonNullable<typeof claim>), metadata: { ...claim?.metadata, name: "leaving-claim", deletionTimestamp: "2026-09-01T11:00:00Z" } } as never;
  const on = { nodeName: "leaving", status: { phase: "Running" as const } };
  const owner = (kind: string, apiVersion: string) => ({ metadata: { ownerReferences: [{ kind, apiVersion, name: "o", uid: "o" }] } });
  const found = packed([gone, made as never, pod("app", on), pod("daemon", { ...on, ...owner("DaemonSet", "apps/v1") }), pod("mirror", { ...on, ...owner("Node", "v1") }), pod("kept", { ...on, metadata: { annotations: { "karpenter.sh/do-not-disrupt": "true" } } })]);
  expect(groups(found)).toEqual(["app"]);
});

test("P-084 in a consolidation nodes with recent pod events take only pending pods", () => {
  const quiet = { conditions: [{ type: "Initialized", status: "True" as const, lastTransitionTime: "2026-09-01T11:59:50Z" }] };
  const objects = [...node("busy", { pool: "default", claim: { status: quiet } }), ...node("source", { pool: "default" }), pod("moving", { nodeName: "source", status: { phase: "Running" } })];
  const rest = { nodePools: [pool("default", { disruption: { consolidateAfter: "1m" } })], removeNodes: ["source"] };
  expect(packed(objects, rest, { purpose: "disruption" }).existingNodes).toEqual([]);
  expect(packed(objects, rest, { purpose: "disruption", guardDestinations: false }).existingNodes).toEqual([{ node: "busy", pods: ["default/moving"] }]);
});

test("P-086 there is no clock in a solve: a large one ends with every pod placed or explained", () => {
  const many = packed(pods(300, "p"));
  expect(many.newNodeClaims.flatMap((claim) => claim.pods)).toHaveLength(300);
});

test("P-052 P-055 P-057 types are left by requirements, room and offering, cheapest first", () => {
  const found = packed([pod("one", { cpu: "3", nodeSelector: { [ZONE]: "zone-a", "kubernetes.io/arch": "amd64" } })], { instanceTypes: { "*": [...TYPES, type("cheap", 4, { price: 0.01, unavailable: ["zone-a"] })] } });
  expect(found.newNodeClaims[0]?.instanceTypes).toEqual(["medium", "large"]);
  expect(found.newNodeClaims[0]?.cheapestPrice).toBeCloseTo(0.16, 9);
});

test("P-074 shuffled objects, pools and types give the same bytes", () => {
  const objects = [...node("a"), ...node("b"), ...pods(12, "p", { cpu: "1500m" }), pod("z", { nodeSelector: { [ZONE]: "zone-c" } })];
  const one = JSON.stringify(solve(prepare(cluster(objects, { nodePools: [pool("x"), pool("y", {}, { requirements: [is("kubernetes.io/arch", "amd64")] })] }), { nowMs: NOW_MS })));
  const other = JSON.stringify(solve(prepare(cluster([...objects].reverse(), { nodePools: [pool("y", {}, { requirements: [is("kubernetes.io/arch", "amd64")] }), pool("x")], instanceTypes: { "*": [...TYPES].reverse() } }), { nowMs: NOW_MS })));
  expect(other).toBe(one);
});
