import { CAPACITY_TYPE_LABEL } from "@groupless/api";
import { capacityTypeOf, launchable, reservationOf, type Reservation } from "../offering.ts";
import { allows } from "../requirement-set.ts";
import { type Filter, split, untouched } from "./filter.ts";

/** In the order that decides between equal prices. */
const kinds: readonly Omit<Reservation, "id">[] = [
  { type: "default", interruptible: false },
  { type: "capacity-block", interruptible: false },
  { type: "default", interruptible: true },
];

/**
 * A fleet takes one kind of reservation: keeps the kind with the cheapest offering, and of its types only that kind's offerings.
 *
 * Karpenter pkg/providers/instance/filter CapacityReservationTypeFilter.
 */
export const capacityReservationType: Filter = (types, claim) => {
  if (!allows(claim, CAPACITY_TYPE_LABEL, "reserved")) return untouched(types);
  const found = kinds.map((kind) => {
    const prices = new Map(types.map((type) => [type.name, launchable(type, claim).filter((offering) => capacityTypeOf(offering) === "reserved" && isKind(reservationOf(offering), kind)).map(({ price }) => price)] as const).filter(([, list]) => list.length > 0));
    return { kind, prices, cheapest: Math.min(...[...prices.values()].flat()) };
  });
  const best = found.reduce((a, b) => (b.cheapest < a.cheapest ? b : a));
  if (best.prices.size === 0) return untouched(types);
  const kept = types
    .filter(({ name }) => best.prices.has(name))
    .map((type) => ({ ...type, offerings: type.offerings.filter((offering) => capacityTypeOf(offering) === "reserved" && isKind(reservationOf(offering), best.kind)) }));
  return split(types, kept);
};

function isKind(a: Omit<Reservation, "id">, b: Omit<Reservation, "id">): boolean {
  return a.type === b.type && a.interruptible === b.interruptible;
}
