import type { Offering } from "@groupless/catalog";
import { type Bits, bits, hasBit, intersects, setBit } from "../intern/bits.ts";
import type { RequirementSet } from "../intern/requirement-set.ts";
import type { CatalogIndex } from "../supply/catalog-index.ts";

/** A catalog under some requirements, by price. */
export interface PriceLane {
  /** What the cheapest available offering of each type costs, USD an hour; Infinity without one. */
  readonly prices: Float64Array;
  /** Types that can be had, cheapest first, then by name; then the others by name. */
  readonly order: readonly number[];
  /** Capacity types in name order, each with the types that can be had in it. */
  readonly capacityTypes: readonly (readonly [string, Bits])[];
}

export function priceLane(catalog: CatalogIndex, requirements: RequirementSet): PriceLane {
  const prices = new Float64Array(catalog.types.length).fill(Infinity);
  const matching = catalog.offeringsUnder(requirements);
  const names = catalog.capacityTypes;
  const byCapacityType = new Map<string, Bits>();
  for (let word = 0; word < matching.length; word++) {
    let rest = matching[word] as number;
    while (rest !== 0) {
      const index = (word << 5) + (31 - Math.clz32(rest & -rest));
      rest &= rest - 1;
      const type = catalog.typeOfOffering[index] as number;
      const { price } = catalog.offerings[index] as Offering;
      if (price < (prices[type] as number)) prices[type] = price;
      const name = names[index] as string;
      let having = byCapacityType.get(name);
      if (having === undefined) byCapacityType.set(name, (having = bits(catalog.types.length)));
      setBit(having, type);
    }
  }
  const { nameRank } = catalog;
  // By their cheapest offering of all, most types stand where they belong already: little is left to be sorted.
  const order = catalog.byPrice.slice().sort((a, b) => {
    const x = prices[a] as number;
    const y = prices[b] as number;
    return x < y ? -1 : x > y ? 1 : (nameRank[a] as number) - (nameRank[b] as number);
  });
  return { prices, order, capacityTypes: [...byCapacityType].sort(([a], [b]) => (a < b ? -1 : 1)) };
}

/** The first so many of these types, cheapest first. */
export function cheapestOf(lane: PriceLane, types: Bits, most: number): number[] {
  const among: number[] = [];
  for (const type of lane.order) {
    if (!hasBit(types, type)) continue;
    if (among.length === most) break;
    among.push(type);
  }
  return among;
}

/** The capacity types that these types can be had in. */
export function capacityTypesOf(lane: PriceLane, types: Bits): string[] {
  return lane.capacityTypes.filter(([, having]) => intersects(having, types)).map(([name]) => name);
}
