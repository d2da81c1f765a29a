import type { Budget, NodePool } from "@groupless/api";
import type { Cluster } from "@groupless/bin-packer";
import { budgetIsActive } from "@groupless/disruption";
import { ofKind } from "../final-state/final-state.ts";
import type { PlanInvariant } from "./plan.ts";
import { nodeIn } from "./plan.ts";

/** No NodePool loses more nodes at once, for any reason, than its disruption budgets let go. */
export const holdsBudgets: PlanInvariant = {
  name: "holdsBudgets",
  check: ({ before, commands, nowMs }) =>
    before.nodePools.flatMap((pool) => {
      const reasons = [...new Set(commands.map(({ reason }) => reason))];
      return reasons.flatMap((reason) => {
        const taken = commands.filter((command) => command.reason === reason).flatMap(({ sourceNodes }) => sourceNodes.filter((name) => poolOf(before, name) === pool.metadata.name));
        const { total, down } = census(before, pool);
        const allowed = Math.min(...(pool.spec.disruption.budgets ?? []).filter((budget) => (budget.reasons === undefined || (budget.reasons as readonly string[]).includes(reason)) && budgetIsActive(budget, nowMs)).map((budget) => countOf(budget, total)));
        return taken.length === 0 || taken.length + down <= allowed ? [] : [{ node: taken.join(", "), message: `${taken.length} of NodePool ${pool.metadata.name} go as ${reason} beside ${down} that are down, its budgets allow ${allowed} of ${total}` }];
      });
    }),
};

function poolOf(cluster: Cluster, name: string): string | undefined {
  const { node, nodeClaim } = nodeIn(cluster, name);
  return (node ?? nodeClaim)?.metadata.labels?.["karpenter.sh/nodepool"];
}

/** A pool's nodes that have come up, and those of them that are not ready or on their way out. */
function census(cluster: Cluster, pool: NodePool): { readonly total: number; readonly down: number } {
  const claims = ofKind(cluster, "NodeClaim").filter(({ metadata }) => metadata.labels?.["karpenter.sh/nodepool"] === pool.metadata.name);
  const up = claims.flatMap((claim) => {
    const node = ofKind(cluster, "Node").find(({ spec }) => spec?.providerID !== undefined && spec.providerID === claim.status?.providerID);
    const ending = claim.status?.conditions?.some(({ type, status }) => type === "InstanceTerminating" && status === "True") === true;
    return node?.metadata.labels?.["karpenter.sh/initialized"] === "true" && !ending ? [{ claim, node }] : [];
  });
  const isDown = ({ claim, node }: (typeof up)[number]): boolean =>
    claim.metadata.deletionTimestamp !== undefined || node.metadata.deletionTimestamp !== undefined || (cluster.markedForDeletion ?? []).includes(node.spec?.providerID ?? "") || node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") !== true;
  return { total: up.length, down: up.filter(isDown).length };
}

/** A count, or a percentage rounded up. */
function countOf({ nodes }: Budget, total: number): number {
  return nodes.endsWith("%") ? Math.ceil((Number(nodes.slice(0, -1)) * total) / 100) : Number(nodes);
}
