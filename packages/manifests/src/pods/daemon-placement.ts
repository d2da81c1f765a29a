import type { PodSpec, Toleration } from "@groupless/api";

// What the DaemonSet controller lets every pod of its own tolerate (Kubernetes pkg/controller/daemon/util AddOrUpdateDaemonPodTolerations).
const TOLERATIONS: readonly Toleration[] = [
  { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/disk-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/memory-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/pid-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/unschedulable", operator: "Exists", effect: "NoSchedule" },
];
const HOST_NETWORK: Toleration = { key: "node.kubernetes.io/network-unavailable", operator: "Exists", effect: "NoSchedule" };

/**
 * What ties a DaemonSet's pod to its node: the node's name in place of every required term of node affinity
 * (those only chose the node), and tolerations of the node's troubles.
 */
export function daemonPlacement({ affinity, tolerations = [], hostNetwork }: PodSpec, node: string): Pick<PodSpec, "affinity" | "tolerations"> {
  const required = { nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In" as const, values: [node] }] }] };
  return {
    affinity: { ...affinity, nodeAffinity: { ...affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: required } },
    tolerations: [...tolerations, ...TOLERATIONS, ...(hostNetwork === true ? [HOST_NETWORK] : [])],
  };
}
