import { CAPACITY_TYPE_LABEL, type CapacityReservation, type NodeSelectorRequirementWithMinValues, ZONE_LABEL } from "@groupless/api";
import type { Offering } from "@groupless/catalog";
import type { Price, RegionType } from "../snapshot/region-snapshot.ts";
import { CAPACITY_RESERVATION_ID_LABEL, CAPACITY_RESERVATION_INTERRUPTIBLE_LABEL, CAPACITY_RESERVATION_TYPE_LABEL, PLACEMENT_GROUP_PARTITION_LABEL, ZONE_ID_LABEL } from "./label-keys.ts";
import type { OfferingZone } from "./offering-zones.ts";
import type { RequirementTable } from "./requirement-table.ts";

/** What decides the offerings of every type alike. */
export interface OfferingContext {
  /** Every zone of the region, by name. */
  readonly zones: readonly OfferingZone[];
  /** Of a partition placement group: each offering is made once a partition. */
  readonly partitions: readonly string[];
  readonly reservationCounts: Readonly<Record<string, number>>;
  /** Absent: nothing is marked. */
  readonly isUnavailable: ((instanceType: string, zone: OfferingZone, capacityType: string) => boolean) | undefined;
  readonly fallbackPrices: Readonly<Record<string, number>>;
}

type Requirements = readonly NodeSelectorRequirementWithMinValues[];

/** Karpenter prices reserved capacity at this fraction of on-demand: nearly free, yet in the same order. */
const RESERVED_PRICE_DIVISOR = 10_000_000;

/**
 * Makes the offerings of a type: one a zone and capacity type, unavailable ones too so that their price can be seen,
 * then one a capacity reservation.
 *
 * An offering without a price has price 0, no price source and is not available.
 * Source: Karpenter, pkg/providers/instancetype/offering.
 */
export function offeringMaker(context: OfferingContext, table: RequirementTable): (type: RegionType, reservations: readonly CapacityReservation[], compatible: boolean) => readonly Offering[] {
  const { zones } = context;
  const [onDemandPlaces, spotPlaces] = [zones.map((zone) => placeOf(table, zone, "on-demand")), zones.map((zone) => placeOf(table, zone, "spot"))];
  const zoneNames = zones.map((zone) => zone.name);
  const partitioned = partitioner(context.partitions, table);
  const { isUnavailable } = context;
  // By the list of zones that offer a type, which many types share: whether each zone can be used.
  const usableIn = new Map<readonly string[], readonly boolean[]>();
  const nowhere = zones.map(() => false);
  const usableZones = (type: RegionType): readonly boolean[] => {
    let found = usableIn.get(type.zones);
    if (found === undefined) usableIn.set(type.zones, (found = context.zones.map((zone) => offered(type, zone))));
    return found;
  };
  return (type, reservations, compatible) => {
    const { usageClasses, name } = type.facts;
    const onDemand = usageClasses.includes("on-demand");
    const spot = usageClasses.includes("spot");
    const fallback = fallbackPrice(context.fallbackPrices[name]);
    const usable = compatible ? usableZones(type) : nowhere;
    const price = type.onDemand ?? fallback;
    const spotPrices = type.spot;
    const offerings: Offering[] = [];
    for (let index = 0; index < zoneNames.length; index += 1) {
      const here = usable[index]!;
      if (onDemand) offerings.push(offeringAt(onDemandPlaces[index]!, price, here && (isUnavailable === undefined || !isUnavailable(name, zones[index]!, "on-demand"))));
      if (spot) offerings.push(offeringAt(spotPlaces[index]!, spotPrices?.[zoneNames[index]!] ?? fallback, here && (isUnavailable === undefined || !isUnavailable(name, zones[index]!, "spot"))));
    }
    for (const reservation of reservations) offerings.push(reserved(type, reservation, compatible, context, table));
    return partitioned === undefined ? offerings : offerings.flatMap(partitioned);
  };
}

/** What offerings of one zone and capacity type have alike. */
interface Place {
  readonly requirements: Requirements;
  /** What all types without a price have there. */
  readonly unpriced: Offering;
}

function placeOf(table: RequirementTable, zone: OfferingZone, capacityType: string): Place {
  const what = requirements(table, zone, capacityType);
  return { requirements: what, unpriced: Object.freeze({ requirements: what, price: 0, available: false }) };
}

function offeringAt({ requirements: what, unpriced }: Place, price: Price | undefined, available: boolean): Offering {
  return price === undefined ? unpriced : { requirements: what, price: price.perHour, priceSource: price.source, available };
}

function reserved(type: RegionType, reservation: CapacityReservation, compatible: boolean, context: OfferingContext, table: RequirementTable): Offering {
  const zone = context.zones.find((each) => each.name === reservation.availabilityZone) ?? { name: reservation.availabilityZone, usable: false, subnetIds: [], shifted: false };
  const left = context.reservationCounts[reservation.id] ?? 0;
  const onDemand = type.onDemand;
  return {
    requirements: requirements(table, zone, "reserved", reservation),
    // Capacity already paid for is worth using even when its price is not known.
    price: (onDemand?.perHour ?? 0) / RESERVED_PRICE_DIVISOR,
    ...(onDemand === undefined ? {} : { priceSource: onDemand.source }),
    available: compatible && left !== 0 && reservation.state !== "expiring" && offered(type, zone),
    reservationCapacity: left,
  };
}

function offered(type: RegionType, zone: OfferingZone): boolean {
  return zone.usable && !zone.shifted && type.zones.includes(zone.name);
}

function requirements(table: RequirementTable, zone: OfferingZone, capacityType: string, reservation?: CapacityReservation): Requirements {
  const made = [
    table.of(CAPACITY_TYPE_LABEL).is(capacityType),
    table.of(ZONE_LABEL).is(zone.name),
    table.of(CAPACITY_RESERVATION_ID_LABEL).is(reservation?.id),
    table.of(CAPACITY_RESERVATION_TYPE_LABEL).is(reservation?.reservationType),
    table.of(CAPACITY_RESERVATION_INTERRUPTIBLE_LABEL).is(reservation && String(reservation.interruptible ?? false)),
  ];
  if (zone.usable && zone.id !== undefined) made.push(table.of(ZONE_ID_LABEL).is(zone.id));
  return Object.freeze(made);
}

/** Makes one offering many, one a partition. */
function partitioner(partitions: readonly string[], table: RequirementTable): ((offering: Offering) => readonly Offering[]) | undefined {
  if (partitions.length === 0) return undefined;
  const shared = new Map<Requirements, readonly Requirements[]>();
  return (offering) => {
    let each = shared.get(offering.requirements);
    if (each === undefined) shared.set(offering.requirements, (each = partitions.map((partition) => Object.freeze([...offering.requirements, table.of(PLACEMENT_GROUP_PARTITION_LABEL).is(partition)]))));
    return each.map((what) => ({ ...offering, requirements: what }));
  };
}

function fallbackPrice(usdPerHour: number | undefined): Price | undefined {
  return usdPerHour === undefined ? undefined : { perHour: usdPerHour, source: "supplied" };
}
