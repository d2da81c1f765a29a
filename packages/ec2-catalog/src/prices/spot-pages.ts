import { InputError } from "@groupless/api";
import type { Price } from "../snapshot/region-snapshot.ts";
import { priceNumber } from "./on-demand-pages.ts";
import type { PriceBook } from "./price-book.ts";

/** An entry of DescribeSpotPriceHistory. */
export interface SpotPriceRecord {
  readonly AvailabilityZone?: string | undefined;
  readonly InstanceType?: string | undefined;
  readonly SpotPrice?: string | undefined;
  /** A Date from the SDK, text from JSON. */
  readonly Timestamp?: unknown;
}

/**
 * The book with the spot prices of some pages: the last record of a type and zone stands, and those of earlier refreshes
 * stay. Records without a time or a number are left out.
 *
 * @throws {InputError} `no-prices` if no record could be used
 */
export function withSpotPages(book: PriceBook, pages: readonly (readonly SpotPriceRecord[])[]): PriceBook {
  const spot: Record<string, Record<string, Price>> = {};
  for (const { InstanceType: type, AvailabilityZone: zone, SpotPrice: text, Timestamp: time } of pages.flat()) {
    const perHour = priceNumber(text);
    if (perHour === undefined || time === undefined || time === null || type === undefined || zone === undefined) continue;
    (spot[type] ??= { ...book.spot[type] })[zone] = { perHour, source: "listed" };
  }
  if (Object.keys(spot).length === 0) throw new InputError("no-prices", `no spot price for ${book.region}`, { path: "SpotPriceHistory", expected: "at least one price" });
  return { ...book, spot: { ...book.spot, ...spot } };
}
