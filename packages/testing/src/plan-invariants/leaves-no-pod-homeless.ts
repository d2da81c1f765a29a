import { nameOf, type Pod } from "@groupless/api";
import type { Cluster } from "@groupless/bin-packer";
import { displaced, endsByForce, nodeIn, placedBy, type PlanInvariant } from "./plan.ts";

/** Every pod of a node that goes has a new place, on a node that stays or on a replacement. A node may go as empty with pods that say they cost nothing, and one of a static pool has its like in its place. */
export const leavesNoPodHomeless: PlanInvariant = {
  name: "leavesNoPodHomeless",
  check: ({ before, commands }) =>
    commands.flatMap((command) => {
      if (command.reason === "Drifted" && command.sourceNodes.every((name) => isStatic(before, name))) return [];
      const placed = placedBy(command);
      return displaced(before, command)
        .filter((pod) => !placed.has(nameOf(pod)) && !(command.reason === "Empty" && costsNothing(pod)) && !endsByForce(nodeIn(before, pod.spec.nodeName ?? ""), command))
        .map((pod) => ({ pod: nameOf(pod), node: pod.spec.nodeName ?? "", message: `loses its place as ${command.reason}` }));
    }),
};

function isStatic(cluster: Cluster, name: string): boolean {
  const pool = nodeIn(cluster, name).node?.metadata.labels?.["karpenter.sh/nodepool"];
  return cluster.nodePools.some(({ metadata, spec }) => metadata.name === pool && spec.replicas !== undefined);
}

/** Karpenter's eviction cost: 1, more or less by the pod's deletion cost and priority. */
function costsNothing({ metadata, spec }: Pod): boolean {
  const deletionCost = Number(metadata.annotations?.["controller.kubernetes.io/pod-deletion-cost"] ?? 0);
  return 1 + deletionCost / 2 ** 27 + (spec.priority ?? 0) / 2 ** 25 <= 0;
}
