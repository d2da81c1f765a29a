import type { NewNodeClaim } from "@groupless/bin-packer";
import type { Candidate } from "../candidates/candidate.ts";
import type { ClusterView } from "../cluster/cluster-view.ts";
import type { PriceList } from "./launch-prices.ts";

/** What removing the candidates saves, in USD an hour: their prices, less the cheapest offering of each new claim's first type; unknown prices count 0. */
export function estimatedSavings(candidates: readonly Candidate[], replacements: readonly NewNodeClaim[], view: ClusterView, list: PriceList): number {
  const before = totalPrice(candidates);
  if (replacements.length === 0) return before;
  const after = replacements.reduce((sum, claim) => {
    const first = claim.instanceTypes[0];
    const instanceType = first === undefined ? undefined : view.instanceTypes(claim.nodePool)?.get(first);
    return sum + (instanceType === undefined ? 0 : (list.prices(instanceType, claim.requirements).cheapest ?? 0));
  }, 0);
  return before - after;
}

export function totalPrice(candidates: readonly Candidate[]): number {
  return candidates.reduce((sum, { price }) => sum + price, 0);
}
