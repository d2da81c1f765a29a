import { type Pod, nameOf } from "@groupless/api";
import { isReady } from "../api-server/eviction.ts";
import { controllerOf, podOf } from "./pod-template.ts";
import { type WorkQueue, workQueue } from "./work-queue.ts";
import type { World } from "./world.ts";

/** Keeps pods `name-0`, `name-1`, …, one after the other: each waits until the one before it is ready. */
export function statefulSets({ server }: World): WorkQueue {
  const queue = workQueue((key) => {
    const set = server.get("StatefulSet", key);
    if (set === undefined) return;
    const wanted = set.spec.replicas ?? 1;
    const podAt = (index: number): Pod | undefined => server.get("Pod", `${set.metadata.namespace ?? "default"}/${set.metadata.name}-${index}`);
    for (let index = 0; index < wanted; index += 1) {
      const pod = podAt(index);
      if (pod === undefined) server.create(podOf(set.spec.template, set, `${set.metadata.name}-${index}`, { "statefulset.kubernetes.io/pod-name": `${set.metadata.name}-${index}` }));
      if (pod === undefined || !isReady(pod)) return;
    }
    const beyond = server.dependents(set.metadata.uid ?? "").filter((object): object is Pod => object.kind === "Pod" && ordinal(object) >= wanted);
    const last = beyond.sort((a, b) => ordinal(b) - ordinal(a))[0];
    if (last !== undefined) server.remove("Pod", nameOf(last));
  });
  server.watch(({ object }) => {
    if (object.kind === "StatefulSet") queue.add(nameOf(object));
    const owner = object.kind === "Pod" ? controllerOf(object, "StatefulSet") : undefined;
    if (owner !== undefined) queue.add(owner);
  });
  return queue;
}

const ordinal = (pod: Pod): number => Number(pod.metadata.name.slice(pod.metadata.name.lastIndexOf("-") + 1));
