import { CAPACITY_TYPE_LABEL, ZONE_LABEL } from "@groupless/api";
import type { InstanceType, Offering } from "@groupless/catalog";

/**
 * The price of the first offering of that zone and capacity type, available or not; undefined if there is none.
 *
 * With several reservations in one zone the first one's price stands for all (Karpenter pkg/cloudprovider `OfferingPrice`).
 */
export function offeringPrice(instanceType: InstanceType, zone: string, capacityType: string): number | undefined {
  return instanceType.offerings.find((offering) => only(offering, ZONE_LABEL) === zone && only(offering, CAPACITY_TYPE_LABEL) === capacityType)?.price;
}

// What Go's Requirement.Any says of an In requirement; the value of one that is missing or of another kind is "".
function only({ requirements }: Offering, key: string): string {
  return requirements.find((requirement) => requirement.key === key)?.values?.[0] ?? "";
}
