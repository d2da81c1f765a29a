import { embeddedFacts } from "../facts/facts-table.ts";
import { parsePrices } from "../prices/price-table.ts";
import { lines } from "../prices/tables/us-east-1.ts";
import { type PackedRegion, unpackRegion } from "./packed-region.ts";
import type { RegionSnapshot } from "./region-snapshot.ts";

let usEast1: ReadonlyMap<string, number> | undefined;

/** The snapshot of a region as this package ships it, with us-east-1's prices as estimates elsewhere. */
export function embeddedRegion(packed: PackedRegion): RegionSnapshot {
  return unpackRegion(packed, embeddedFacts(), "us-east-1", (usEast1 ??= parsePrices(lines)));
}
