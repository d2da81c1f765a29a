import { CAPACITY_TYPE_LABEL, type NodeSelectorRequirement, ZONE_LABEL } from "@groupless/api";
import type { LabelTables } from "@groupless/requirements";
import type { InstanceType } from "../instance-type/instance-type.ts";
import { mapShared, updateOfferings } from "../price/update-offerings.ts";
import { defaultLabels } from "../selection/requirement-lists.ts";
import type { Offering } from "./offering.ts";
import { offeringLabel } from "./select-offerings.ts";
import { isUnavailable, type UnavailableOfferings } from "./unavailable-offerings.ts";

/** The types without the offerings that some list of requirements selects: these are still listed, as not available. */
export function withoutOfferings(types: readonly InstanceType[], selectors: readonly { readonly requirements: readonly NodeSelectorRequirement[] }[], labels: LabelTables = defaultLabels): readonly InstanceType[] {
  return updateOfferings(types, selectors.map(({ requirements }) => ({ requirements, update: taken })), labels);
}

/** The types without the offerings that are marked at that time. Marks of subnets need a node class: see the provider's catalog. */
export function withoutMarked(types: readonly InstanceType[], marks: UnavailableOfferings, nowMs: number): readonly InstanceType[] {
  return mapShared(types, (type) => {
    const offerings = mapShared(type.offerings, (offering) => {
      const place = { instanceType: type.name, zone: offeringLabel(offering, ZONE_LABEL) ?? "", capacityType: offeringLabel(offering, CAPACITY_TYPE_LABEL) ?? "" };
      return isUnavailable(marks, place, [], nowMs) ? taken(offering) : offering;
    });
    return offerings === type.offerings ? type : { ...type, offerings };
  });
}

function taken(offering: Offering): Offering {
  return offering.available ? { ...offering, available: false } : offering;
}
