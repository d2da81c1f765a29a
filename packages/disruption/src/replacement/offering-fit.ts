import type { InstanceType, Offering } from "@groupless/catalog";
import { fromSelectorRequirements, isCompatible, type Requirements } from "@groupless/requirements/karpenter";
import type { LabelTables } from "@groupless/requirements";
import type { ClaimRequirements } from "./claim-requirements.ts";

const offerings = new WeakMap<Offering, Requirements>();

/** Whether a claim with these requirements can be launched in the offering; what the claim leaves open about a well-known label is free. */
export function offeringFits(requirements: Requirements, offering: Offering, wellKnown: ReadonlySet<string>): boolean {
  let offered = offerings.get(offering);
  if (offered === undefined) {
    offered = fromSelectorRequirements(offering.requirements);
    offerings.set(offering, offered);
  }
  return isCompatible(requirements, offered, wellKnown);
}

/** Label tables and what follows from them, for one pass. */
export interface KnownLabels {
  readonly tables: LabelTables;
  readonly wellKnown: ReadonlySet<string>;
}

/** A claim's requirements as sets. */
export function requirementsOf(requirements: ClaimRequirements, { tables }: KnownLabels): Requirements {
  return fromSelectorRequirements(requirements, tables);
}

/** The type's offerings that fit, available or not. */
export function fittingOfferings(instanceType: InstanceType, requirements: Requirements, { wellKnown }: KnownLabels): readonly Offering[] {
  return instanceType.offerings.filter((offering) => offeringFits(requirements, offering, wellKnown));
}
