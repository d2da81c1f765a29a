import { isActive, type Pod, nameOf } from "@groupless/api";
import { controllerOf, podOf } from "./pod-template.ts";
import { type WorkQueue, workQueue } from "./work-queue.ts";
import type { World } from "./world.ts";

/** Runs pods until as many have succeeded as a Job asks for, `parallelism` at a time. */
export function jobs({ server, random }: World): WorkQueue {
  const names = random.stream("job");
  const queue = workQueue((key) => {
    const job = server.get("Job", key);
    if (job === undefined) return;
    const pods = server.dependents(job.metadata.uid ?? "").filter((object): object is Pod => object.kind === "Pod");
    const parallelism = job.spec.parallelism ?? 1;
    const succeeded = pods.filter((pod) => pod.status?.phase === "Succeeded").length;
    const active = pods.filter(isActive).length;
    const wanted = Math.min(parallelism, (job.spec.completions ?? parallelism) - succeeded);
    for (let count = active; count < wanted; count += 1) server.create(podOf(job.spec.template, job, `${job.metadata.name}-${names.suffix(5)}`, { "batch.kubernetes.io/job-name": job.metadata.name }));
  });
  server.watch(({ object }) => {
    if (object.kind === "Job") queue.add(nameOf(object));
    const owner = object.kind === "Pod" ? controllerOf(object, "Job") : undefined;
    if (owner !== undefined) queue.add(owner);
  });
  return queue;
}
