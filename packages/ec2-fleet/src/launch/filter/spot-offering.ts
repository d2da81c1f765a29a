import { CAPACITY_TYPE_LABEL } from "@groupless/api";
import { capacityTypeOf, launchable } from "../offering.ts";
import { allows, minValuesOf } from "../requirement-set.ts";
import { type Filter, split, untouched } from "./filter.ts";

/**
 * Drops spot offerings dearer than the cheapest on-demand one, where the claim may have either and both exist.
 *
 * Karpenter pkg/providers/instance/filter SpotOfferingFilter.
 */
export const spotOffering: Filter = (types, claim) => {
  if (minValuesOf(claim).length > 0 || !allows(claim, CAPACITY_TYPE_LABEL, "on-demand") || !allows(claim, CAPACITY_TYPE_LABEL, "spot")) return untouched(types);
  const offerings = types.flatMap((type) => launchable(type, claim));
  const onDemand = offerings.filter((offering) => capacityTypeOf(offering) === "on-demand").map(({ price }) => price);
  if (onDemand.length === 0 || !offerings.some((offering) => capacityTypeOf(offering) === "spot")) return untouched(types);
  const cheapest = Math.min(...onDemand);
  const kept = types
    .map((type) => ({ ...type, offerings: type.offerings.filter((offering) => capacityTypeOf(offering) !== "spot" || offering.price <= cheapest) }))
    .filter((type) => type.offerings.length > 0);
  return split(types, kept);
};
