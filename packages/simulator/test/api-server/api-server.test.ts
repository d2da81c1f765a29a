import type { PodDisruptionBudget } from "@groupless/api";
import { describe, expect, test } from "vitest";
import type { Change } from "../../src/api-server/api-server.ts";
import { pod, readyNode, START_MS, testCluster } from "../world.ts";

describe("objects", () => {
  test("a created object gets a uid, a time, a version and generation 1; a changed spec the next generation", () => {
    const { world } = testCluster();
    const created = world.server.create(readyNode("a"));
    expect(created.metadata).toMatchObject({ generation: 1, creationTimestamp: "2026-01-01T00:00:00Z", uid: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    world.server.update({ ...created, metadata: { ...created.metadata, labels: { changed: "yes" } } });
    expect(world.server.get("Node", "a")?.metadata.generation).toBe(1);
    world.server.update({ ...created, spec: { unschedulable: true } });
    expect(world.server.get("Node", "a")?.metadata).toMatchObject({ generation: 2, uid: created.metadata.uid });
    expect(Number(world.server.get("Node", "a")?.metadata.resourceVersion)).toBeGreaterThan(Number(created.metadata.resourceVersion));
  });

  test("watches see every change in order, those that follow from them too", () => {
    const { world } = testCluster();
    const seen: string[] = [];
    world.server.watch(({ type, object }: Change) => {
      seen.push(`${type} ${object.kind} ${object.metadata.name}`);
      if (type === "ADDED" && object.metadata.name === "a") world.server.create(readyNode("b"));
    });
    world.server.create(readyNode("a"));
    world.server.remove("Node", "a");
    world.server.settle();
    expect(seen).toEqual(["ADDED Node a", "DELETED Node a", "ADDED Node b"]);
  });
});

describe("deletion", () => {
  test("finalizers hold an object until the last is gone", () => {
    const { world } = testCluster();
    const node = world.server.create({ ...readyNode("a"), metadata: { name: "a", finalizers: ["karpenter.sh/termination"] } });
    world.server.remove("Node", "a");
    expect(world.server.get("Node", "a")?.metadata.deletionTimestamp).toBe("2026-01-01T00:00:00Z");
    const held = world.server.get("Node", "a") ?? node;
    world.server.update({ ...held, metadata: { ...held.metadata, finalizers: [] } });
    expect(world.server.get("Node", "a")).toBeUndefined();
  });

  test("what an object owns goes with it, at any depth", async () => {
    const { world, apply, run, pods } = testCluster();
    apply(readyNode("a"), { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", namespace: "default" }, spec: { replicas: 2, selector: { matchLabels: { app: "web" } }, template: { metadata: { labels: { app: "web" } }, spec: { terminationGracePeriodSeconds: 0, containers: [{ name: "web" }] } } } });
    await run(10_000);
    expect(pods()).toHaveLength(2);
    world.server.remove("Deployment", "default/web");
    await run(10_000);
    expect([pods().length, world.server.list("ReplicaSet").length]).toEqual([0, 0]);
  });

  test("a running pod has its grace period, one that runs nowhere none, and a second deletion only shortens it", async () => {
    const { world, apply, run } = testCluster();
    apply(readyNode("a"), pod("bound", { terminationGracePeriodSeconds: 600 }), pod("waiting", { nodeSelector: { no: "where" } }));
    await run(5_000);
    world.server.remove("Pod", "default/waiting");
    expect(world.server.get("Pod", "default/waiting")).toBeUndefined();
    world.server.remove("Pod", "default/bound");
    expect(Date.parse(world.server.get("Pod", "default/bound")?.metadata.deletionTimestamp ?? "")).toBe(START_MS + 605_000);
    world.server.remove("Pod", "default/bound", { gracePeriodSeconds: 700 });
    expect(world.server.get("Pod", "default/bound")?.metadata.deletionGracePeriodSeconds).toBe(600);
    world.server.remove("Pod", "default/bound", { gracePeriodSeconds: 10 });
    expect(world.server.get("Pod", "default/bound")?.metadata.deletionGracePeriodSeconds).toBe(10);
  });

  test("a precondition on the uid spares another object of the same name", () => {
    const { world } = testCluster();
    world.server.create(pod("web"));
    world.server.remove("Pod", "default/web", { uid: "someone-else" });
    expect(world.server.get("Pod", "default/web")).toBeDefined();
  });
});

describe("eviction", () => {
  const budget = (name: string, minAvailable: number): PodDisruptionBudget => ({ apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: { name, namespace: "default" }, spec: { minAvailable, selector: { matchLabels: { app: "web" } } } });
  const started = async (...budgets: readonly PodDisruptionBudget[]): Promise<ReturnType<typeof testCluster>> => {
    const cluster = testCluster();
    cluster.apply(readyNode("a"), ...["w0", "w1", "w2"].map((name) => pod(name, { terminationGracePeriodSeconds: 0 }, "100m", { app: "web" })), ...budgets);
    await cluster.run(5_000);
    return cluster;
  };

  test("a budget lets through what it allows and refuses the next at once with 429", async () => {
    const { world } = await started(budget("two", 2));
    expect(world.server.evict({ pod: "default/w0" })).toEqual({ status: 200 });
    expect(world.server.evict({ pod: "default/w1" })).toEqual({ status: 429, budget: "two" });
  });

  test("no such pod is 404, another of its name 409, two budgets 500, no budget 200", async () => {
    const { world } = await started(budget("one", 1), budget("other", 1));
    expect(world.server.evict({ pod: "default/nobody" }).status).toBe(404);
    expect(world.server.evict({ pod: "default/w0", uid: "another" }).status).toBe(409);
    expect(world.server.evict({ pod: "default/w0" }).status).toBe(500);
    const free = await started();
    expect(free.world.server.evict({ pod: "default/w0" }).status).toBe(200);
  });

  test("a pod that does not run yet may always go", async () => {
    const { world, apply } = await started(budget("all", 3));
    apply(pod("w3", { nodeSelector: { no: "where" } }, "100m", { app: "web" }));
    expect(world.server.evict({ pod: "default/w3" }).status).toBe(200);
  });
});
