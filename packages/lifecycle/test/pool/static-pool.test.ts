import type { KubeObject, NodeClaim, NodePool } from "@groupless/api";
import { expect, test } from "vitest";
import { deprovisionStatic, provisionStatic, type StaticOptions } from "../../src/index.ts";
import { at, condition, doings, node, nodeClaim, nodePool, NOW_MS, pod, running, world, writtenObject } from "../objects.ts";

const claimed = (name: string, changes: { readonly metadata?: object; readonly spec?: object } = {}): NodeClaim => running({ expireAfter: "Never", ...changes.spec }, { name, uid: name, ...changes.metadata }, { providerID: name, nodeName: name });
const onNode = (name: string) => node({ metadata: { name, uid: name }, spec: { providerID: name } });
const grow = (pool: NodePool, claims: readonly NodeClaim[] = [], options: Partial<StaticOptions> = {}) => provisionStatic(world(pool, ...claims), "general", { nowMs: NOW_MS, ...options });
const shrink = (pool: NodePool, objects: readonly KubeObject[], options: Partial<StaticOptions> = {}) => deprovisionStatic(world(pool, ...objects), "general", { nowMs: NOW_MS, ...options });

test("D-184 P-163 a static pool gets the claims it lacks, made of its template", () => {
  const outcome = grow(nodePool({ replicas: 3 }), [claimed("a")]);
  expect(doings(outcome)).toHaveLength(2);
  expect(new Set(doings(outcome)).size).toBe(2);
  const [made] = outcome.actions.flatMap((action) => (action.type === "create" && action.object.kind === "NodeClaim" ? [action.object] : []));
  expect(made?.metadata).toMatchObject({ generateName: "general-", labels: { "karpenter.sh/nodepool": "general", "karpenter.k8s.aws/ec2nodeclass": "default" }, ownerReferences: [{ kind: "NodePool", uid: "pool" }] });
  expect(made?.metadata.annotations?.["karpenter.sh/nodepool-hash-version"]).toBe("v3");
  expect(grow(nodePool({ replicas: 1 }), [claimed("a")])).toMatchObject({ actions: [], requeueAfterMs: 60_000 });
});

test("D-184 P-163 limits.nodes counts nodes that go, and others' reservations", () => {
  const limited = nodePool({ replicas: 4, limits: { nodes: "3" } });
  expect(doings(grow(limited, [claimed("a")]))).toHaveLength(2);
  expect(doings(grow(limited, [claimed("a")], { reserved: 1 }))).toHaveLength(1);
  expect(grow(limited, [claimed("a"), claimed("b", { metadata: { deletionTimestamp: at(1) } }), claimed("c", { metadata: { deletionTimestamp: at(1) } })])).toMatchObject({ actions: [], requeueAfterMs: 30_000 });
});

test("D-184 a claim that waits for its replacement still counts", () => {
  expect(grow(nodePool({ replicas: 2 }), [claimed("a"), claimed("b")], { pendingDisruption: ["b"] }).actions).toEqual([]);
});

test("D-184 until every claim has its instance no pool grows, unless the view has been complete before", () => {
  expect(grow(nodePool({ replicas: 2 }), [nodeClaim()])).toMatchObject({ actions: [], requeueAfterMs: 1000 });
  expect(doings(grow(nodePool({ replicas: 2 }), [nodeClaim()], { hasSynced: true }))).toHaveLength(1);
});

test("D-186 P-163 P-164 pools without replicas, of others, being deleted or not ready are passed over", () => {
  const notReady = { ...nodePool({ replicas: 2 }), status: { conditions: [condition("Ready", "False")] } };
  const foreign = nodePool({ replicas: 0, template: { spec: { nodeClassRef: { group: "other.io", kind: "Other", name: "x" }, requirements: [] } } });
  for (const pool of [nodePool(), notReady, { ...foreign, spec: { ...foreign.spec, replicas: 2 } }, nodePool({ replicas: 2 }, { deletionTimestamp: at(1) })]) expect(grow(pool)).toMatchObject({ actions: [] });
  for (const pool of [nodePool(), foreign, nodePool({ replicas: 0 }, { deletionTimestamp: at(1) })]) expect(shrink(pool, [claimed("a")])).toMatchObject({ actions: [] });
});

test("D-185 P-164 the first to go are claims without an instance, then empty nodes", () => {
  const objects: readonly KubeObject[] = [claimed("a"), onNode("a"), pod("p", { spec: { nodeName: "a" } }), claimed("b"), onNode("b"), nodeClaim({}, { name: "new", uid: "new" })];
  expect(doings(shrink(nodePool({ replicas: 2 }), objects))).toEqual(["delete NodeClaim/new"]);
  expect(doings(shrink(nodePool({ replicas: 1 }), objects))).toEqual(["delete NodeClaim/new", "delete NodeClaim/b"]);
});

test("D-185 P-164 then the cheapest to move, scaled by the life that is left, and do-not-disrupt last", () => {
  const objects: readonly KubeObject[] = [
    ...["dear", "old", "kept"].map((name) => claimed(name, name === "old" ? { spec: { expireAfter: "2h" } } : {})),
    ...["dear", "old", "kept"].map(onNode),
    pod("1", { spec: { nodeName: "dear" } }),
    pod("2", { spec: { nodeName: "old" } }),
    pod("3", { spec: { nodeName: "kept" }, metadata: { annotations: { "karpenter.sh/do-not-disrupt": "true", "controller.kubernetes.io/pod-deletion-cost": "-2147483647" } } }),
  ];
  expect(doings(shrink(nodePool({ replicas: 2 }), objects))).toEqual(["delete NodeClaim/old"]);
  expect(doings(shrink(nodePool({ replicas: 0 }), objects))).toEqual(["delete NodeClaim/old", "delete NodeClaim/dear", "delete NodeClaim/kept"]);
});

test("D-185 nodes with daemons only are empty, unless a daemon is under do-not-disrupt", () => {
  const daemon = (nodeName: string, annotations = {}) => pod(`d-${nodeName}`, { owner: "DaemonSet", spec: { nodeName }, metadata: { annotations } });
  const objects: readonly KubeObject[] = [claimed("a"), onNode("a"), daemon("a", { "karpenter.sh/do-not-disrupt": "true" }), claimed("b"), onNode("b"), daemon("b")];
  expect(doings(shrink(nodePool({ replicas: 1 }), objects))).toEqual(["delete NodeClaim/b"]);
});

test("D-186 nodes that go already are not counted and not chosen", () => {
  const objects: readonly KubeObject[] = [claimed("a"), onNode("a"), claimed("b"), onNode("b")];
  expect(shrink(nodePool({ replicas: 1 }), objects, { markedForDeletion: ["a"] }).actions).toEqual([]);
  expect(doings(shrink(nodePool({ replicas: 0 }), objects, { markedForDeletion: ["a"] }))).toEqual(["delete NodeClaim/b"]);
  expect(writtenObject(shrink(nodePool({ replicas: 0 }), objects), "NodePool")).toBeUndefined();
});
