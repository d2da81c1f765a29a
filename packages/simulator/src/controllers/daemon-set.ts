import { type Pod, nameOf } from "@groupless/api";
import { daemonPlacement } from "@groupless/manifests";
import { podOf } from "./pod-template.ts";
import { acceptsNode } from "./scheduler/node-selector.ts";
import { untolerated } from "./scheduler/taints.ts";
import { type WorkQueue, workQueue } from "./work-queue.ts";
import type { World } from "./world.ts";

/** Keeps one pod of a DaemonSet on every node that its template accepts. */
export function daemonSets({ server, random }: World): WorkQueue {
  const names = random.stream("daemon-set");
  const running = new Map<string, string>();
  const queue = workQueue((key) => {
    const node = server.get("Node", key);
    if (node === undefined || node.metadata.deletionTimestamp !== undefined) return;
    for (const set of server.list("DaemonSet")) {
      const place = `${set.metadata.uid ?? ""}@${key}`;
      if (running.has(place)) continue;
      // The template's own node affinity chooses nodes; the pod made for one is pinned to it by name, so that the scheduler still has the last word.
      const wanted = podOf(set.spec.template, set, `${set.metadata.name}-${names.suffix(5)}`);
      const pod = { ...wanted, spec: { ...wanted.spec, ...daemonPlacement(wanted.spec, key) } };
      if (!acceptsNode(wanted, node) || untolerated(pod, node.spec?.taints, ["NoSchedule", "NoExecute"]) !== undefined) continue;
      running.set(place, nameOf(server.create(pod)));
    }
  });
  // A pod that never came to its node has nowhere else to go.
  const forget = (node: string): void => {
    for (const [place, name] of running) if (place.endsWith(`@${node}`) && server.get("Pod", name)?.spec.nodeName === undefined) server.remove("Pod", name);
  };
  server.watch(({ type, object, old }) => {
    if (object.kind === "DaemonSet" && type === "ADDED") for (const node of server.list("Node")) queue.add(node.metadata.name);
    if (object.kind === "Node" && type === "DELETED") forget(object.metadata.name);
    if (object.kind === "Node") {
      const before = old?.kind === "Node" ? old : undefined;
      if (type !== "DELETED" && (before === undefined || before.spec !== object.spec || before.metadata.labels !== object.metadata.labels)) queue.add(object.metadata.name);
    }
    if (object.kind === "Pod" && type === "DELETED" && isDaemon(object)) {
      const target = targetOf(object);
      running.delete(`${object.metadata.ownerReferences?.[0]?.uid ?? ""}@${target}`);
      queue.add(target);
    }
  });
  return queue;
}

const isDaemon = (pod: Pod): boolean => pod.metadata.ownerReferences?.[0]?.kind === "DaemonSet";
const targetOf = (pod: Pod): string =>
  pod.spec.nodeName ?? pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms[0]?.matchFields?.[0]?.values?.[0] ?? "";
