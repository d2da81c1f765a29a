import { type Condition, isOwnedByDaemonSet, nameOf, type Pod } from "@groupless/api";
import { type WorkQueue } from "../work-queue.ts";
import type { World } from "../world.ts";
import { timestamp } from "../../clock/timestamp.ts";
import { amountsOf, requestedBy } from "./amounts.ts";
import { hasRoom, podView, refusal } from "./filters.ts";
import { account, nodeInfo, type NodeInfo } from "./node-info.ts";
import { affinityView, antiAffinityTerms } from "./pod-affinity.ts";
import { scores } from "./scores.ts";
import { spreadCounts } from "./topology-spread.ts";

/** A kube-scheduler: binds pods one by one, higher priority and older first; of equally good nodes the first by name. */
export function scheduler(world: World): WorkQueue {
  const { server, recorder } = world;
  const nodes = new Map<string, NodeInfo>();
  const waiting = new Map<string, Pod>();
  const refused = new Map<string, Pod>();
  const withAntiAffinity = new Map<string, Pod>();

  let byName: readonly NodeInfo[] | undefined;
  const sorted = (): readonly NodeInfo[] => (byName ??= [...nodes.values()].sort((a, b) => (a.node.metadata.name < b.node.metadata.name ? -1 : 1)));
  const wake = (): void => {
    for (const [name, pod] of refused) waiting.set(name, pod);
    refused.clear();
  };

  const leave = (pod: Pod): void => {
    const info = nodes.get(pod.spec.nodeName ?? "");
    if (info !== undefined) account(info, info.pods.get(nameOf(pod)) ?? pod, -1);
    withAntiAffinity.delete(nameOf(pod));
    if (refused.size > 0) wake();
  };
  const watchPod = (pod: Pod, deleted: boolean): void => {
    const name = nameOf(pod);
    const over = deleted || pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
    if (over || pod.spec.nodeName !== undefined) {
      waiting.delete(name);
      refused.delete(name);
    }
    if (over) return leave(pod);
    if (pod.spec.nodeName === undefined) {
      if (pod.metadata.deletionTimestamp === undefined && (pod.spec.schedulingGates ?? []).length === 0) {
        if (refused.has(name)) refused.set(name, pod);
        else waiting.set(name, pod);
      }
      return;
    }
    const info = nodes.get(pod.spec.nodeName);
    if (info === undefined) return;
    if (info.pods.has(name)) info.pods.set(name, pod);
    else account(info, pod, 1);
    if (antiAffinityTerms(pod).length > 0) withAntiAffinity.set(name, pod);
  };

  server.watch(({ type, object, old }) => {
    if (object.kind === "Pod") return watchPod(object, type === "DELETED");
    if (object.kind === "PersistentVolumeClaim" || object.kind === "PersistentVolume") return wake();
    if (object.kind !== "Node") return;
    const name = object.metadata.name;
    if (type === "DELETED") {
      nodes.delete(name);
      byName = undefined;
      return;
    }
    const info = nodes.get(name);
    if (info === undefined) {
      const added = nodeInfo(object);
      nodes.set(name, added);
      byName = undefined;
      for (const pod of server.podsOn(name)) watchPod(pod, false);
      return wake();
    }
    info.node = object;
    const before = old?.kind === "Node" ? old : undefined;
    if (before?.status?.allocatable !== object.status?.allocatable) info.allocatable = amountsOf(object.status?.allocatable ?? {});
    if (before === undefined || before.spec !== object.spec || before.metadata.labels !== object.metadata.labels || before.status?.allocatable !== object.status?.allocatable) wake();
  });

  const refuse = (pod: Pod, reasons: ReadonlyMap<string, number>): void => {
    refused.set(nameOf(pod), pod);
    if (isUnschedulable(pod)) return;
    const why = [...reasons].map(([reason, count]) => `${count} ${reason}`).sort();
    const message = `0/${nodes.size} nodes are available${why.length === 0 ? "" : `: ${why.join(", ")}`}.`;
    const unscheduled: Condition = { type: "PodScheduled", status: "False", reason: "Unschedulable", message, lastTransitionTime: timestamp(server.nowMs()) };
    server.update({ ...pod, status: { ...pod.status, phase: "Pending", conditions: [unscheduled] } });
    recorder.cluster("pod-unschedulable", `Pod/${nameOf(pod)}`, message);
  };

  const place = (pod: Pod, infos: readonly NodeInfo[]): void => {
    const view = podView(pod, requestedBy(pod), affinityView(pod, infos, withAntiAffinity), spreadCounts(pod, infos));
    const reasons = new Map<string, number>();
    const feasible: NodeInfo[] = [];
    // Why a pod has no place is written down once: after that only nodes with room need a closer look.
    const isTold = isUnschedulable(pod);
    for (const info of infos) {
      if (isTold && !hasRoom(view, info)) continue;
      const reason = refusal(view, info, server);
      if (reason === undefined) feasible.push(info);
      else reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    if (feasible.length === 0) return refuse(pod, reasons);
    const marks = feasible.length === 1 ? [0] : scores(view, feasible);
    let best = 0;
    for (let index = 1; index < marks.length; index += 1) if ((marks[index] ?? 0) > (marks[best] ?? 0)) best = index;
    bind(pod, feasible[best] as NodeInfo);
  };

  const bind = (pod: Pod, info: NodeInfo): void => {
    const nodeName = info.node.metadata.name;
    const scheduled: Condition = { type: "PodScheduled", status: "True", lastTransitionTime: timestamp(server.nowMs()) };
    const bound: Pod = { ...pod, spec: { ...pod.spec, nodeName }, status: { ...pod.status, phase: "Pending", conditions: [scheduled] } };
    account(info, bound, 1);
    if (antiAffinityTerms(bound).length > 0) withAntiAffinity.set(nameOf(bound), bound);
    server.update(bound);
    recorder.cluster("pod-bound", `Pod/${nameOf(pod)}`, `Successfully assigned ${nameOf(pod)} to ${nodeName}`, isOwnedByDaemonSet(pod));
  };

  return {
    add: () => undefined,
    drain: () => {
      if (waiting.size === 0) return false;
      const pods = [...waiting.values()].sort(byTurn);
      waiting.clear();
      const infos = sorted();
      for (const pod of pods) {
        // A DaemonSet's pod names its node: the others need not be asked.
        const target = daemonTarget(pod);
        const only = target === undefined ? undefined : nodes.get(target);
        place(pod, only === undefined ? infos : [only]);
      }
      return true;
    },
  };
}

function isUnschedulable({ status }: Pod): boolean {
  return status?.conditions?.some(({ type, reason }) => type === "PodScheduled" && reason === "Unschedulable") === true;
}

function daemonTarget(pod: Pod): string | undefined {
  const terms = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const field = terms?.length === 1 ? terms[0]?.matchFields?.[0] : undefined;
  return field?.key === "metadata.name" && field.operator === "In" && field.values?.length === 1 ? field.values[0] : undefined;
}

function byTurn(a: Pod, b: Pod): number {
  const priority = (b.spec.priority ?? 0) - (a.spec.priority ?? 0);
  if (priority !== 0) return priority;
  const created = Date.parse(a.metadata.creationTimestamp ?? "") - Date.parse(b.metadata.creationTimestamp ?? "");
  if (created !== 0) return created;
  return nameOf(a) < nameOf(b) ? -1 : 1;
}
