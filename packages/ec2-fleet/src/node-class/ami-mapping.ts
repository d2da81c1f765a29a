import type { AMI } from "@groupless/api";
import type { InstanceType } from "@groupless/catalog";
import { isCompatible, requirementSet } from "../launch/requirement-set.ts";

/**
 * The image of an instance type: the first of the list, newest first, whose requirements the type meets.
 *
 * Karpenter pkg/providers/amifamily MapToInstanceTypes.
 */
export function imageFor(type: InstanceType, images: readonly AMI[]): string | undefined {
  return images.find(({ requirements }) => isCompatible(requirementSet(type.requirements), requirementSet(requirements), "strict"))?.id;
}
