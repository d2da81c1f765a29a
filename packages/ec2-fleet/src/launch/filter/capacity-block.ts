import { CAPACITY_TYPE_LABEL } from "@groupless/api";
import type { InstanceType, Offering } from "@groupless/catalog";
import { RESERVATION_TYPE_LABEL } from "../../node-class/label.ts";
import { capacityTypeOf, launchable, reservationOf } from "../offering.ts";
import { allows, mentions, requirementSet, type RequirementSet } from "../requirement-set.ts";
import { type Filter, split, untouched } from "./filter.ts";

/**
 * CreateFleet takes one capacity block: keeps the one type with the cheapest block, and of it that offering alone.
 *
 * Karpenter pkg/providers/instance/filter CapacityBlockFilter. The first offering that says anything about a reservation type decides whether blocks are meant.
 */
export const capacityBlock: Filter = (types, claim) => {
  if (!allows(claim, CAPACITY_TYPE_LABEL, "reserved") || !blocksMeant(types)) return untouched(types);
  let best: { readonly type: InstanceType; readonly offering: Offering } | undefined;
  for (const type of types) {
    for (const offering of blocks(type, claim)) if (best === undefined || offering.price < best.offering.price) best = { type, offering };
  }
  return best === undefined ? { kept: [], rejected: types } : split(types, [{ ...best.type, offerings: [best.offering] }]);
};

function blocksMeant(types: readonly InstanceType[]): boolean {
  for (const { offerings } of types) {
    for (const offering of offerings) if (mentions(requirementSet(offering.requirements), RESERVATION_TYPE_LABEL)) return reservationOf(offering).type === "capacity-block";
  }
  return false;
}

function blocks(type: InstanceType, claim: RequirementSet): readonly Offering[] {
  return launchable(type, claim).filter((offering) => capacityTypeOf(offering) === "reserved" && reservationOf(offering).type === "capacity-block");
}
