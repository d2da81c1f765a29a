import { INSTANCE_TYPE_LABEL, type ResourceList } from "@groupless/api";
import { allocatableGroups, type InstanceType } from "@groupless/catalog";
import { fits } from "@groupless/quantity";
import { servesClaim } from "../offering.ts";
import { allows, isCompatible, requirementSet, singleValue, type RequirementSet } from "../requirement-set.ts";
import type { Filtered } from "./filter.ts";

type Groups = ReturnType<typeof allocatableGroups>;
const known = new WeakMap<InstanceType, Groups>();

// The same catalog is asked for every launch.
function groupsOf(type: InstanceType): Groups {
  let groups = known.get(type);
  if (groups === undefined) known.set(type, (groups = allocatableGroups(type)));
  return groups;
}

/**
 * Types that meet the requirements and of which one group of offerings has both room for the requests and an available, compatible offering.
 *
 * Karpenter pkg/providers/instance/filter CompatibleAvailableFilter.
 */
export function compatibleAvailable(types: readonly InstanceType[], claim: RequirementSet, requests: ResourceList): Filtered {
  // The name turns most types down, and is the quickest to look at.
  const isNamed = ({ requirements }: InstanceType): boolean => {
    const name = singleValue(requirementSet(requirements), INSTANCE_TYPE_LABEL);
    return name === undefined || allows(claim, INSTANCE_TYPE_LABEL, name);
  };
  const kept = types.filter((type) => isNamed(type) && isCompatible(claim, requirementSet(type.requirements)) && groupsOf(type).some(({ allocatable, offerings }) => fits(requests, allocatable) && offerings.some((offering) => servesClaim(claim, offering))));
  const set = new Set(kept);
  return { kept, rejected: types.filter((type) => !set.has(type)) };
}
