import type { InstanceType } from "@groupless/catalog";
import { launchable } from "../offering.ts";
import { minValuesOf, requirementSet, valuesOf, type RequirementSet } from "../requirement-set.ts";

/** Types by the price of their cheapest available, compatible offering; types without one last. Equals stay in the order they come in, as in Karpenter's sort of up to twelve types. */
export function orderByPrice(types: readonly InstanceType[], claim: RequirementSet): readonly InstanceType[] {
  const price = new Map(types.map((type) => [type, Math.min(...launchable(type, claim).map((offering) => offering.price))]));
  return types.toSorted((a, b) => compare(price.get(a), price.get(b)));
}

/**
 * The cheapest types, at most `max`; undefined where these would break the claim's minValues under the Strict policy.
 *
 * Karpenter pkg/cloudprovider/types.go Truncate.
 */
export function cheapestTypes(types: readonly InstanceType[], claim: RequirementSet, max: number, minValuesPolicy: "Strict" | "BestEffort" = "Strict"): readonly InstanceType[] | undefined {
  const kept = orderByPrice(types, claim).slice(0, max);
  return minValuesPolicy === "BestEffort" || meetsMinValues(kept, claim) ? kept : undefined;
}

function meetsMinValues(types: readonly InstanceType[], claim: RequirementSet): boolean {
  return minValuesOf(claim).every(([key, min]) => new Set(types.flatMap((type) => valuesOf(requirementSet(type.requirements), key))).size >= min);
}

function compare(a = Infinity, b = Infinity): number {
  return a === b ? 0 : a - b;
}
