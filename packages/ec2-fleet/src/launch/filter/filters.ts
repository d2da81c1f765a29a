import type { NodeClaim, ResourceList } from "@groupless/api";
import type { InstanceType } from "@groupless/catalog";
import { requirementSet, type RequirementSet } from "../requirement-set.ts";
import { capacityBlock } from "./capacity-block.ts";
import { capacityReservationType } from "./capacity-reservation-type.ts";
import { cheapestTypes } from "./cheapest-types.ts";
import { compatibleAvailable } from "./compatible-available.ts";
import { exotic } from "./exotic.ts";
import type { Filter } from "./filter.ts";
import { reservedOffering } from "./reserved-offering.ts";
import { spotOffering } from "./spot-offering.ts";

/** As many types as Karpenter puts into one fleet. */
export const MAX_INSTANCE_TYPES = 60;

const afterFit: readonly (readonly [string, Filter])[] = [
  ["capacity-reservation-type", capacityReservationType],
  ["capacity-block", capacityBlock],
  ["reserved-offering", reservedOffering],
  ["exotic", exotic],
  ["spot-offering", spotOffering],
];

/** The types of a launch, or the name of the filter that left none. */
export type LaunchTypes = { readonly types: readonly InstanceType[] } | { readonly emptiedBy: string };

type Known = Map<string, { readonly claim: RequirementSet; readonly types: LaunchTypes }>;

const MOST_SHAPES = 500;
const known = new WeakMap<readonly InstanceType[], Known>();

/** As {@link launchTypes}, remembered by what the claim asks for: most claims ask for what another has asked for. The set is that of the first of them. */
export function launchTypesOf(types: readonly InstanceType[], { requirements, resources }: NodeClaim["spec"], minValuesPolicy: "Strict" | "BestEffort" = "Strict"): { readonly claim: RequirementSet; readonly types: LaunchTypes } {
  let shapes = known.get(types);
  if (shapes === undefined) known.set(types, (shapes = new Map()));
  const requests = resources?.requests ?? {};
  const shape = JSON.stringify([requirements, requests, minValuesPolicy]);
  let found = shapes.get(shape);
  if (found === undefined) {
    const claim = requirementSet(requirements);
    found = { claim, types: launchTypes(types, claim, requests, minValuesPolicy) };
    if (shapes.size >= MOST_SHAPES) shapes.clear();
    shapes.set(shape, found);
  }
  return found;
}

/** Narrows a catalog to what one CreateFleet asks for, the cheapest types first, those of one price by name. Karpenter pkg/providers/instance filterInstanceTypes. */
export function launchTypes(types: readonly InstanceType[], claim: RequirementSet, requests: ResourceList, minValuesPolicy: "Strict" | "BestEffort" = "Strict"): LaunchTypes {
  let { kept } = compatibleAvailable(types, claim, requests);
  if (kept.length === 0) return { emptiedBy: "compatible-available" };
  for (const [name, filter] of afterFit) {
    ({ kept } = filter(kept, claim));
    if (kept.length === 0) return { emptiedBy: name };
  }
  const byName = kept.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const cheapest = cheapestTypes(byName, claim, MAX_INSTANCE_TYPES, minValuesPolicy);
  return cheapest === undefined ? { emptiedBy: "min-values" } : { types: cheapest };
}
