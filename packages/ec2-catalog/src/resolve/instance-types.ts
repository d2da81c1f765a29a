import { type EC2NodeClass, InputError } from "@groupless/api";
import { type InstanceType, isUnavailable } from "@groupless/catalog";
import type { RegionSnapshot, RegionType } from "../snapshot/region-snapshot.ts";
import type { CatalogOptions } from "./catalog-options.ts";
import { isCompatible, partitionsOf } from "./compatibility.ts";
import { typeDescriber } from "./instance-type.ts";
import { architectureLabel } from "./labels.ts";
import { nodeSettings } from "./node-settings.ts";
import { offeringMaker } from "./offerings.ts";
import { offeringZones } from "./offering-zones.ts";
import { requirementTable } from "./requirement-table.ts";

/**
 * The instance types of a region as nodes of a node class: labels, capacity, overhead and offerings, by name.
 *
 * All types are there, those without an available offering too. A class whose status does not list subnets may use
 * every zone of the region; without a class, AL2023's defaults hold. Prices are USD an hour (CNY in China's regions).
 *
 * @throws {InputError} `not-a-snapshot`; `no-instance-types`, `no-offerings` or `no-subnets` where Karpenter has no catalog either;
 * an invalid quantity in the node class
 *
 * @example
 * ```ts
 * import { instanceTypes } from "@groupless/ec2-catalog";
 * import usWest2 from "@groupless/ec2-catalog/us-west-2";
 * instanceTypes(usWest2).find((type) => type.name === "r6gd.xlarge")?.capacity["pods"]; // => "58"
 * ```
 */
export function instanceTypes(region: RegionSnapshot, nodeClass?: EC2NodeClass, options: CatalogOptions = {}): readonly InstanceType[] {
  // A name instead of a snapshot is easily given where there are no types to object.
  if (!Array.isArray(region?.types) || !Array.isArray(region.zones)) throw new InputError("not-a-snapshot", `got ${JSON.stringify(region)?.slice(0, 80) ?? "nothing"}`, { path: "region", expected: "a region's snapshot, such as @groupless/ec2-catalog/us-west-2 exports" });
  const settings = nodeSettings(nodeClass, region.zones);
  if (region.types.length === 0) throw new InputError("no-instance-types", "no instance types found", { path: region.region });
  if (region.types.every((type) => type.zones.length === 0)) throw new InputError("no-offerings", "no instance types offerings found", { path: region.region });
  if (settings.zones?.length === 0) throw new InputError("no-subnets", "no subnets found", { path: "status.subnets" });
  const table = requirementTable();
  const zones = offeringZones(region.zones, settings.zones, options.shiftedZoneIds);
  const described = typeDescriber({ region: region.region, zones, settings, nodeClass, options, table });
  const { unavailable, nowMs = 0, placementGroup } = options;
  const offeringsOf = offeringMaker(
    {
      zones,
      partitions: partitionsOf(placementGroup),
      reservationCounts: options.reservationCounts ?? {},
      isUnavailable: unavailable === undefined ? undefined : (instanceType, zone, capacityType) => {
        const place = { instanceType, zone: zone.name, capacityType };
        // Also marks that hold for the placement group only.
        return isUnavailable(unavailable, place, zone.subnetIds, nowMs) || (placementGroup !== undefined && isUnavailable(unavailable, { ...place, placementGroupId: placementGroup.id }, zone.subnetIds, nowMs));
      },
      fallbackPrices: options.fallbackPrices ?? {},
    },
    table,
  );
  return region.types.filter(isCandidate).map((type) => {
    const reservations = settings.capacityReservations.length === 0 ? settings.capacityReservations : settings.capacityReservations.filter((each) => each.instanceType === type.facts.name);
    const offered = options.reservedCapacity === false ? [] : reservations;
    const { name, requirements, capacity, overhead } = described(type, reservations);
    return { name, requirements, capacity, overhead, offerings: offeringsOf(type, offered, isCompatible(type.facts, settings, placementGroup)) };
  });
}

/** Types that boot Linux or Windows images on x86_64 or arm64; Macs and types without hvm are none. */
function isCandidate(type: RegionType): boolean {
  return type.facts.hvm && !architectureLabel(type.facts).startsWith("[");
}
