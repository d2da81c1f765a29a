import type { InstanceType } from "@groupless/catalog";
import { INSTANCE_SIZE_LABEL } from "../../node-class/label.ts";
import { amount } from "../amount.ts";
import { minValuesOf, requirementSet, valuesOf } from "../requirement-set.ts";
import { type Filter, split, untouched } from "./filter.ts";

const accelerators = ["aws.amazon.com/neuron", "aws.amazon.com/neuroncore", "amd.com/gpu", "nvidia.com/gpu", "habana.ai/gaudi"];

/**
 * Drops metal sizes and types with accelerators while at least one other type is left, unless minValues ask for variety.
 *
 * Karpenter pkg/providers/instance/filter ExoticInstanceTypeFilter.
 */
export const exotic: Filter = (types, claim) => {
  if (minValuesOf(claim).length > 0) return untouched(types);
  const kept = types.filter((type) => !isExotic(type));
  return kept.length === 0 ? untouched(types) : split(types, kept);
};

function isExotic(type: InstanceType): boolean {
  return valuesOf(requirementSet(type.requirements), INSTANCE_SIZE_LABEL).some((size) => size.includes("metal")) || accelerators.some((resource) => amount(type.capacity[resource]) > 0);
}
