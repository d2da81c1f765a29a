import { type Condition, isOwnedByDaemonSet, nameOf, type Pod } from "@groupless/api";
import { type WorkQueue } from "../work-queue.ts";
import type { World } from "../world.ts";
import { timestamp } from "../../clock/timestamp.ts";
import { requestedBy } from "./amounts.ts";
import { hasRoom, type PodView, podView, refusal } from "./filters.ts";
import { account, nodeInfo, type NodeInfo, setNode } from "./node-info.ts";
import { kindOf, outlooks } from "./outlook.ts";
import { affinityView, antiAffinityTerms } from "./pod-affinity.ts";
import { scores } from "./scores.ts";
import { spreadCounts } from "./topology-spread.ts";

const NO_REASONS: ReadonlyMap<string, number> = new Map();

/** A pod that waits for a node. */
interface Waiting {
  readonly pod: Pod;
  readonly createdMs: number;
  /** No node would have it when it was last looked at: only what has changed since can help. */
  readonly refused: boolean;
}

/** A kube-scheduler: binds pods one by one, higher priority and older first; of equally good nodes the first by name. */
export function scheduler(world: World): WorkQueue {
  const { server, recorder } = world;
  const nodes = new Map<string, NodeInfo>();
  const waiting = new Map<string, Waiting>();
  const refused = new Map<string, Waiting>();
  const withAntiAffinity = new Map<string, Pod>();
  const kinds = outlooks(nodes, server);
  // Nodes that may take more than when the refused pods were last looked at.
  const freed = new Set<string>();
  let isAllFreed = false;

  let byName: readonly NodeInfo[] | undefined;
  const sorted = (): readonly NodeInfo[] => (byName ??= [...nodes.values()].sort((a, b) => (a.node.metadata.name < b.node.metadata.name ? -1 : 1)));
  const wake = (node?: string): void => {
    if (node === undefined) isAllFreed = true;
    else freed.add(node);
    if (refused.size === 0) return;
    for (const [name, pod] of refused) waiting.set(name, pod);
    refused.clear();
  };

  const leave = (pod: Pod): void => {
    const info = nodes.get(pod.spec.nodeName ?? "");
    if (info !== undefined) {
      account(info, info.pods.get(nameOf(pod)) ?? pod, -1);
      kinds.touch(info);
    }
    // A pod that kept others away kept them from more than its own node.
    wake(withAntiAffinity.delete(nameOf(pod)) ? undefined : pod.spec.nodeName);
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
      if (pod.metadata.deletionTimestamp !== undefined || (pod.spec.schedulingGates ?? []).length > 0) return;
      const known = refused.get(name);
      if (known === undefined) waiting.set(name, { pod, createdMs: Date.parse(pod.metadata.creationTimestamp ?? ""), refused: waiting.get(name)?.refused ?? false });
      else refused.set(name, { ...known, pod });
      return;
    }
    const info = nodes.get(pod.spec.nodeName);
    if (info === undefined) return;
    if (info.pods.has(name)) info.pods.set(name, pod);
    else {
      account(info, pod, 1);
      kinds.touch(info);
    }
    if (antiAffinityTerms(pod).length > 0) withAntiAffinity.set(name, pod);
  };

  server.watch(({ type, object, old }) => {
    if (object.kind === "Pod") return watchPod(object, type === "DELETED");
    if (object.kind === "PersistentVolumeClaim" || object.kind === "PersistentVolume") return wake();
    if (object.kind !== "Node") return;
    const name = object.metadata.name;
    if (type === "DELETED") {
      const gone = nodes.get(name);
      nodes.delete(name);
      byName = undefined;
      if (gone !== undefined) kinds.touch(gone);
      return;
    }
    const info = nodes.get(name);
    if (info === undefined) {
      const added = nodeInfo(object);
      nodes.set(name, added);
      byName = undefined;
      kinds.touch(added);
      for (const pod of server.podsOn(name)) watchPod(pod, false);
      return wake(name);
    }
    setNode(info, object);
    kinds.touch(info);
    const before = old?.kind === "Node" ? old : undefined;
    if (before === undefined || before.spec !== object.spec || before.metadata.labels !== object.metadata.labels || before.status?.allocatable !== object.status?.allocatable) wake(name);
  });

  const refuse = (entry: Waiting, reasons: ReadonlyMap<string, number>): void => {
    const { pod } = entry;
    refused.set(nameOf(pod), entry.refused ? entry : { ...entry, refused: true });
    if (isUnschedulable(pod)) return;
    const why = [...reasons].map(([reason, count]) => `${count} ${reason}`).sort();
    const message = `0/${nodes.size} nodes are available${why.length === 0 ? "" : `: ${why.join(", ")}`}.`;
    const unscheduled: Condition = { type: "PodScheduled", status: "False", reason: "Unschedulable", message, lastTransitionTime: timestamp(server.nowMs()) };
    server.update(Object.assign({}, pod, { status: Object.assign({}, pod.status, { phase: "Pending" as const, conditions: [unscheduled] }) }));
    recorder.cluster("pod-unschedulable", `Pod/${nameOf(pod)}`, message);
  };

  const place = (entry: Waiting, infos: readonly NodeInfo[]): void => {
    const { pod } = entry;
    const kind = withAntiAffinity.size === 0 ? kindOf(pod) : undefined;
    const view = podView(pod, requestedBy(pod), affinityView(pod, infos, withAntiAffinity), spreadCounts(pod, infos));
    const outlook = kind === undefined ? undefined : kinds.of(kind, view);
    const feasible = outlook?.feasible ?? infos.filter((info) => hasRoom(view, info) && refusal(view, info, server) === undefined);
    // Why a pod has no place is written down once.
    if (feasible.length === 0) return refuse(entry, isUnschedulable(pod) ? NO_REASONS : (outlook?.reasons ?? reasonsOf(view, infos)));
    const marks = feasible.length === 1 ? [0] : scores(view, feasible);
    let best = 0;
    for (let index = 1; index < marks.length; index += 1) if ((marks[index] ?? 0) > (marks[best] ?? 0)) best = index;
    bind(pod, feasible[best] as NodeInfo);
  };

  const reasonsOf = (view: PodView, infos: readonly NodeInfo[]): ReadonlyMap<string, number> => {
    const reasons = new Map<string, number>();
    for (const info of infos) {
      const reason = refusal(view, info, server);
      if (reason !== undefined) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    return reasons;
  };

  const bind = (pod: Pod, info: NodeInfo): void => {
    const nodeName = info.node.metadata.name;
    const scheduled: Condition = { type: "PodScheduled", status: "True", lastTransitionTime: timestamp(server.nowMs()) };
    const bound: Pod = Object.assign({}, pod, { spec: Object.assign({}, pod.spec, { nodeName }), status: Object.assign({}, pod.status, { phase: "Pending" as const, conditions: [scheduled] }) });
    account(info, bound, 1);
    kinds.touch(info);
    if (antiAffinityTerms(bound).length > 0) withAntiAffinity.set(nameOf(bound), bound);
    server.update(bound);
    recorder.cluster("pod-bound", `Pod/${nameOf(pod)}`, `Successfully assigned ${nameOf(pod)} to ${nodeName}`, isOwnedByDaemonSet(pod));
  };

  return {
    add: () => undefined,
    drain: () => {
      if (waiting.size === 0) return false;
      const entries = [...waiting.values()].sort(byTurn);
      waiting.clear();
      const infos = sorted();
      const changed = isAllFreed ? infos : infos.length === freed.size ? infos : [...freed].sort().flatMap((name) => nodes.get(name) ?? []);
      freed.clear();
      isAllFreed = false;
      for (const entry of entries) {
        // A DaemonSet's pod names its node: the others need not be asked.
        const target = daemonTarget(entry.pod);
        const only = target === undefined ? undefined : nodes.get(target);
        place(entry, only !== undefined ? [only] : entry.refused && isAlone(entry.pod) ? changed : infos);
      }
      return true;
    },
  };
}

function isUnschedulable({ status }: Pod): boolean {
  return status?.conditions?.some(({ type, reason }) => type === "PodScheduled" && reason === "Unschedulable") === true;
}

function isAlone({ spec: { affinity, topologySpreadConstraints = [] } }: Pod): boolean {
  return affinity?.podAffinity === undefined && affinity?.podAntiAffinity === undefined && topologySpreadConstraints.length === 0;
}

function daemonTarget(pod: Pod): string | undefined {
  const terms = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const field = terms?.length === 1 ? terms[0]?.matchFields?.[0] : undefined;
  return field?.key === "metadata.name" && field.operator === "In" && field.values?.length === 1 ? field.values[0] : undefined;
}

function byTurn({ pod: a, createdMs: aMs }: Waiting, { pod: b, createdMs: bMs }: Waiting): number {
  const priority = (b.spec.priority ?? 0) - (a.spec.priority ?? 0);
  if (priority !== 0) return priority;
  return aMs !== bMs ? aMs - bMs : nameOf(a) < nameOf(b) ? -1 : 1;
}
