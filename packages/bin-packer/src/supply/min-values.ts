import { type Bits, members } from "../intern/bits.ts";
import type { RequirementSet } from "../intern/requirement-set.ts";
import type { CatalogIndex } from "./catalog-index.ts";

/**
 * Keys whose minValues these types do not reach, with how many distinct values they have. Counted are the values the types list,
 * also those the requirements rule out. Karpenter pkg/cloudprovider/types.go SatisfiesMinValues.
 */
export function unmetMinValues(catalog: CatalogIndex, variants: Bits, requirements: RequirementSet): Map<string, number> {
  return unmetAmong(catalog, members(catalog.typesOf(variants)), requirements);
}

export function unmetAmong(catalog: CatalogIndex, types: readonly number[], requirements: RequirementSet): Map<string, number> {
  const unmet = new Map<string, number>();
  if (types.length === 0) return unmet;
  for (const requirement of requirements.requirements) {
    if (requirement.minValues === undefined) continue;
    const column = catalog.typeRows.column(requirement.key);
    const values = new Set<string>();
    for (const type of types) {
      for (const value of column[type]?.values ?? []) values.add(value);
      if (values.size >= requirement.minValues) break;
    }
    if (values.size < requirement.minValues) unmet.set(requirement.key, values.size);
  }
  return unmet;
}
