import { type Pod, nameOf } from "@groupless/api";
import { ofKind } from "../final-state/final-state.ts";
import type { Invariant } from "./invariant.ts";

/** Every pod that waits for a node is placed once or refused with a reason; nothing else is, and no pod is made up. */
export const explainsEveryPod: Invariant = {
  name: "explainsEveryPod",
  check: ({ cluster, packing, pods }) => {
    const answers = new Map<string, number>();
    const answered = [...packing.newNodeClaims.flatMap(({ pods: names }) => names), ...packing.existingNodes.flatMap(({ pods: names }) => names), ...packing.podErrors.map(({ pod }) => pod), ...(packing.ignoredPods ?? []).map(({ pod }) => pod)];
    for (const name of answered) answers.set(name, (answers.get(name) ?? 0) + 1);
    const usable = cluster.nodePools.some((pool) => pool.spec.replicas === undefined && pool.metadata.deletionTimestamp === undefined && (pool.status?.conditions ?? []).every(({ type, status }) => type !== "Ready" || status === "True"));
    return [
      ...[...answers].filter(([, count]) => count > 1).map(([pod, count]) => ({ pod, message: `is answered ${count} times` })),
      ...[...answers.keys()].filter((name) => !pods.has(name) && !name.includes("capacity-buffer-")).map((pod) => ({ pod, message: "is answered but not in the cluster" })),
      // Without a usable NodePool Karpenter plans nothing at all.
      ...(usable ? ofKind(cluster, "Pod").filter(waits).map(nameOf).filter((name) => !answers.has(name)).map((pod) => ({ pod, message: "waits for a node and is neither placed nor refused" })) : []),
    ];
  },
};

/** A pod that the provisioner must take up: pending, not bound, nominated, gated, leaving, or run by a daemon set or a node. */
function waits({ metadata, spec, status }: Pod): boolean {
  const scheduled = status?.conditions?.find(({ type }) => type === "PodScheduled");
  const unschedulable = status?.conditions === undefined || scheduled?.reason === "Unschedulable";
  const owned = (metadata.ownerReferences ?? []).some(({ kind }) => kind === "DaemonSet" || kind === "Node");
  const pending = status?.phase === undefined || status.phase === "Pending";
  return unschedulable && pending && (spec.nodeName ?? "") === "" && (status?.nominatedNodeName ?? "") === "" && (spec.schedulingGates ?? []).length === 0 && metadata.deletionTimestamp === undefined && !owned;
}
