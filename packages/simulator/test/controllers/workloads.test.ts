import type { Deployment, Job, KubeObject, StatefulSet } from "@groupless/api";
import { describe, expect, test } from "vitest";
import { isReady } from "../../src/api-server/eviction.ts";
import { RUNS_FOR_ANNOTATION } from "../../src/controllers/kubelet.ts";
import { pod, readyNode, testCluster } from "../world.ts";

const template = (extra: object = {}): Deployment["spec"]["template"] => ({ metadata: { labels: { app: "web" } }, spec: { terminationGracePeriodSeconds: 0, containers: [{ name: "web", resources: { requests: { cpu: "100m" } } }], ...extra } });
const deployment = (replicas: number, extra: object = {}): Deployment => ({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", namespace: "default" }, spec: { replicas, selector: { matchLabels: { app: "web" } }, template: template(extra) } });

describe("deployments", () => {
  test("keep as many pods as they ask for, whatever goes", async () => {
    const { apply, pods, run, world } = testCluster();
    apply(readyNode("a"), deployment(3));
    await run(5_000);
    const [first] = pods();
    world.server.remove("Pod", `default/${first?.metadata.name ?? ""}`);
    await run(5_000);
    expect(pods()).toHaveLength(3);
    expect(pods().every(isReady)).toBe(true);
    expect(pods().map(({ metadata }) => metadata.name)).not.toContain(first?.metadata.name);
  });

  test("a changed template rolls without going below three quarters or above five quarters", async () => {
    const { apply, pods, run, world } = testCluster();
    apply(readyNode("a", { cpu: "32" }), deployment(8));
    await run(5_000);
    let [least, most] = [8, 8];
    world.server.watch(() => {
      least = Math.min(least, pods().filter(isReady).length);
      most = Math.max(most, pods().length);
    });
    const old = world.server.get("Deployment", "default/web") as Deployment;
    world.server.update({ ...old, spec: { ...old.spec, template: template({ priority: 1 }) } });
    await run(60_000);
    expect(pods().map(({ spec }) => spec.priority)).toEqual(Array.from({ length: 8 }, () => 1));
    expect(least).toBeGreaterThanOrEqual(6);
    expect(most).toBeLessThanOrEqual(10);
  });
});

describe("stateful sets and jobs", () => {
  test("a stateful set starts one pod after the other and ends with the last", async () => {
    const { apply, pods, run, world } = testCluster();
    const set: StatefulSet = { apiVersion: "apps/v1", kind: "StatefulSet", metadata: { name: "db", namespace: "default" }, spec: { replicas: 3, selector: { matchLabels: { app: "web" } }, template: template() } };
    apply(readyNode("a"), set);
    expect(pods().map(({ metadata }) => metadata.name)).toEqual(["db-0"]);
    await run(10_000);
    expect(pods().map(({ metadata }) => metadata.name)).toEqual(["db-0", "db-1", "db-2"]);
    world.server.update({ ...(world.server.get("StatefulSet", "default/db") as StatefulSet), spec: { ...set.spec, replicas: 1 } });
    await run(10_000);
    expect(pods().map(({ metadata }) => metadata.name)).toEqual(["db-0"]);
  });

  test("a job runs as many pods as may run at once until enough have succeeded", async () => {
    const { apply, pods, run } = testCluster();
    const job: Job = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "sum", namespace: "default" }, spec: { parallelism: 2, completions: 5, template: { metadata: { annotations: { [RUNS_FOR_ANNOTATION]: "30s" } }, spec: { containers: [{ name: "sum" }] } } } };
    apply(readyNode("a"), job);
    await run(10_000);
    expect(pods().filter(({ status }) => status?.phase === "Running")).toHaveLength(2);
    await run(120_000);
    expect(pods().filter(({ status }) => status?.phase === "Succeeded")).toHaveLength(5);
    expect(pods()).toHaveLength(5);
  });
});

describe("daemon sets", () => {
  const daemon = (spec: object = {}): KubeObject => ({ apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: "agent", namespace: "default" }, spec: { selector: { matchLabels: { app: "web" } }, template: template(spec) } });

  test("put a pod on every node their template accepts, also on those that come later and are not ready yet", async () => {
    const { apply, places, run } = testCluster();
    apply(daemon({ nodeSelector: { disk: "ssd" } }), readyNode("a", { labels: { disk: "ssd" } }), readyNode("b"));
    apply({ ...readyNode("c", { labels: { disk: "ssd" }, taints: [{ key: "node.kubernetes.io/not-ready", effect: "NoExecute" }] }), status: { allocatable: { cpu: "4", pods: "10" } } });
    await run(1_000);
    expect(Object.values(places()).sort()).toEqual(["a", "c"]);
  });

  test("put one anew where one was deleted, and none where the node is gone", async () => {
    const { apply, pods, places, run, world } = testCluster();
    apply(daemon(), readyNode("a"), readyNode("b"));
    await run(5_000);
    const onA = pods().find(({ spec }) => spec.nodeName === "a");
    world.server.remove("Pod", `default/${onA?.metadata.name ?? ""}`);
    world.server.remove("Node", "b");
    await run(5_000);
    expect(Object.values(places())).toEqual(["a"]);
    expect(Object.keys(places())).not.toContain(onA?.metadata.name);
  });
});

describe("budgets and kubelets", () => {
  test("a budget's status follows its pods", async () => {
    const { apply, run, world } = testCluster();
    apply(readyNode("a"), deployment(4), { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: { name: "web", namespace: "default" }, spec: { maxUnavailable: "50%", selector: { matchLabels: { app: "web" } } } });
    expect(world.server.get("PodDisruptionBudget", "default/web")?.status).toMatchObject({ expectedPods: 4, currentHealthy: 0, desiredHealthy: 2, disruptionsAllowed: 0 });
    await run(5_000);
    expect(world.server.get("PodDisruptionBudget", "default/web")?.status).toMatchObject({ currentHealthy: 4, disruptionsAllowed: 2 });
  });

  test("a node that joins becomes ready after a while, and only then takes ordinary pods", async () => {
    const { apply, places, run, world } = testCluster();
    apply(pod("x"), { ...readyNode("new", { taints: [{ key: "node.kubernetes.io/not-ready", effect: "NoSchedule" }] }), status: { allocatable: { cpu: "4", pods: "10" }, conditions: [{ type: "Ready", status: "False" }] } });
    await run(5_000);
    expect(places()["x"]).toBeUndefined();
    await run(10_000);
    expect(places()["x"]).toBe("new");
    expect(world.server.get("Node", "new")?.spec?.taints).toEqual([]);
  });

  test("a pod with an end comes to it, and nobody keeps a bare one", async () => {
    const { apply, pods, run } = testCluster();
    apply(readyNode("a"), { ...pod("short"), metadata: { name: "short", namespace: "default", annotations: { [RUNS_FOR_ANNOTATION]: "1m" } } });
    await run(30_000);
    expect(pods()[0]?.status?.phase).toBe("Running");
    await run(60_000);
    expect(pods()).toEqual([]);
  });

  test("pods of a node that is gone are gone too", async () => {
    const { apply, pods, run, world } = testCluster();
    apply(readyNode("a"), pod("x"));
    await run(5_000);
    world.server.remove("Node", "a");
    await run(0);
    expect(pods()).toEqual([]);
  });
});
