import { CAPACITY_TYPE_LABEL } from "@groupless/api";
import type { Offering } from "@groupless/catalog";
import { capacityTypeOf, launchable, zoneOf } from "../offering.ts";
import { allows } from "../requirement-set.ts";
import { type Filter, split, untouched } from "./filter.ts";

/**
 * One reserved offering a zone and type, the one with the most instances left; types without one go, unless no type has one.
 *
 * Karpenter pkg/providers/instance/filter ReservedOfferingFilter.
 */
export const reservedOffering: Filter = (types, claim) => {
  if (!allows(claim, CAPACITY_TYPE_LABEL, "reserved")) return untouched(types);
  const kept = types.flatMap((type) => {
    const byZone = new Map<string, Offering>();
    for (const offering of launchable(type, claim)) {
      const best = byZone.get(zoneOf(offering));
      if (capacityTypeOf(offering) === "reserved" && (best === undefined || (offering.reservationCapacity ?? 0) > (best.reservationCapacity ?? 0))) byZone.set(zoneOf(offering), offering);
    }
    return byZone.size === 0 ? [] : [{ ...type, offerings: [...byZone].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, offering]) => offering) }];
  });
  return kept.length === 0 ? untouched(types) : split(types, kept);
};
