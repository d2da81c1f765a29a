import type { EC2NodeClass } from "@groupless/api";
import { type InstanceType, isUnavailable, type UnavailableOfferings } from "@groupless/catalog";
import { capacityTypeOf, zoneOf } from "../launch/offering.ts";

/** The types with the offerings that are remembered to be out of stock, or are in a zone that traffic is shifted away from, marked as unavailable. */
export function withoutStockOuts(types: readonly InstanceType[], marks: UnavailableOfferings, nodeClass: EC2NodeClass, placementGroupId: string | undefined, nowMs: number, shiftedZoneIds: readonly string[] = []): readonly InstanceType[] {
  const subnetsOf = (zone: string): readonly string[] => (nodeClass.status?.subnets ?? []).filter((subnet) => subnet.zone === zone).map(({ id }) => id);
  const shifted = new Set((nodeClass.status?.subnets ?? []).flatMap(({ zone, zoneID }) => (zoneID !== undefined && shiftedZoneIds.includes(zoneID) ? [zone] : [])));
  const isOut = (type: InstanceType, offering: InstanceType["offerings"][number]): boolean => {
    const zone = zoneOf(offering);
    const place = { instanceType: type.name, zone, capacityType: capacityTypeOf(offering), ...(placementGroupId === undefined ? {} : { placementGroupId }) };
    return shifted.has(zone) || isUnavailable(marks, place, subnetsOf(zone), nowMs);
  };
  return types.map((type) => (type.offerings.some((offering) => offering.available && isOut(type, offering)) ? { ...type, offerings: type.offerings.map((offering) => (isOut(type, offering) ? { ...offering, available: false } : offering)) } : type));
}
