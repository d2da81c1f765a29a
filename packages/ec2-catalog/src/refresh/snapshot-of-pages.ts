import { InputError } from "@groupless/api";
import { knownFactsOf } from "../facts/facts-table.ts";
import { baselineBandwidthMbps, factsOf } from "../facts/facts-of.ts";
import type { InstanceTypeInfo } from "../facts/instance-type-info.ts";
import { currencyOf } from "../prices/static-price-book.ts";
import type { PriceBook } from "../prices/price-book.ts";
import { architectureLabel } from "../resolve/labels.ts";
import type { LeftOutType, RegionSnapshot, RegionType, Zone } from "../snapshot/region-snapshot.ts";
import { withPriceBook } from "../snapshot/with-prices.ts";
import { type AvailabilityZoneInfo, zoneKind, zonesOfPages } from "./zones-of-pages.ts";

/** An entry of DescribeInstanceTypeOfferings by availability zone. */
export interface InstanceTypeOffering {
  readonly InstanceType?: string | undefined;
  readonly Location?: string | undefined;
}

/** What EC2 answered about a region; a page is the list in one answer. */
export interface RegionPages {
  readonly region: string;
  /** The day of the answers, `YYYY-MM-DD`. */
  readonly takenOn: string;
  readonly instanceTypes: readonly (readonly InstanceTypeInfo[])[];
  readonly offerings: readonly (readonly InstanceTypeOffering[])[];
  readonly zones: readonly (readonly AvailabilityZoneInfo[])[];
  readonly prices: PriceBook;
}

/**
 * A region's snapshot from pages of DescribeInstanceTypes, DescribeInstanceTypeOfferings and DescribeAvailabilityZones.
 *
 * A type whose entry cannot be used is left out and listed with the reason. A type that the embedded tables do not know
 * works from its entry alone: it gets no pod ENIs, its bandwidth is that of its network cards, and `assumed` says so.
 *
 * @throws {InputError} `no-instance-types`, `no-offerings` or `no-zones` for empty answers, so that a caller keeps what it
 * has; `contradictory-fields` for pages of another region
 */
export function snapshotOfPages(pages: RegionPages): RegionSnapshot {
  const { region, takenOn, prices } = pages;
  const zones = zonesOfPages(region, pages.zones);
  const offered = offeredZones(pages.offerings);
  if (offered.size === 0) throw new InputError("no-offerings", "no instance types offerings found", { path: "InstanceTypeOfferings" });
  const leftOut: LeftOutType[] = [];
  const types = new Map<string, RegionType>();
  for (const [page, infos] of pages.instanceTypes.entries()) {
    for (const [index, info] of infos.entries()) {
      const path = `pages[${page}].InstanceTypes[${index}]`;
      const type = readType(info, path, offered);
      if ("code" in type) leftOut.push(type);
      else if (types.has(type.facts.name)) leftOut.push({ name: type.facts.name, code: "duplicate-type", message: `${path}: named before; the first entry stands` });
      else types.set(type.facts.name, type);
    }
  }
  if (types.size === 0) throw new InputError("no-instance-types", `no usable instance type among ${leftOut.length}`, { path: "InstanceTypes" });
  const known = new Set(zones.map((zone) => zone.name));
  const unlisted = [...new Set([...offered.values()].flat())].filter((zone) => !known.has(zone)).map((name): Zone => ({ name, kind: zoneKind(region, name) }));
  const snapshot: RegionSnapshot = {
    format: 1,
    region,
    takenOn,
    source: "EC2 DescribeInstanceTypes, DescribeInstanceTypeOfferings, DescribeAvailabilityZones; AWS Price List; EC2 DescribeSpotPriceHistory",
    currency: currencyOf(region),
    zones: [...zones, ...unlisted].sort(byName),
    types: [...types.values()].sort((a, b) => byName(a.facts, b.facts)),
    leftOut,
  };
  return withPriceBook(snapshot, prices);
}

function readType(info: InstanceTypeInfo, path: string, offered: ReadonlyMap<string, readonly string[]>): RegionType | LeftOutType {
  const name = info.InstanceType ?? "(unnamed)";
  const known = knownFactsOf(name);
  try {
    // A type that the tables know without a bandwidth has none in Karpenter either.
    const bandwidth = known === undefined ? baselineBandwidthMbps(info) : known.networkBandwidthMbps;
    const facts = factsOf(info, { networkBandwidthMbps: bandwidth, branchInterfaces: known?.branchInterfaces }, path);
    if (!facts.hvm) return { name, code: "not-hvm", message: `${path}: does not boot hvm images` };
    if (architectureLabel(facts).startsWith("[")) return { name, code: "unknown-architecture", message: `${path}: ${facts.architectures.join(", ")} is neither x86_64 nor arm64` };
    const assumed = known === undefined ? ["branchInterfaces", "networkBandwidthMbps"] : [];
    return { facts, zones: offered.get(name) ?? [], ...(assumed.length === 0 ? {} : { assumed }) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { name, code: error.code, message: error.message };
  }
}

function offeredZones(pages: readonly (readonly InstanceTypeOffering[])[]): ReadonlyMap<string, readonly string[]> {
  const zones = new Map<string, Set<string>>();
  for (const [page, offerings] of pages.entries()) {
    for (const [index, { InstanceType: type, Location: zone }] of offerings.entries()) {
      if (type === undefined || zone === undefined) throw new InputError("missing-field", `${type ?? "an offering"} without ${type === undefined ? "type" : "zone"}`, { path: `pages[${page}].InstanceTypeOfferings[${index}]`, expected: "InstanceType and Location" });
      const known = zones.get(type);
      if (known === undefined) zones.set(type, new Set([zone]));
      else known.add(zone);
    }
  }
  return new Map([...zones].map(([type, names]) => [type, [...names].sort()]));
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
