import { InputError, type KubeObject, nameOf } from "@groupless/api";
import { nodeReady } from "../controllers/kubelet.ts";
import { settle, type World } from "../controllers/world.ts";
import { table } from "../record/tables.ts";
import { mergePatch } from "./merge-patch.ts";
import type { CapacityPool, Step } from "./story.ts";

/** What steps may do to the cloud under the cluster. */
export interface CloudControls {
  upgrade(kubernetesVersion: string): void;
  interrupt(nodePool: string, count: number, noticeMs: number): void;
  exhaust(pool: CapacityPool, ms: number): void;
}

/** How long the cluster must be at rest before `settle` ends, and how often it looks. */
const REST_MS = 45_000;
const LOOK_MS = 1_000;

/** Plays one step. */
export async function play(step: Step, world: World, cloud: CloudControls): Promise<void> {
  const { server, recorder, clock } = world;
  const run = (ms: number): Promise<void> => clock.runUntil(clock.nowMs() + ms, () => settle(world));
  const found = (kind: KubeObject["kind"], name: string): KubeObject => {
    const object = server.get(kind, name);
    if (object === undefined) throw new InputError("no-such-object", `there is no ${kind} ${name} at this point of the story`, { expected: "an object that has been applied" });
    return object;
  };
  switch (step.do) {
    case "say":
      recorder.heading(step.text);
      break;
    case "apply":
      recorder.command(`kubectl apply -f ${step.source}`);
      for (const object of step.objects) server.apply(object);
      break;
    case "scale": {
      recorder.command(`kubectl scale ${step.kind.toLowerCase()}/${short(step.name)} --replicas=${step.replicas}`);
      const object = found(step.kind, step.name);
      if ("spec" in object) server.update({ ...object, spec: { ...object.spec, replicas: step.replicas } } as KubeObject);
      break;
    }
    case "patch":
      recorder.command(`kubectl patch ${step.kind.toLowerCase()}/${short(step.name)} --type=merge -p '${JSON.stringify(step.patch)}'`);
      server.update(mergePatch(found(step.kind, step.name), step.patch) as KubeObject);
      break;
    case "delete":
      recorder.command(`kubectl delete ${step.kind.toLowerCase()}/${short(step.name)}`);
      server.remove(step.kind, nameOf(found(step.kind, step.name)));
      break;
    case "upgrade":
      recorder.command(`aws eks update-cluster-version --kubernetes-version ${step.kubernetesVersion}`);
      cloud.upgrade(step.kubernetesVersion);
      break;
    case "interrupt":
      cloud.interrupt(step.nodePool, step.count, step.noticeMs);
      break;
    case "exhaust":
      cloud.exhaust(step.pool, step.ms);
      break;
    case "advance":
      await run(step.ms);
      break;
    case "settle":
      await rest(world, step.ms, run);
      break;
    case "observe":
      for (const listing of step.listings) {
        const { command, header, rows } = table(server, listing, step.namespace);
        recorder.table(command, header, rows);
      }
      break;
  }
  settle(world);
  await run(0);
}

// At rest: every node is up, none is leaving, and no pod is on its way anywhere.
async function rest(world: World, mostMs: number, run: (ms: number) => Promise<void>): Promise<void> {
  const { server, clock } = world;
  const endMs = clock.nowMs() + mostMs;
  const busy = (): boolean =>
    server.list("NodeClaim").some(({ metadata, status }) => metadata.deletionTimestamp !== undefined || !(status?.conditions?.some(({ type, status: is }) => type === "Initialized" && is === "True") ?? false)) ||
    server.list("Node").some((node) => node.metadata.deletionTimestamp !== undefined || !nodeReady(node)) ||
    server.list("Pod").some(({ metadata, spec, status }) => metadata.deletionTimestamp !== undefined || (status?.phase === "Pending" && spec.nodeName !== undefined));
  for (let quietMs = 0; quietMs < REST_MS && clock.nowMs() < endMs; ) {
    await run(Math.min(LOOK_MS, endMs - clock.nowMs()));
    quietMs = busy() ? 0 : quietMs + LOOK_MS;
  }
}

const short = (name: string): string => name.replace(/^default\//, "");
