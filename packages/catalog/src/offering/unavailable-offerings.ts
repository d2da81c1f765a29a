/**
 * Capacity that could not be had lately, and until when not to ask for it again. Immutable plain data: marking gives a
 * new value, so a holder of the old one sees by identity that something changed.
 */
export interface UnavailableOfferings {
  /** {@link offeringKey} to the time its mark expires, epoch milliseconds. */
  readonly offerings: Readonly<Record<string, number>>;
  /** Capacity type likewise. */
  readonly capacityTypes: Readonly<Record<string, number>>;
  /** Subnet id likewise. */
  readonly subnets: Readonly<Record<string, number>>;
}

/** What was asked for; a placement group, or a partition of it, has capacity of its own. */
export interface OfferingPlace {
  readonly instanceType: string;
  readonly zone: string;
  readonly capacityType: string;
  readonly placementGroupId?: string;
  readonly placementGroupPartition?: string;
}

/** How long a mark holds: Karpenter's three minutes. */
export const UNAVAILABLE_OFFERINGS_TTL_MS = 180_000;

/** Nothing is marked. */
export const noUnavailableOfferings: UnavailableOfferings = Object.freeze({ offerings: Object.freeze({}), capacityTypes: Object.freeze({}), subnets: Object.freeze({}) });

/**
 * Names a place: `capacityType:instanceType:zone[:group[:partition]]`.
 *
 * @example
 * ```ts
 * import { offeringKey } from "@groupless/catalog";
 * offeringKey({ instanceType: "m5.large", zone: "us-west-2a", capacityType: "spot" }); // => "spot:m5.large:us-west-2a"
 * ```
 */
export function offeringKey(place: OfferingPlace): string {
  const key = `${place.capacityType}:${place.instanceType}:${place.zone}`;
  if (place.placementGroupId === undefined || place.placementGroupId === "") return key;
  const partition = place.placementGroupPartition;
  return partition === undefined || partition === "" ? `${key}:${place.placementGroupId}` : `${key}:${place.placementGroupId}:${partition}`;
}

/** Marks one place, or extends its mark. */
export function markOffering(marks: UnavailableOfferings, place: OfferingPlace, nowMs: number, ttlMs: number = UNAVAILABLE_OFFERINGS_TTL_MS): UnavailableOfferings {
  return { ...marks, offerings: { ...marks.offerings, [offeringKey(place)]: nowMs + ttlMs } };
}

/** Marks every offering of a capacity type. */
export function markCapacityType(marks: UnavailableOfferings, capacityType: string, nowMs: number, ttlMs: number = UNAVAILABLE_OFFERINGS_TTL_MS): UnavailableOfferings {
  return { ...marks, capacityTypes: { ...marks.capacityTypes, [capacityType]: nowMs + ttlMs } };
}

/** Marks a subnet; a zone is unavailable once all its subnets are. */
export function markSubnet(marks: UnavailableOfferings, subnetId: string, nowMs: number, ttlMs: number = UNAVAILABLE_OFFERINGS_TTL_MS): UnavailableOfferings {
  return { ...marks, subnets: { ...marks.subnets, [subnetId]: nowMs + ttlMs } };
}

/** Takes a mark back before it expires. */
export function unmarkOffering(marks: UnavailableOfferings, place: OfferingPlace): UnavailableOfferings {
  const { [offeringKey(place)]: mark, ...offerings } = marks.offerings;
  return mark === undefined ? marks : { ...marks, offerings };
}

/**
 * Whether a place is marked, by itself, through its capacity type, or because all of the subnets are.
 *
 * A mark with a partition is never asked for by Karpenter, which looks a group's places up without partition.
 */
export function isUnavailable(marks: UnavailableOfferings, place: OfferingPlace, subnetIds: readonly string[], nowMs: number): boolean {
  return (
    holds(marks.offerings[offeringKey(place)], nowMs) ||
    holds(marks.capacityTypes[place.capacityType], nowMs) ||
    (subnetIds.length > 0 && subnetIds.every((id) => holds(marks.subnets[id], nowMs)))
  );
}

/** The marks that still hold; the same value if all do. */
export function withoutExpired(marks: UnavailableOfferings, nowMs: number): UnavailableOfferings {
  const offerings = stillHeld(marks.offerings, nowMs);
  const capacityTypes = stillHeld(marks.capacityTypes, nowMs);
  const subnets = stillHeld(marks.subnets, nowMs);
  const unchanged = offerings === marks.offerings && capacityTypes === marks.capacityTypes && subnets === marks.subnets;
  return unchanged ? marks : { offerings, capacityTypes, subnets };
}

/** When the next mark expires, epoch milliseconds; undefined without marks. */
export function nextExpiryMs(marks: UnavailableOfferings): number | undefined {
  const times = [marks.offerings, marks.capacityTypes, marks.subnets].flatMap((each) => Object.values(each));
  return times.length === 0 ? undefined : times.reduce((first, time) => Math.min(first, time));
}

function holds(expiresAtMs: number | undefined, nowMs: number): boolean {
  return expiresAtMs !== undefined && nowMs <= expiresAtMs;
}

function stillHeld(marks: Readonly<Record<string, number>>, nowMs: number): Readonly<Record<string, number>> {
  const entries = Object.entries(marks);
  const held = entries.filter(([, expiresAtMs]) => holds(expiresAtMs, nowMs));
  return held.length === entries.length ? marks : Object.fromEntries(held);
}
