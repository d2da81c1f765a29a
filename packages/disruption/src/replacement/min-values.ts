import type { NodeSelectorRequirementWithMinValues } from "@groupless/api";
import type { InstanceType } from "@groupless/catalog";
import type { ClaimRequirements } from "./claim-requirements.ts";

/** How many of the types, taken in their order, are needed to meet all minValues; and the labels of which not even all types have enough values, sorted. */
export interface Flexibility {
  readonly needed: number;
  readonly unmet: readonly string[];
}

/** Checks a claim's minValues against a list of instance types (Karpenter pkg/cloudprovider `SatisfiesMinValues`). */
export function flexibility(instanceTypes: readonly InstanceType[], requirements: ClaimRequirements): Flexibility {
  const least = new Map<string, number>();
  for (const { key, minValues } of requirements) if (minValues !== undefined) least.set(key, Math.max(minValues, least.get(key) ?? 0));
  if (least.size === 0) return { needed: 0, unmet: [] };
  const seen = new Map([...least.keys()].map((key) => [key, new Set<string>()]));
  let unmet: string[] = [];
  for (const [i, instanceType] of instanceTypes.entries()) {
    for (const requirement of instanceType.requirements) for (const value of valuesOf(requirement)) seen.get(requirement.key)?.add(value);
    unmet = [...least].filter(([key, count]) => (seen.get(key)?.size ?? 0) < count).map(([key]) => key);
    if (unmet.length === 0) return { needed: i + 1, unmet };
  }
  return { needed: instanceTypes.length, unmet: unmet.sort() };
}

// The values a requirement lists: those it allows (In) or, as in Karpenter, those it forbids (NotIn).
function valuesOf({ values = [] }: NodeSelectorRequirementWithMinValues): readonly string[] {
  return values;
}
