import { type Bits, hasBit } from "../intern/bits.ts";
import type { RequirementSet } from "../intern/requirement-set.ts";
import type { CatalogIndex, OfferingEntry, TypeEntry } from "../supply/catalog-index.ts";

/** Types by what their cheapest available offering costs under some requirements, then by name; types without one come last. */
export interface PriceOrder {
  readonly types: readonly number[];
  /** USD an hour by type; Infinity without an offering. */
  readonly prices: Float64Array;
  /** Indexes of the available offerings that go with the requirements. */
  readonly offerings: readonly number[];
}

export function priceOrder(catalog: CatalogIndex, requirements: RequirementSet): PriceOrder {
  const prices = new Float64Array(catalog.types.length).fill(Infinity);
  const matching = catalog.compatibleOfferings(requirements);
  const offerings: number[] = [];
  for (let index = 0; index < catalog.offerings.length; index++) {
    if (!hasBit(matching, index)) continue;
    const { offering, typeIndex } = catalog.offerings[index] as OfferingEntry;
    if (!offering.available) continue;
    offerings.push(index);
    if (offering.price < (prices[typeIndex] as number)) prices[typeIndex] = offering.price;
  }
  const types = [...catalog.types.keys()].sort((a, b) => {
    const [x, y] = [prices[a] as number, prices[b] as number];
    if (x !== y) return x < y ? -1 : 1;
    const [left, right] = [(catalog.types[a] as TypeEntry).type.name, (catalog.types[b] as TypeEntry).type.name];
    return left < right ? -1 : left > right ? 1 : 0;
  });
  return { types, prices, offerings };
}

/** Those of the order that are among the options. */
export function inOrder(order: PriceOrder, types: Bits): number[] {
  return order.types.filter((type) => hasBit(types, type));
}
