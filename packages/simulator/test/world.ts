import { type KubeObject, nameOf, type Node, type Pod } from "@groupless/api";
import { apiServer } from "../src/api-server/api-server.ts";
import { virtualClock } from "../src/clock/clock.ts";
import { random } from "../src/clock/random.ts";
import { startKubernetes } from "../src/controllers/kubernetes.ts";
import { DEFAULT_LATENCIES } from "../src/controllers/latencies.ts";
import { settle, type World } from "../src/controllers/world.ts";
import { recorder } from "../src/record/recorder.ts";

export const START_MS: number = Date.UTC(2026, 0, 1);

export interface TestCluster {
  readonly world: World;
  apply(...objects: readonly KubeObject[]): void;
  run(ms: number): Promise<void>;
  pods(): readonly Pod[];
  /** Node names by pod name. */
  places(): Readonly<Record<string, string | undefined>>;
}

/** Kubernetes alone, without an autoscaler. */
export function testCluster(): TestCluster {
  const clock = virtualClock(START_MS);
  const draws = random("test");
  const server = apiServer(clock, draws.stream("uid"));
  const world: World = { clock, server, random: draws, recorder: recorder(clock), latencies: DEFAULT_LATENCIES, queues: [] };
  startKubernetes(world);
  return {
    world,
    apply: (...objects) => {
      for (const object of objects) server.apply(object);
      settle(world);
    },
    run: (ms) => clock.runUntil(clock.nowMs() + ms, () => settle(world)),
    pods: () => server.list("Pod"),
    places: () => Object.fromEntries(server.list("Pod").map((pod) => [nameOf(pod).replace("default/", ""), pod.spec.nodeName])),
  };
}

export function readyNode(name: string, { cpu = "4", memory = "16Gi", pods = "58", labels = {}, ...spec }: { readonly cpu?: string; readonly memory?: string; readonly pods?: string; readonly labels?: Readonly<Record<string, string>> } & Node["spec"] = {}): Node {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { "kubernetes.io/hostname": name, ...labels } },
    spec: { providerID: `aws:///z/${name}`, ...spec },
    status: { capacity: { cpu, memory, pods }, allocatable: { cpu, memory, pods }, conditions: [{ type: "Ready", status: "True" }] },
  };
}

export function pod(name: string, spec: Partial<Pod["spec"]> = {}, cpu = "1", labels: Readonly<Record<string, string>> = { app: name }): Pod {
  return { apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "default", labels }, spec: { containers: [{ name: "main", resources: { requests: { cpu } } }], ...spec }, status: { phase: "Pending" } };
}
