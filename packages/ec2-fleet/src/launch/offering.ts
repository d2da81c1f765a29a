import { CAPACITY_TYPE_LABEL, ZONE_LABEL } from "@groupless/api";
import type { InstanceType, Offering } from "@groupless/catalog";
import { RESERVATION_ID_LABEL, RESERVATION_INTERRUPTIBLE_LABEL, RESERVATION_TYPE_LABEL } from "../node-class/label.ts";
import { isCompatible, requirementSet, singleValue, type RequirementSet } from "./requirement-set.ts";

/** `reserved`, `spot` or `on-demand`. */
export function capacityTypeOf(offering: Offering): string {
  return singleValue(requirementSet(offering.requirements), CAPACITY_TYPE_LABEL) ?? "";
}

export function zoneOf(offering: Offering): string {
  return singleValue(requirementSet(offering.requirements), ZONE_LABEL) ?? "";
}

/** The reservation of a reserved offering; empty texts where the labels do not exist. */
export function reservationOf(offering: Offering): Reservation {
  const set = requirementSet(offering.requirements);
  return { id: singleValue(set, RESERVATION_ID_LABEL) ?? "", type: singleValue(set, RESERVATION_TYPE_LABEL) ?? "", interruptible: singleValue(set, RESERVATION_INTERRUPTIBLE_LABEL) === "true" };
}

export interface Reservation {
  readonly id: string;
  /** `default` or `capacity-block`. */
  readonly type: string;
  readonly interruptible: boolean;
}

/** Whether the requirements allow the offering; keys they do not mention are free. */
export function servesClaim(claim: RequirementSet, offering: Offering): boolean {
  return isCompatible(claim, requirementSet(offering.requirements));
}

/** The type's offerings that are available and that the requirements allow. */
export function launchable(type: InstanceType, claim: RequirementSet): readonly Offering[] {
  return type.offerings.filter((offering) => offering.available && servesClaim(claim, offering));
}
