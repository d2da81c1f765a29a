import { type Bits, members } from "../intern/bits.ts";
import type { RequirementSet } from "../intern/requirement-set.ts";
import type { CatalogIndex, TypeEntry } from "./catalog-index.ts";

/**
 * Keys whose minValues these types do not reach, with how many distinct values they have. Counted are the values the types list,
 * also those the requirements rule out. Karpenter pkg/cloudprovider/types.go SatisfiesMinValues.
 */
export function unmetMinValues(catalog: CatalogIndex, variants: Bits, requirements: RequirementSet): Map<string, number> {
  return unmetAmong(members(catalog.typesOf(variants)).map((type) => catalog.types[type] as TypeEntry), requirements);
}

export function unmetAmong(types: readonly TypeEntry[], requirements: RequirementSet): Map<string, number> {
  const unmet = new Map<string, number>();
  if (types.length === 0) return unmet;
  for (const requirement of requirements.requirements) {
    if (requirement.minValues === undefined) continue;
    const values = new Set<string>();
    for (const type of types) {
      for (const value of type.requirements.byKey.get(requirement.key)?.values ?? []) values.add(value);
      if (values.size >= requirement.minValues) break;
    }
    if (values.size < requirement.minValues) unmet.set(requirement.key, values.size);
  }
  return unmet;
}
