import type { LabelTables } from "@groupless/requirements";
import type { InstanceType } from "../instance-type/instance-type.ts";
import { compatibility } from "../offering/select-offerings.ts";
import { defaultLabels, type RequirementList } from "./requirement-lists.ts";

/**
 * The least price of an available offering that meets the requirements, USD an hour; `Number.MAX_VALUE` without one.
 *
 * @param labels which labels are well known; default Karpenter's own
 */
export function launchPrice(type: Pick<InstanceType, "offerings">, requirements: RequirementList, labels: LabelTables = defaultLabels): number {
  const compatible = compatibility(requirements, labels);
  return type.offerings.reduce((least, offering) => (offering.available && offering.price < least && compatible(offering) ? offering.price : least), Number.MAX_VALUE);
}

/** The types by {@link launchPrice}, those of one price by name, those without a price last. */
export function orderByPrice(types: readonly InstanceType[], requirements: RequirementList, labels: LabelTables = defaultLabels): readonly InstanceType[] {
  return types
    .map((type) => ({ type, price: launchPrice(type, requirements, labels) }))
    .sort((a, b) => a.price - b.price || (a.type.name < b.type.name ? -1 : a.type.name > b.type.name ? 1 : 0))
    .map(({ type }) => type);
}

/** Types with an available offering that meets the requirements. */
export function compatibleInstanceTypes(types: readonly InstanceType[], requirements: RequirementList, labels: LabelTables = defaultLabels): readonly InstanceType[] {
  const compatible = compatibility(requirements, labels);
  return types.filter((type) => type.offerings.some((offering) => offering.available && compatible(offering)));
}
