import { type Condition, isOwnedByDaemonSet, type Node, type Pod, durationMs, nameOf } from "@groupless/api";
import { timestamp } from "../clock/timestamp.ts";
import { isReady } from "../api-server/eviction.ts";
import { type WorkQueue, workQueue } from "./work-queue.ts";
import type { World } from "./world.ts";

/** How long the containers of a pod run before they end by themselves (Go duration text): for jobs and pods of a trace. */
export const RUNS_FOR_ANNOTATION = "simulator.groupless.dev/runs-for";
const NOT_READY = "node.kubernetes.io/not-ready";

/** The kubelets of all nodes: nodes become ready, bound pods start, deleted pods stop, pods that have an end come to it. */
export function kubelets(world: World): WorkQueue {
  const { clock, server, latencies, recorder } = world;
  const current = (pod: Pod): Pod | undefined => {
    const now = server.get("Pod", nameOf(pod));
    return now?.metadata.uid === pod.metadata.uid ? now : undefined;
  };

  const ready = (name: string, uid: string | undefined): void => {
    const node = server.get("Node", name);
    if (node === undefined || node.metadata.uid !== uid) return;
    const conditions: readonly Condition[] = [{ type: "Ready", status: "True", reason: "KubeletReady", message: "kubelet is posting ready status", lastTransitionTime: timestamp(clock.nowMs()) }];
    server.update(Object.assign({}, node, { spec: Object.assign({}, node.spec, { taints: (node.spec?.taints ?? []).filter(({ key }) => key !== NOT_READY) }), status: Object.assign({}, node.status, { conditions }) }));
    recorder.cluster("node-ready", `Node/${name}`, `Node ${name} status is now: NodeReady`);
    for (const pod of server.podsOn(name)) queue.add(nameOf(pod));
  };
  const start = (pod: Pod): void => {
    const now = current(pod);
    if (now === undefined || now.metadata.deletionTimestamp !== undefined || server.get("Node", now.spec.nodeName ?? "") === undefined) return;
    const at = timestamp(clock.nowMs());
    const conditions: readonly Condition[] = [...(now.status?.conditions ?? []), ...["ContainersReady", "Ready"].map((type) => ({ type, status: "True" as const, lastTransitionTime: at }))];
    server.update(Object.assign({}, now, { status: Object.assign({}, now.status, { phase: "Running" as const, startTime: at, conditions }) }));
    recorder.cluster("pod-running", `Pod/${nameOf(pod)}`, "Started container", isOwnedByDaemonSet(pod));
    const runsFor = now.metadata.annotations?.[RUNS_FOR_ANNOTATION];
    if (runsFor !== undefined) clock.after(durationMs(runsFor), () => end(pod));
  };
  const end = (pod: Pod): void => {
    const now = current(pod);
    if (now === undefined || now.status?.phase !== "Running") return;
    const owned = now.metadata.ownerReferences?.length ?? 0;
    recorder.cluster("pod-succeeded", `Pod/${nameOf(pod)}`, "Completed");
    const conditions = (now.status.conditions ?? []).map((condition) => (condition.type === "PodScheduled" ? condition : Object.assign({}, condition, { status: "False" as const, reason: "PodCompleted" })));
    server.update(Object.assign({}, now, { status: Object.assign({}, now.status, { phase: "Succeeded" as const, conditions }) }));
    // Nobody collects a bare pod that has ended.
    if (owned === 0) server.remove("Pod", nameOf(pod));
  };

  const started = new Set<string>();
  const stopping = new Map<string, string>();
  const queue = workQueue((key) => {
    const pod = server.get("Pod", key);
    const uid = pod?.metadata.uid;
    const nodeName = pod?.spec.nodeName;
    if (pod === undefined || uid === undefined || nodeName === undefined) return;
    const deadline = pod.metadata.deletionTimestamp;
    if (deadline !== undefined) {
      if (stopping.get(uid) === deadline) return;
      stopping.set(uid, deadline);
      // Containers get their grace period, and most do not need all of it.
      const stopMs = Math.min(latencies.podStopMs, (pod.metadata.deletionGracePeriodSeconds ?? 30) * 1000);
      clock.after(stopMs, () => {
        stopping.delete(uid);
        server.finish("Pod", key, uid);
      });
      return;
    }
    const node = server.get("Node", nodeName);
    if (started.has(uid) || node === undefined || (!isOwnedByDaemonSet(pod) && !nodeReady(node))) return;
    started.add(uid);
    clock.after(latencies.podStartMs, () => start(pod));
  });

  server.watch(({ type, object }) => {
    if (object.kind === "Pod") {
      if (type === "DELETED") started.delete(object.metadata.uid ?? "");
      else if (object.spec.nodeName !== undefined && !isReady(object)) queue.add(nameOf(object));
      else if (object.metadata.deletionTimestamp !== undefined) queue.add(nameOf(object));
    }
    if (object.kind !== "Node") return;
    const { name, uid } = object.metadata;
    if (type === "ADDED" && !nodeReady(object)) clock.after(latencies.readyMs, () => ready(name, uid));
    // Pod garbage collection: pods of a node that is gone have nobody left to stop them.
    if (type === "DELETED") for (const pod of server.podsOn(name)) server.finish("Pod", nameOf(pod), pod.metadata.uid ?? "");
  });
  return queue;
}

/** Is the node's Ready condition true? */
export function nodeReady(node: Node): boolean {
  return node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
}
