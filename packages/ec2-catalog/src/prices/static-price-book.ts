import type { Price } from "../snapshot/region-snapshot.ts";
import type { PriceBook } from "./price-book.ts";
import { parsePrices } from "./price-table.ts";
import { lines as cnNorth1 } from "./tables/cn-north-1.ts";
import { lines as usEast1 } from "./tables/us-east-1.ts";
import { lines as usGovEast1 } from "./tables/us-gov-east-1.ts";
import { lines as usGovWest1 } from "./tables/us-gov-west-1.ts";

const tables: ReadonlyMap<string, string> = new Map([
  ["us-east-1", usEast1],
  ["us-gov-east-1", usGovEast1],
  ["us-gov-west-1", usGovWest1],
  ["cn-north-1", cnNorth1],
]);

/**
 * The prices known without asking anybody: the region's own table, else us-east-1's as estimates. Spot starts at
 * on-demand.
 *
 * Source: Karpenter, pkg/providers/pricing, where other regions of China, too, get us-east-1's dollars.
 */
export function staticPriceBook(region: string): PriceBook {
  const own = tables.get(region);
  const prices = parsePrices(own ?? usEast1);
  const onDemand: Record<string, Price> = {};
  const spotEstimates: Record<string, Price> = {};
  for (const [type, perHour] of prices) {
    onDemand[type] = { perHour, source: own === undefined ? "estimated" : "listed" };
    spotEstimates[type] = { perHour, source: "estimated" };
  }
  return { region, currency: currencyOf(region), onDemand, spot: {}, spotEstimates };
}

/** The currency the Pricing API lists a region's prices in. */
export function currencyOf(region: string): "USD" | "CNY" {
  return region.startsWith("cn-") ? "CNY" : "USD";
}
