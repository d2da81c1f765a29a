import type { Price } from "../snapshot/region-snapshot.ts";

/** What is known of a region's prices; immutable plain data, each refresh gives a new one. */
export interface PriceBook {
  readonly region: string;
  readonly currency: "USD" | "CNY";
  /** By type name. */
  readonly onDemand: Readonly<Record<string, Price>>;
  /** By type name and zone; empty until spot prices have been read once. */
  readonly spot: Readonly<Record<string, Readonly<Record<string, Price>>>>;
  /** By type name, what stands in for spot prices until then. */
  readonly spotEstimates: Readonly<Record<string, Price>>;
}

/** The on-demand price of a type; undefined where none is known. */
export function onDemandPrice(book: PriceBook, type: string): Price | undefined {
  return own(book.onDemand, type);
}

/**
 * The spot price of a type in a zone. Once spot prices have been read, a zone without one has none: spot is not offered
 * there.
 */
export function spotPrice(book: PriceBook, type: string, zone: string): Price | undefined {
  return hasSpotPrices(book) ? own(own(book.spot, type) ?? {}, zone) : own(book.spotEstimates, type);
}

/** Whether spot prices have been read. */
export function hasSpotPrices(book: PriceBook): boolean {
  return Object.keys(book.spot).length > 0;
}

function own<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
