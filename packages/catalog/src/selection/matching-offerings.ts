import type { NodeSelectorRequirement } from "@groupless/api";
import type { LabelTables } from "@groupless/requirements";
import { intersection, isCompatible, NO_REQUIREMENTS, type Requirement, type Requirements, requirements } from "@groupless/requirements/karpenter";
import type { InstanceType } from "../instance-type/instance-type.ts";
import type { Offering } from "../offering/offering.ts";
import { defaultLabels, readRequirements } from "./requirement-lists.ts";

/**
 * The offerings of a type whose labels, together with the type's, meet all requirements; a label that neither has meets
 * only `NotIn` and `DoesNotExist`.
 *
 * @example
 * ```ts
 * import { matchingOfferings } from "@groupless/catalog";
 * 
 * const m5Large = { name: "m5.large", requirements: [{ key: "karpenter.k8s.aws/instance-cpu", operator: "In", values: ["2"] }], capacity: {}, overhead: {}, offerings: [{ requirements: [], price: 1, available: true }] } as const;
 * matchingOfferings(m5Large, [{ key: "karpenter.k8s.aws/instance-cpu", operator: "Gte", values: ["8"] }]); // => []
 * ```
 */
export function matchingOfferings(type: InstanceType, selector: readonly NodeSelectorRequirement[], labels: LabelTables = defaultLabels): readonly Offering[] {
  const asked = readRequirements(selector, labels);
  return mayMatch(type, asked, labels) ? type.offerings.filter(matcher(type, asked, labels)) : [];
}

/** Whether no requirement contradicts the type itself. */
export function mayMatch(type: InstanceType, asked: Requirements, labels: LabelTables): boolean {
  return isCompatible(readRequirements(type.requirements, labels), asked, new Set(Object.keys(asked)));
}

/** The test of {@link matchingOfferings} for many offerings of a type. Compatibility is a matter of each asked key by itself. */
export function matcher(type: InstanceType, asked: Requirements, labels: LabelTables): (offering: Offering) => boolean {
  const offered = readRequirements(type.requirements, labels);
  const keys = Object.keys(asked).map((key) => {
    const one = requirements([asked[key]!]);
    const ofType = offered[key];
    const meets = (existing: Requirement | undefined): boolean => isCompatible(existing === undefined ? NO_REQUIREMENTS : requirements([existing]), one);
    return { key, ofType, meets, typeMeets: meets(ofType) };
  });
  return (offering) => {
    const own = readRequirements(offering.requirements, labels);
    return keys.every(({ key, ofType, meets, typeMeets }) => {
      const ofOffering = own[key];
      if (ofOffering === undefined) return typeMeets;
      return meets(ofType === undefined ? ofOffering : intersection(ofOffering, ofType));
    });
  };
}
