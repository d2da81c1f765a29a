import { InputError } from "@groupless/api";
import type { FactsTable } from "../facts/facts-table.ts";
import type { InstanceTypeFacts } from "../facts/instance-type-facts.ts";
import type { Price, RegionSnapshot, RegionType, Zone } from "./region-snapshot.ts";

/** A region in the form the package ships: one or three characters a type, in the order of the facts table. */
export interface PackedRegion {
  readonly region: string;
  readonly takenOn: string;
  readonly source: string;
  /** `us-west-2a:usw2-az2`, comma-separated. */
  readonly zones: string;
  /** A base-64 digit a type: the zones that offer it, the first zone the lowest bit; 0 (`A`): not offered. */
  readonly offered: string;
  /** Three characters a type: average spot saving in percent and 100, in base 36, and the interruption range; `---`: unknown. */
  readonly spot: string;
}

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const digitOf = new Map([...digits].map((digit, value) => [digit, value]));
const interruptionRanges = ["<5%", "5-10%", "10-15%", "15-20%", ">20%"];

/**
 * The snapshot of a shipped region.
 *
 * Prices of `home`, the region whose price table is given, are `listed`; elsewhere they are `estimated` (Karpenter, too,
 * falls back to us-east-1's). Spot prices are always estimated: on-demand less the average saving, or on-demand itself
 * where no saving is known.
 *
 * @throws {InputError} `truncated-snapshot` if the region's lines do not cover the facts table
 */
export function unpackRegion(packed: PackedRegion, facts: FactsTable, home: string, homePrices: ReadonlyMap<string, number>): RegionSnapshot {
  if (packed.offered.length !== facts.size || packed.spot.length !== facts.size * 3) {
    throw new InputError("truncated-snapshot", `the snapshot of ${packed.region} covers ${packed.offered.length} of ${facts.size} types`, { path: packed.region, expected: "one entry a type" });
  }
  const zones = packed.zones.split(",").map((cell): Zone => {
    const [name = "", id] = cell.split(":");
    return { name, ...(id === undefined ? {} : { id }), kind: "availability-zone" };
  });
  const zoneLists = digits.split("").map((_, mask) => Object.freeze(zones.filter((__, bit) => (mask & (1 << bit)) !== 0).map((zone) => zone.name)));
  const types: RegionType[] = [];
  const source = packed.region === home ? "listed" : "estimated";
  for (let index = 0; index < facts.size; index += 1) {
    const offeredIn = zoneLists[digitOf.get(packed.offered[index]!)!]!;
    if (offeredIn.length === 0) continue;
    const fact = facts.at(index);
    const perHour = homePrices.get(fact.name);
    const advice = adviceOf(packed.spot.slice(index * 3, index * 3 + 3));
    // Objects written whole are smaller than such as grow, and there are thousands.
    if (perHour === undefined) types.push(advice.interruption === undefined ? { facts: fact, zones: offeredIn } : { facts: fact, zones: offeredIn, spotInterruption: advice.interruption });
    else {
      const onDemand: Price = { perHour, source };
      const spot = spotPrices(perHour, advice.savingPercent, offeredIn);
      types.push(advice.interruption === undefined ? { facts: fact, zones: offeredIn, onDemand, spot } : { facts: fact, zones: offeredIn, onDemand, spot, spotInterruption: advice.interruption });
    }
  }
  return { format: 1, region: packed.region, takenOn: packed.takenOn, source: packed.source, currency: "USD", zones, types, leftOut: [] };
}

/** The inverse of {@link unpackRegion} for what the generator knows of a region. */
export function packRegion(
  region: { readonly region: string; readonly takenOn: string; readonly source: string; readonly zones: readonly Zone[] },
  facts: readonly InstanceTypeFacts[],
  offeredIn: (type: string) => readonly string[],
  spotAdvice: (type: string) => readonly [savingPercent: number, interruptionRange: number] | undefined,
): PackedRegion {
  if (region.zones.length > 6) throw new RangeError(`${region.region} has ${region.zones.length} zones; a digit holds 6`);
  const bit = new Map(region.zones.map((zone, index) => [zone.name, 1 << index]));
  const offered = facts.map((fact) => digits[offeredIn(fact.name).reduce((mask, zone) => mask | (bit.get(zone) ?? 0), 0)]!);
  const spot = facts.map((fact) => {
    const advice = spotAdvice(fact.name);
    if (advice === undefined) return "---";
    const [saving, range] = advice;
    // Spot can cost more than on-demand: the saving is negative then.
    if (!Number.isInteger(saving) || saving <= -100 || saving >= 100 || interruptionRanges[range] === undefined) throw new RangeError(`${fact.name} in ${region.region}: saving ${saving}, range ${range}`);
    return `${(saving + 100).toString(36).padStart(2, "0")}${range}`;
  });
  const zones = region.zones.map((zone) => (zone.id === undefined ? zone.name : `${zone.name}:${zone.id}`)).join(",");
  return { region: region.region, takenOn: region.takenOn, source: region.source, zones, offered: offered.join(""), spot: spot.join("") };
}

interface SpotAdvice {
  readonly savingPercent: number;
  readonly interruption?: string;
}

const adviceByCell = new Map<string, SpotAdvice>([["---", { savingPercent: 0 }]]);

/** What the three characters of a type say; many types share them. */
function adviceOf(cell: string): SpotAdvice {
  let found = adviceByCell.get(cell);
  if (found === undefined) adviceByCell.set(cell, (found = { savingPercent: Number.parseInt(cell.slice(0, 2), 36) - 100, interruption: interruptionRanges[Number(cell[2])]! }));
  return found;
}

function spotPrices(perHour: number, savingPercent: number, zones: readonly string[]): Readonly<Record<string, Price>> {
  // Six decimals: finer than any list price, and no trace of binary rounding.
  const estimate: Price = { perHour: Math.round(perHour * (100 - savingPercent) * 1e4) / 1e6, source: "estimated" };
  const spot: Record<string, Price> = {};
  for (let index = 0; index < zones.length; index += 1) spot[zones[index]!] = estimate;
  return spot;
}
