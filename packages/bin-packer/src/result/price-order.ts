import type { Offering } from "@groupless/catalog";
import { type Bits, hasBit } from "../intern/bits.ts";
import type { RequirementSet } from "../intern/requirement-set.ts";
import type { CatalogIndex } from "../supply/catalog-index.ts";

/** What the cheapest available offering of each type costs under some requirements, USD an hour; Infinity without one. */
export function cheapestPrices(catalog: CatalogIndex, requirements: RequirementSet): Float64Array {
  const prices = new Float64Array(catalog.types.length).fill(Infinity);
  const matching = catalog.offeringsUnder(requirements);
  for (let word = 0; word < matching.length; word++) {
    let rest = matching[word] as number;
    while (rest !== 0) {
      const index = (word << 5) + (31 - Math.clz32(rest & -rest));
      rest &= rest - 1;
      const type = catalog.typeOfOffering[index] as number;
      const { price } = catalog.offerings[index] as Offering;
      if (price < (prices[type] as number)) prices[type] = price;
    }
  }
  return prices;
}

/** The types among the options, cheapest first, then by name. */
export function byPrice(catalog: CatalogIndex, prices: Float64Array, types: Bits): number[] {
  const among: number[] = [];
  for (let type = 0; type < catalog.types.length; type++) if (hasBit(types, type)) among.push(type);
  const { nameRank } = catalog;
  return among.sort((a, b) => {
    const [x, y] = [prices[a] as number, prices[b] as number];
    return x < y ? -1 : x > y ? 1 : (nameRank[a] as number) - (nameRank[b] as number);
  });
}

/** The capacity types that the available offerings of these types come in. */
export function capacityTypesOf(catalog: CatalogIndex, requirements: RequirementSet, types: readonly number[]): string[] {
  const among = new Uint8Array(catalog.types.length);
  for (const type of types) among[type] = 1;
  const matching = catalog.offeringsUnder(requirements);
  const { capacityTypes } = catalog;
  const found = new Set<string>();
  for (let word = 0; word < matching.length; word++) {
    let rest = matching[word] as number;
    while (rest !== 0) {
      const index = (word << 5) + (31 - Math.clz32(rest & -rest));
      rest &= rest - 1;
      if (among[catalog.typeOfOffering[index] as number] === 1) found.add(capacityTypes[index] as string);
    }
  }
  return [...found].sort();
}
