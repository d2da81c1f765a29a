import { type DaemonSet, type Node, type Pod, type Toleration, nameOf } from "@groupless/api";
import { podOf } from "./pod-template.ts";
import { acceptsNode } from "./scheduler/node-selector.ts";
import { untolerated } from "./scheduler/taints.ts";
import { type WorkQueue, workQueue } from "./work-queue.ts";
import type { World } from "./world.ts";

// What the DaemonSet controller lets every pod of its own tolerate (Kubernetes daemon/util AddOrUpdateDaemonPodTolerations).
const TOLERATIONS: readonly Toleration[] = [
  { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/disk-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/memory-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/pid-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/unschedulable", operator: "Exists", effect: "NoSchedule" },
];
const HOST_NETWORK: Toleration = { key: "node.kubernetes.io/network-unavailable", operator: "Exists", effect: "NoSchedule" };

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
      const pod = daemonPod(set, node, `${set.metadata.name}-${names.suffix(5)}`);
      if (!acceptsNode(pod, node) || untolerated(pod, node.spec?.taints, ["NoSchedule", "NoExecute"]) !== undefined) continue;
      running.set(place, nameOf(server.create(pod)));
    }
  });
  server.watch(({ type, object, old }) => {
    if (object.kind === "DaemonSet" && type === "ADDED") for (const node of server.list("Node")) queue.add(node.metadata.name);
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

/** The pod of a set for one node: pinned to it by name, as the real controller does, so that the scheduler still has the last word. */
function daemonPod(set: DaemonSet, node: Node, name: string): Pod {
  const pod = podOf(set.spec.template, set, name);
  const { affinity, tolerations = [], hostNetwork } = pod.spec;
  const field = { key: "metadata.name", operator: "In" as const, values: [node.metadata.name] };
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [{}];
  const nodeAffinity = { ...affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms.map((term) => ({ ...term, matchFields: [field] })) } };
  return { ...pod, spec: { ...pod.spec, affinity: { ...affinity, nodeAffinity }, tolerations: [...tolerations, ...TOLERATIONS, ...(hostNetwork === true ? [HOST_NETWORK] : [])] } };
}
