import type { InstanceType } from "@groupless/catalog";
import { capacityBlock, capacityReservationType, capacityTypeOf, cheapestTypes, compatibleAvailable, exotic, type Filter, orderByPrice, requirementSet, reservationOf, reservedOffering, spotOffering, zoneOf } from "@groupless/ec2-fleet";
import type { Suite } from "../suite.ts";
import { shortType } from "./ec2-short-types.ts";

const filter =
  (one: Filter, sorted = false) =>
  ({ instanceTypes, requirements }: any): unknown =>
    filtered(one(instanceTypes.map(shortType), requirementSet(requirements ?? [])), sorted);

/** Suite `ec2/filters`. */
export const ec2Filters: Suite = {
  functions: {
    compatibleAvailable: ({ instanceTypes, requirements, requests = {} }) => filtered(compatibleAvailable(instanceTypes.map(shortType), requirementSet(requirements ?? []), requests)),
    capacityReservationType: filter(capacityReservationType, true),
    capacityBlock: filter(capacityBlock),
    reservedOffering: filter(reservedOffering),
    exotic: filter(exotic),
    spotOffering: filter(spotOffering),
    orderByPrice: ({ instanceTypes, requirements }) => orderByPrice(instanceTypes.map(shortType), requirementSet(requirements ?? [])).map(({ name }) => name),
    truncate: ({ instanceTypes, requirements, maxItems, options = {} }) => {
      const kept = cheapestTypes(instanceTypes.map(shortType), requirementSet(requirements ?? []), maxItems, options.minValuesPolicy);
      return kept === undefined ? { error: "minValues" } : { kept: kept.map(({ name }) => name) };
    },
  },
};

function filtered({ kept, rejected }: ReturnType<Filter>, sorted = false): unknown {
  const names = kept.map(({ name }) => name);
  return { kept: sorted ? names.toSorted() : names, rejected: rejected.map(({ name }) => name), offerings: Object.fromEntries(kept.map((type) => [type.name, offeringsOf(type)])) };
}

function offeringsOf({ offerings }: InstanceType): readonly string[] {
  return offerings.map((offering) => [capacityTypeOf(offering), zoneOf(offering), reservationOf(offering).id].filter((part) => part !== "").join("/")).toSorted();
}
