import { CAPACITY_TYPE_LABEL, type CapacityReservation, type NodeSelectorRequirementWithMinValues, ZONE_LABEL } from "@groupless/api";
import type { Offering } from "@groupless/catalog";
import type { Price, RegionType } from "../snapshot/region-snapshot.ts";
import { CAPACITY_RESERVATION_ID_LABEL, CAPACITY_RESERVATION_INTERRUPTIBLE_LABEL, CAPACITY_RESERVATION_TYPE_LABEL, ZONE_ID_LABEL } from "./label-keys.ts";
import { capacityTypesOf } from "./labels.ts";
import type { RequirementTable } from "./requirement-table.ts";

/** What decides the offerings of every type alike. */
export interface OfferingContext {
  /** Every zone of the region, by name. */
  readonly zones: readonly OfferingZone[];
  /** Instances left, by reservation id; a reservation that is not named has none. */
  readonly reservationCounts: Readonly<Record<string, number>>;
  readonly isUnavailable: (type: string, zone: string, capacityType: string) => boolean;
  /** A price for types without one, if the caller has any. */
  readonly fallbackPrice: (type: string) => Price | undefined;
}

export interface OfferingZone {
  readonly name: string;
  /** Of zones the node class has subnets in. */
  readonly id?: string;
  readonly subnet: boolean;
  /** Traffic is shifted away from it. */
  readonly shifted: boolean;
}

/** Karpenter prices reserved capacity at this fraction of on-demand: nearly free, yet in the same order. */
const reservedPriceDivisor = 10_000_000;

/**
 * Makes the offerings of a type: one a zone and capacity type, unavailable ones too so that their price can be seen,
 * then one a capacity reservation.
 *
 * An offering without a price has price 0, no price source and is not available.
 * Source: Karpenter, pkg/providers/instancetype/offering.
 */
export function offeringMaker(context: OfferingContext, table: RequirementTable): (type: RegionType, reservations: readonly CapacityReservation[], compatible: boolean) => readonly Offering[] {
  const shared = new Map<string, readonly NodeSelectorRequirementWithMinValues[]>();
  const requirementsOf = (zone: OfferingZone, capacityType: string): readonly NodeSelectorRequirementWithMinValues[] => {
    const id = `${zone.name} ${capacityType}`;
    let found = shared.get(id);
    if (found === undefined) shared.set(id, (found = Object.freeze(requirements(table, zone, capacityType))));
    return found;
  };
  const zoneByName = new Map(context.zones.map((zone) => [zone.name, zone]));
  return (type, reservations, compatible) => {
    const name = type.facts.name;
    const offerings: Offering[] = [];
    const bought = capacityTypesOf(type.facts, []);
    for (const zone of context.zones) {
      const usable = compatible && zone.subnet && !zone.shifted && type.zones.includes(zone.name);
      for (const capacityType of bought) {
        const price = (capacityType === "spot" ? type.spot?.[zone.name] : type.onDemand) ?? context.fallbackPrice(name);
        offerings.push({
          requirements: requirementsOf(zone, capacityType),
          price: price?.perHour ?? 0,
          ...(price === undefined ? {} : { priceSource: price.source }),
          available: usable && price !== undefined && !context.isUnavailable(name, zone.name, capacityType),
        });
      }
    }
    for (const reservation of reservations) {
      const zone = zoneByName.get(reservation.availabilityZone) ?? { name: reservation.availabilityZone, subnet: false, shifted: false };
      const left = context.reservationCounts[reservation.id] ?? 0;
      const source = type.onDemand?.source;
      offerings.push({
        requirements: requirements(table, zone, "reserved", reservation),
        price: (type.onDemand?.perHour ?? 0) / reservedPriceDivisor,
        ...(source === undefined ? {} : { priceSource: source }),
        available: compatible && left !== 0 && zone.subnet && !zone.shifted && type.zones.includes(zone.name) && reservation.state !== "expiring",
        reservationCapacity: left,
      });
    }
    return offerings;
  };
}

function requirements(table: RequirementTable, zone: OfferingZone, capacityType: string, reservation?: CapacityReservation): readonly NodeSelectorRequirementWithMinValues[] {
  const made = [
    table.is(CAPACITY_TYPE_LABEL, capacityType),
    table.is(ZONE_LABEL, zone.name),
    table.is(CAPACITY_RESERVATION_ID_LABEL, reservation?.id),
    table.is(CAPACITY_RESERVATION_TYPE_LABEL, reservation?.reservationType),
    table.is(CAPACITY_RESERVATION_INTERRUPTIBLE_LABEL, reservation && String(reservation.interruptible ?? false)),
  ];
  if (zone.subnet && zone.id !== undefined) made.push(table.is(ZONE_ID_LABEL, zone.id));
  return made;
}
