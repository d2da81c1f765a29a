import type { Cluster, NewNodeClaim } from "@groupless/bin-packer";
import { typesOf } from "../final-state/final-state.ts";
import { type NodeOption, optionsOf } from "../final-state/node-option.ts";
import { nodeIn, type PlanInvariant } from "./plan.ts";

/** A consolidation never costs more than what it takes away, whichever of the machines it allows is launched. Commands for other reasons may. */
export const neverDearer: PlanInvariant = {
  name: "neverDearer",
  check: ({ before, commands }) =>
    commands
      .filter(({ reason }) => reason === "Underutilized" || reason === "Empty")
      .flatMap(({ sourceNodes, replacements }) => {
        const prices = sourceNodes.map((name) => priceOf(before, name));
        if (prices.includes(undefined)) return [];
        const now = prices.reduce<number>((sum, price) => sum + (price ?? 0), 0);
        const then = replacements.reduce((sum, claim) => sum + worstPrice(before, claim), 0);
        return then <= now + 1e-9 ? [] : [{ node: sourceNodes.join(", "), message: `cost ${now} USD an hour, what replaces them up to ${then}` }];
      }),
};

/** What the node's own offering costs; undefined where the catalog does not know it. */
function priceOf(cluster: Cluster, name: string): number | undefined {
  const { node, nodeClaim } = nodeIn(cluster, name);
  const labels = (node ?? nodeClaim)?.metadata.labels ?? {};
  const type = typesOf(cluster, labels["karpenter.sh/nodepool"] ?? "").get(labels["node.kubernetes.io/instance-type"] ?? "");
  return type?.offerings.find(({ requirements }) => requirements.every(({ key, values = [] }) => values.length !== 1 || labels[key] === undefined || labels[key] === values[0]))?.price;
}

/** The dearest offering that may be launched: of each type, those of the capacity type EC2 is asked for first. */
function worstPrice(cluster: Cluster, claim: NewNodeClaim): number {
  const byType = new Map<string, NodeOption[]>();
  for (const option of optionsOf(claim, typesOf(cluster, claim.nodePool))) byType.set(option.instanceType ?? "", [...(byType.get(option.instanceType ?? "") ?? []), option]);
  const worstOf = (options: readonly NodeOption[]): number => {
    const first = ["reserved", "spot", "on-demand"].find((capacityType) => options.some(({ labels }) => labels["karpenter.sh/capacity-type"] === capacityType));
    return Math.max(...options.filter(({ labels }) => first === undefined || labels["karpenter.sh/capacity-type"] === first).map(({ priceUsdPerHour }) => priceUsdPerHour));
  };
  return Math.max(0, ...[...byType.values()].map(worstOf));
}
