import type { InstanceType } from "@groupless/catalog";
import { RESERVATION_ID_LABEL } from "../node-class/label.ts";
import type { FleetOverride } from "../port/create-fleet.ts";
import { launchable, servesClaim, zoneOf } from "./offering.ts";
import { requirementSet, type RequirementSet } from "./requirement-set.ts";
import type { ZonalSubnet } from "./subnet-addresses.ts";

/**
 * One override a type and zone: the pools a fleet may take from, with the price as priority.
 *
 * Karpenter pkg/providers/instance getOverrides: offerings that differ by partition alone share one, since the partition stands in the launch template.
 */
export function overrides(types: readonly InstanceType[], byZone: Readonly<Record<string, ZonalSubnet>>, claim: RequirementSet, imageId: string, reservationId?: string): readonly FleetOverride[] {
  const reserved = reservationId === undefined ? undefined : requirementSet([{ key: RESERVATION_ID_LABEL, operator: "In", values: [reservationId] }]);
  const seen = new Set<string>();
  return types.flatMap((type) =>
    launchable(type, claim).flatMap((offering) => {
      if (reserved !== undefined && !servesClaim(reserved, offering)) return [];
      const zone = zoneOf(offering);
      const subnet = byZone[zone];
      const pool = `${type.name}/${zone}`;
      if (seen.has(pool)) return [];
      seen.add(pool);
      return subnet === undefined ? [] : [{ InstanceType: type.name, SubnetId: subnet.id, ImageId: imageId, AvailabilityZone: zone, Priority: offering.price }];
    }),
  );
}
