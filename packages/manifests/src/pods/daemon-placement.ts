import type { NodeSelectorTerm, PodSpec, Toleration } from "@groupless/api";

// What the DaemonSet controller adds to every pod (Kubernetes docs, "DaemonSet": taints and tolerations).
const TOLERATIONS: readonly Toleration[] = [
  { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/disk-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/memory-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/pid-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/unschedulable", operator: "Exists", effect: "NoSchedule" },
];

/** What ties a DaemonSet's pod to its node: the node's name in each required term, and tolerations of the node's troubles. */
export function daemonPlacement(spec: PodSpec, node: string): Pick<PodSpec, "affinity" | "tolerations"> {
  const nodeAffinity = spec.affinity?.nodeAffinity;
  const terms = nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [{}];
  const pinned = terms.map((term: NodeSelectorTerm): NodeSelectorTerm => ({ ...term, matchFields: [...(term.matchFields ?? []), { key: "metadata.name", operator: "In", values: [node] }] }));
  return {
    affinity: { ...spec.affinity, nodeAffinity: { ...nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: pinned } } },
    tolerations: [...(spec.tolerations ?? []), ...TOLERATIONS],
  };
}
