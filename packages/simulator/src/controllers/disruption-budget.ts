import { budgetStatus, type Pod, type PodDisruptionBudget, type PodDisruptionBudgetStatus, nameOf } from "@groupless/api";
import { covers } from "../api-server/budget-match.ts";
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
    return budgetStatus(budget, pods, replicasOf(pods));
  };

  const replicasOf = (pods: readonly Pod[]): number => {
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
