import { daemonSets } from "./daemon-set.ts";
import { deployments } from "./deployment.ts";
import { disruptionBudgets } from "./disruption-budget.ts";
import { jobs } from "./job.ts";
import { kubelets } from "./kubelet.ts";
import { replicaSets } from "./replica-set.ts";
import { scheduler } from "./scheduler/scheduler.ts";
import { statefulSets } from "./stateful-set.ts";
import type { World } from "./world.ts";

/** Start everything of Kubernetes itself: workload controllers, budgets, the scheduler, the kubelets. */
export function startKubernetes(world: World): void {
  world.queues.push(deployments(world), replicaSets(world), statefulSets(world), daemonSets(world), jobs(world), disruptionBudgets(world), scheduler(world), kubelets(world));
}
