import type { ResourceList } from "@groupless/api";
import { allocatableGroups, type InstanceType } from "@groupless/catalog";
import { fits } from "@groupless/quantity";
import { servesClaim } from "../offering.ts";
import { isCompatible, requirementSet, type RequirementSet } from "../requirement-set.ts";
import type { Filtered } from "./filter.ts";

/**
 * Types that meet the requirements and of which one group of offerings has both room for the requests and an available, compatible offering.
 *
 * Karpenter pkg/providers/instance/filter CompatibleAvailableFilter.
 */
export function compatibleAvailable(types: readonly InstanceType[], claim: RequirementSet, requests: ResourceList): Filtered {
  const kept = types.filter((type) => isCompatible(claim, requirementSet(type.requirements)) && allocatableGroups(type).some(({ allocatable, offerings }) => fits(requests, allocatable) && offerings.some((offering) => servesClaim(claim, offering))));
  const set = new Set(kept);
  return { kept, rejected: types.filter((type) => !set.has(type)) };
}
