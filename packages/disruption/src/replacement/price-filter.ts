import type { NewNodeClaim } from "@groupless/bin-packer";
import type { InstanceType } from "@groupless/catalog";
import type { ClaimRequirements } from "./claim-requirements.ts";
import type { PriceList } from "./launch-prices.ts";
import { flexibility } from "./min-values.ts";

/** The instance types of a claim that are left, and the labels whose minValues they no longer meet. */
export interface FilteredTypes {
  readonly instanceTypes: readonly InstanceType[];
  readonly unmetMinValues: readonly string[];
}

/**
 * Keeps the types whose worst launch price is below a price. minValues count strictly, whatever the policy for scheduling is.
 *
 * A type is judged by its dearest zone in the capacity type that would be launched: Karpenter cannot choose which one it gets.
 */
export function cheaperThan(instanceTypes: readonly InstanceType[], requirements: ClaimRequirements, limitUsdPerHour: number, list: PriceList): FilteredTypes {
  const kept = instanceTypes.filter((instanceType) => (list.prices(instanceType, requirements).worst ?? Number.MAX_VALUE) < limitUsdPerHour);
  return { instanceTypes: kept, unmetMinValues: flexibility(kept, requirements).unmet };
}

/** A claim with these types and requirements instead; its cheapest price follows. */
export function narrowed(claim: NewNodeClaim, instanceTypes: readonly InstanceType[], requirements: ClaimRequirements, list: PriceList): NewNodeClaim {
  const prices = instanceTypes.map((instanceType) => list.prices(instanceType, requirements).cheapest).filter((price) => price !== undefined);
  return { ...claim, instanceTypes: instanceTypes.map(({ name }) => name), requirements, cheapestPrice: prices.length === 0 ? 0 : Math.min(...prices) };
}
