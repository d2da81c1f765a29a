import type { Zone } from "../snapshot/region-snapshot.ts";
import type { SubnetZone } from "./node-settings.ts";

/** A zone of the region as a node class sees it. */
export interface OfferingZone {
  readonly name: string;
  readonly id?: string;
  /** Whether the node class has subnets in it; `subnetIds` are those. */
  readonly usable: boolean;
  readonly subnetIds: readonly string[];
  /** Traffic is shifted away from it. */
  readonly shifted: boolean;
}

/** Every zone of a region; without subnets to go by, all of them can be used, under the region's own zone ids. */
export function offeringZones(zones: readonly Zone[], subnetZones: readonly SubnetZone[] | undefined, shiftedZoneIds: readonly string[] = []): readonly OfferingZone[] {
  return zones.map((zone) => {
    const subnet = subnetZones?.find((each) => each.name === zone.name);
    const id = subnetZones === undefined ? zone.id : subnet?.id;
    return {
      name: zone.name,
      ...(id === undefined ? {} : { id }),
      usable: subnetZones === undefined || subnet !== undefined,
      subnetIds: subnet?.subnetIds ?? [],
      shifted: id !== undefined && shiftedZoneIds.includes(id),
    };
  });
}
