import { type PodDisruptionBudget, type PodDisruptionBudgetStatus, nameOf } from "@groupless/api";
import { covers } from "../api-server/budget-match.ts";
import { isReady } from "../api-server/eviction.ts";
import { isActive } from "./pod-template.ts";
import { type WorkQueue, workQueue } from "./work-queue.ts";
import type { World } from "./world.ts";

/** Keeps the status of PodDisruptionBudgets: healthy pods now, those wanted, disruptions allowed. */
export function disruptionBudgets({ server }: World): WorkQueue {
  const queue = workQueue((key) => {
    const budget = server.get("PodDisruptionBudget", key);
    if (budget === undefined) return;
    const status = statusOf(budget);
    const old = budget.status;
    const same = old?.currentHealthy === status.currentHealthy && old?.desiredHealthy === status.desiredHealthy && old?.expectedPods === status.expectedPods && old?.disruptionsAllowed === status.disruptionsAllowed;
    if (!same) server.update({ ...budget, status: { ...status, observedGeneration: budget.metadata.generation ?? 1 } });
  });

  const statusOf = (budget: PodDisruptionBudget): PodDisruptionBudgetStatus => {
    const pods = server.list("Pod").filter((pod) => covers(budget, pod));
    const healthy = pods.filter((pod) => isReady(pod) && isActive(pod)).length;
    const { minAvailable, maxUnavailable } = budget.spec;
    // An absolute minimum counts the pods there are; everything else the replicas their controllers ask for.
    const expected = typeof minAvailable === "number" ? pods.filter(isActive).length : replicasOf(pods);
    const desired = minAvailable === undefined ? Math.max(0, expected - share(maxUnavailable ?? 1, expected)) : share(minAvailable, expected);
    return { currentHealthy: healthy, desiredHealthy: desired, expectedPods: expected, disruptionsAllowed: expected === 0 ? 0 : Math.max(0, healthy - desired) };
  };

  const replicasOf = (pods: ReturnType<typeof server.list<"Pod">>): number => {
    const owners = new Map<string, number>();
    for (const pod of pods) {
      const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller === true);
      if (owner === undefined) continue;
      const name = `${pod.metadata.namespace ?? "default"}/${owner.name}`;
      const object = owner.kind === "ReplicaSet" || owner.kind === "StatefulSet" ? server.get(owner.kind, name) : undefined;
      owners.set(owner.uid, object?.spec.replicas ?? 1);
    }
    return [...owners.values()].reduce((sum, replicas) => sum + replicas, 0);
  };

  server.watch(({ object, old }) => {
    if (object.kind === "PodDisruptionBudget") queue.add(nameOf(object));
    if (object.kind !== "Pod") return;
    for (const budget of server.list("PodDisruptionBudget")) if (covers(budget, object) || (old?.kind === "Pod" && covers(budget, old))) queue.add(nameOf(budget));
  });
  return queue;
}

// Percentages round up (Kubernetes disruption controller, intstr with roundUp).
function share(value: number | string, of: number): number {
  if (typeof value === "number") return value;
  return value.endsWith("%") ? Math.ceil((Number(value.slice(0, -1)) * of) / 100) : Number(value);
}
