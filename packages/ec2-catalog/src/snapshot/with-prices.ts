import { InputError } from "@groupless/api";
import { onDemandPrice, type PriceBook, spotPrice } from "../prices/price-book.ts";
import type { Price, RegionSnapshot, RegionType } from "./region-snapshot.ts";

/**
 * The snapshot at the prices of a book; a type whose prices stay the same is shared with the snapshot that came in.
 *
 * Where the book knows no price, none is left: a zone without a spot price does not offer spot.
 *
 * @throws {InputError} `unknown-region` if the book is another region's, `contradictory-fields` if it is in another currency
 */
export function withPriceBook(snapshot: RegionSnapshot, book: PriceBook): RegionSnapshot {
  if (book.region !== snapshot.region) throw new InputError("unknown-region", `prices of ${book.region}`, { path: "region", expected: snapshot.region });
  if (book.currency !== snapshot.currency) throw new InputError("contradictory-fields", `prices in ${book.currency}`, { path: "currency", expected: snapshot.currency });
  return { ...snapshot, types: snapshot.types.map((type) => repriced(type, book)) };
}

function repriced(type: RegionType, book: PriceBook): RegionType {
  const onDemand = onDemandPrice(book, type.facts.name);
  const spot: Record<string, Price> = {};
  for (const zone of type.zones) {
    const price = spotPrice(book, type.facts.name, zone);
    if (price !== undefined) spot[zone] = price;
  }
  const sameSpot = type.zones.every((zone) => equalPrices(spot[zone], type.spot?.[zone]));
  if (sameSpot && equalPrices(onDemand, type.onDemand)) return type;
  const { facts, zones, spotInterruption, assumed } = type;
  return { facts, zones, ...(spotInterruption === undefined ? {} : { spotInterruption }), ...(assumed === undefined ? {} : { assumed }), ...(onDemand === undefined ? {} : { onDemand }), ...(Object.keys(spot).length === 0 ? {} : { spot }) };
}

function equalPrices(a: Price | undefined, b: Price | undefined): boolean {
  return a?.perHour === b?.perHour && a?.source === b?.source;
}
