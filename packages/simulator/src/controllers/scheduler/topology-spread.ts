import { matchesSelector, type Pod, type TopologySpreadConstraint } from "@groupless/api";
import { acceptsNode } from "./node-selector.ts";
import type { NodeInfo } from "./node-info.ts";
import { untolerated } from "./taints.ts";

/** One constraint of a pod with the matching pods a domain holds. */
export interface SpreadCount {
  readonly constraint: TopologySpreadConstraint;
  readonly selfMatch: number;
  readonly counts: ReadonlyMap<string, number>;
  readonly min: number;
}

/** Count the domains of every constraint of the pod (kube-scheduler podtopologyspread, with its node inclusion policies). */
export function spreadCounts(pod: Pod, nodes: Iterable<NodeInfo>): readonly SpreadCount[] {
  const constraints = pod.spec.topologySpreadConstraints ?? [];
  if (constraints.length === 0) return [];
  const infos = [...nodes];
  return constraints.map((constraint) => {
    const counts = new Map<string, number>();
    const matches = (other: Pod): boolean =>
      other.metadata.namespace === pod.metadata.namespace &&
      other.metadata.deletionTimestamp === undefined &&
      matchesSelector(constraint.labelSelector, other.metadata.labels) &&
      (constraint.matchLabelKeys ?? []).every((key) => other.metadata.labels?.[key] === pod.metadata.labels?.[key]);
    for (const info of infos) {
      const domain = info.node.metadata.labels?.[constraint.topologyKey];
      if (domain === undefined || !includes(constraint, pod, info)) continue;
      let count = counts.get(domain) ?? 0;
      for (const other of info.pods.values()) if (matches(other)) count += 1;
      counts.set(domain, count);
    }
    const min = counts.size < (constraint.minDomains ?? 1) ? 0 : Math.min(...counts.values());
    return { constraint, selfMatch: matches(pod) ? 1 : 0, counts, min };
  });
}

function includes({ nodeAffinityPolicy = "Honor", nodeTaintsPolicy = "Ignore" }: TopologySpreadConstraint, pod: Pod, { node }: NodeInfo): boolean {
  if (nodeAffinityPolicy === "Honor" && !acceptsNode(pod, node)) return false;
  return nodeTaintsPolicy === "Ignore" || untolerated(pod, node.spec?.taints, ["NoSchedule", "NoExecute"]) === undefined;
}

/** Do the hard constraints let the pod go to the node? */
export function spreadAllows(counts: readonly SpreadCount[], { node }: NodeInfo): boolean {
  return counts.every(({ constraint, selfMatch, counts: domains, min }) => {
    if (constraint.whenUnsatisfiable !== "DoNotSchedule") return true;
    const domain = node.metadata.labels?.[constraint.topologyKey];
    return domain !== undefined && (domains.get(domain) ?? 0) + selfMatch - min <= constraint.maxSkew;
  });
}
