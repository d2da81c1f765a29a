import { members } from "../intern/bits.ts";
import type { Flexibility } from "../packing.ts";
import type { Outcome } from "../place/solver.ts";
import type { Lane } from "../place/lane.ts";
import { priceLane } from "../result/price-lane.ts";
import { FLEXIBLE_PRICE_FACTOR, typesWanted } from "./flexible-bins.ts";

/** How far the claims have the types they were to keep. */
export function flexibilityOf({ claims }: Outcome, minInstanceTypes: number | undefined, costUsdPerHour: number): Flexibility {
  const wanted = new Map<string, number>();
  const lanes = new Map<Lane, Float64Array>();
  let claimsBelow = 0;
  for (const { lane, options, template } of claims) {
    const { catalog } = template;
    let prices = lanes.get(lane);
    if (prices === undefined) lanes.set(lane, (prices = priceLane(catalog, lane.requirements).prices));
    const own = members(catalog.typesOf(options)).map((type) => (prices as Float64Array)[type] as number);
    const cheapest = Math.min(...own);
    const capacityType = capacityTypeOf(lane, cheapest);
    const least = typesWanted(capacityType, minInstanceTypes);
    wanted.set(capacityType, least);
    if (own.filter((price) => price <= cheapest * FLEXIBLE_PRICE_FACTOR).length < least) claimsBelow += 1;
  }
  return { minInstanceTypes: Object.fromEntries([...wanted].sort(([a], [b]) => (a < b ? -1 : 1))), priceFactor: FLEXIBLE_PRICE_FACTOR, costUsdPerHour, claimsBelow };
}

function capacityTypeOf({ template, requirements }: Lane, priceUsdPerHour: number): string {
  const { catalog } = template;
  const index = members(catalog.offeringsUnder(requirements)).find((offering) => catalog.offerings[offering]?.price === priceUsdPerHour);
  return index === undefined ? "" : (catalog.capacityTypes[index] as string);
}
