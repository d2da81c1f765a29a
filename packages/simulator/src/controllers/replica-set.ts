import { isActive, type Pod, type ReplicaSet, nameOf } from "@groupless/api";
import { isReady } from "../api-server/eviction.ts";
import { controllerOf, podOf } from "./pod-template.ts";
import { type WorkQueue, workQueue } from "./work-queue.ts";
import type { World } from "./world.ts";

/** Keeps as many pods as a ReplicaSet asks for. */
export function replicaSets({ server, random }: World): WorkQueue {
  const names = random.stream("replica-set");
  const queue = workQueue((key) => {
    const set = server.get("ReplicaSet", key);
    if (set === undefined) return;
    const pods = podsOf(server.dependents(set.metadata.uid ?? ""));
    const active = pods.filter(isActive);
    const wanted = set.metadata.deletionTimestamp === undefined ? (set.spec.replicas ?? 1) : 0;
    for (let count = active.length; count < wanted; count += 1) server.create(podOf(set.spec.template, set, `${set.metadata.name}-${names.suffix(5)}`));
    for (const pod of deletionOrder(active).slice(0, Math.max(0, active.length - wanted))) server.remove("Pod", nameOf(pod));
    const status = { replicas: wanted, readyReplicas: active.filter(isReady).length };
    if (set.status?.["readyReplicas"] !== status.readyReplicas || set.status["replicas"] !== wanted) server.update({ ...set, status } as ReplicaSet);
  });
  server.watch(({ object }) => {
    if (object.kind === "ReplicaSet") queue.add(nameOf(object));
    const owner = object.kind === "Pod" ? controllerOf(object, "ReplicaSet") : undefined;
    if (owner !== undefined) queue.add(owner);
  });
  return queue;
}

const podsOf = (objects: readonly { readonly kind: string }[]): readonly Pod[] => objects.filter((object): object is Pod => object.kind === "Pod");

// Kubernetes controller ActivePods: unassigned first, then not ready, then lower deletion cost, then the younger.
function deletionOrder(pods: readonly Pod[]): readonly Pod[] {
  const rank = (pod: Pod): readonly number[] => [
    pod.spec.nodeName === undefined ? 0 : 1,
    isReady(pod) ? 1 : 0,
    Number(pod.metadata.annotations?.["controller.kubernetes.io/pod-deletion-cost"] ?? 0),
    -Date.parse(pod.metadata.creationTimestamp ?? ""),
  ];
  return [...pods].sort((a, b) => {
    const [ranksA, ranksB] = [rank(a), rank(b)];
    for (let index = 0; index < ranksA.length; index += 1) {
      const difference = (ranksA[index] ?? 0) - (ranksB[index] ?? 0);
      if (difference !== 0) return difference;
    }
    return a.metadata.name < b.metadata.name ? -1 : 1;
  });
}
