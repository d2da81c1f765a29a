import { CAPACITY_TYPE_LABEL, ZONE_LABEL } from "@groupless/api";
import type { Cluster, NewNodeClaim } from "@groupless/bin-packer";
import type { Offering } from "@groupless/catalog";

/** The offering a new node's price comes from: of its cheapest type, available, in a zone and of a capacity type it may have. */
export function pricedOffering(claim: NewNodeClaim, cluster: Cluster): Offering | undefined {
  const types = cluster.instanceTypes[claim.nodePool] ?? cluster.instanceTypes["*"] ?? [];
  const type = types.find(({ name }) => name === claim.instanceTypes[0]);
  const allowed = (key: string, value: string | undefined): boolean => claim.requirements.every((requirement) => requirement.key !== key || requirement.operator !== "In" || (value !== undefined && requirement.values?.includes(value) === true));
  return type?.offerings
    .filter((offering) => offering.available && offering.price === claim.cheapestPrice)
    .find((offering) => allowed(ZONE_LABEL, labelOf(offering, ZONE_LABEL)) && allowed(CAPACITY_TYPE_LABEL, labelOf(offering, CAPACITY_TYPE_LABEL)));
}

/** The one value an offering has for a label. */
export function labelOf(offering: Offering | undefined, key: string): string | undefined {
  return offering?.requirements.find((requirement) => requirement.key === key)?.values?.[0];
}
