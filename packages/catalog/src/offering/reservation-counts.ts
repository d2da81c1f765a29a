import type { InstanceType } from "../instance-type/instance-type.ts";
import { mapShared } from "../price/update-offerings.ts";
import { offeringLabel } from "./select-offerings.ts";

/**
 * The types with new counts of instances left in capacity reservations; one that has none left is not available, and
 * becomes so again with the first that is given back. Whatever stays the same is shared.
 *
 * @param counts by reservation id; reservations that are not named keep theirs
 * @param reservationIdLabel the label that holds an offering's reservation id
 */
export function withReservationCounts(types: readonly InstanceType[], counts: Readonly<Record<string, number>>, reservationIdLabel = "karpenter.k8s.aws/capacity-reservation-id"): readonly InstanceType[] {
  return mapShared(types, (type) => {
    const offerings = mapShared(type.offerings, (offering) => {
      const before = offering.reservationCapacity;
      if (before === undefined) return offering;
      const id = offeringLabel(offering, reservationIdLabel);
      const left = id === undefined || !Object.hasOwn(counts, id) ? before : counts[id]!;
      return left === before ? offering : { ...offering, reservationCapacity: left, available: left > 0 && (offering.available || before === 0) };
    });
    return offerings === type.offerings ? type : { ...type, offerings };
  });
}
