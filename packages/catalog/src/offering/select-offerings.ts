import { CAPACITY_TYPE_LABEL, ZONE_LABEL } from "@groupless/api";
import type { LabelTables } from "@groupless/requirements";
import { isCompatible, requirementFor } from "@groupless/requirements/karpenter";
import type { InstanceType } from "../instance-type/instance-type.ts";
import { defaultLabels, readRequirements, type RequirementList, wellKnownKeys } from "../selection/requirement-lists.ts";
import type { Offering } from "./offering.ts";

/** Offerings that can be had now. */
export function availableOfferings(offerings: readonly Offering[]): readonly Offering[] {
  return offerings.filter((offering) => offering.available);
}

/**
 * Offerings that meet the requirements; well-known labels the requirements do not mention are free.
 *
 * @param labels which labels are well known; default Karpenter's own
 */
export function compatibleOfferings(offerings: readonly Offering[], requirements: RequirementList, labels: LabelTables = defaultLabels): readonly Offering[] {
  return offerings.filter(compatibility(requirements, labels));
}

/** Whether some offering meets the requirements. */
export function hasCompatibleOffering(offerings: readonly Offering[], requirements: RequirementList, labels: LabelTables = defaultLabels): boolean {
  return offerings.some(compatibility(requirements, labels));
}

/** The test of {@link compatibleOfferings} for many offerings. */
export function compatibility(requirements: RequirementList, labels: LabelTables): (offering: Offering) => boolean {
  const asked = readRequirements(requirements, labels);
  const free = wellKnownKeys(labels);
  return (offering) => isCompatible(asked, readRequirements(offering.requirements, labels), free);
}

/** The offering of the least price, the first of several; undefined without any. */
export function cheapestOffering(offerings: readonly Offering[]): Offering | undefined {
  return offerings.reduce<Offering | undefined>((best, offering) => (best === undefined || offering.price < best.price ? offering : best), undefined);
}

/** The offering of the greatest price, the first of several; undefined without any. */
export function mostExpensiveOffering(offerings: readonly Offering[]): Offering | undefined {
  return offerings.reduce<Offering | undefined>((worst, offering) => (worst === undefined || offering.price > worst.price ? offering : worst), undefined);
}

/** Capacity types in the order in which a launch prefers them. */
const launchOrder: readonly string[] = ["reserved", "spot", "on-demand"];

/**
 * The most a launch under the requirements may cost, USD an hour: the dearest offering of the capacity type it would take,
 * which is reserved before spot before on-demand. `Number.MAX_VALUE` if nothing fits.
 */
export function worstLaunchPrice(offerings: readonly Offering[], requirements: RequirementList, labels: LabelTables = defaultLabels): number {
  const compatible = compatibleOfferings(offerings, requirements, labels);
  for (const capacityType of launchOrder) {
    const worst = mostExpensiveOffering(compatibleOfferings(compatible, [{ key: CAPACITY_TYPE_LABEL, operator: "In", values: [capacityType] }], labels));
    if (worst !== undefined) return worst.price;
  }
  return Number.MAX_VALUE;
}

/** The price of a type's first offering in a zone and capacity type, available or not, USD an hour; undefined without one. */
export function offeringPrice(type: Pick<InstanceType, "offerings">, zone: string, capacityType: string): number | undefined {
  return type.offerings.find((offering) => offeringLabel(offering, ZONE_LABEL) === zone && offeringLabel(offering, CAPACITY_TYPE_LABEL) === capacityType)?.price;
}

/** The value an offering gives a label; undefined if it does not have it. */
export function offeringLabel(offering: Pick<Offering, "requirements">, key: string): string | undefined {
  const requirement = requirementFor(readRequirements(offering.requirements, defaultLabels), key);
  return requirement.complement ? undefined : requirement.values[0];
}
