import { INSTANCE_TYPE_LABEL, type ResourceList } from "@groupless/api";
import { allocatableGroups, type InstanceType } from "@groupless/catalog";
import { fits } from "@groupless/quantity";
import { servesClaim } from "../offering.ts";
import { allowance, isCompatible, requirementSet, singleValue, type RequirementSet } from "../requirement-set.ts";
import type { Filtered } from "./filter.ts";

type Groups = ReturnType<typeof allocatableGroups>;
const known = new WeakMap<InstanceType, Groups>();

// The same catalog is asked for every launch.
function groupsOf(type: InstanceType): Groups {
  let groups = known.get(type);
  if (groups === undefined) known.set(type, (groups = allocatableGroups(type)));
  return groups;
}

const namesOfLists = new WeakMap<readonly InstanceType[], readonly (string | undefined)[]>();

function namesOf(types: readonly InstanceType[]): readonly (string | undefined)[] {
  let names = namesOfLists.get(types);
  if (names === undefined) namesOfLists.set(types, (names = types.map(({ requirements }) => singleValue(requirementSet(requirements), INSTANCE_TYPE_LABEL))));
  return names;
}

/**
 * Types that meet the requirements and of which one group of offerings has both room for the requests and an available, compatible offering.
 *
 * Karpenter pkg/providers/instance/filter CompatibleAvailableFilter.
 */
export function compatibleAvailable(types: readonly InstanceType[], claim: RequirementSet, requests: ResourceList): Filtered {
  // The name turns most types down, and is the quickest to look at.
  const names = namesOf(types);
  const allowed = allowance(claim, INSTANCE_TYPE_LABEL);
  const isNamed = (index: number): boolean => {
    const name = names[index];
    return name === undefined || allowed(name);
  };
  const kept = types.filter((type, index) => isNamed(index) && isCompatible(claim, requirementSet(type.requirements)) && groupsOf(type).some(({ allocatable, offerings }) => fits(requests, allocatable) && offerings.some((offering) => servesClaim(claim, offering))));
  const set = new Set(kept);
  return { kept, rejected: types.filter((type) => !set.has(type)) };
}
