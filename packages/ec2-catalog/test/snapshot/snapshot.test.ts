import { currencyOf, instanceTypes, knownFacts, parseSnapshot, regionNames, type RegionSnapshot, snapshotText, staticPriceBook, withOnDemandPages, withPriceBook } from "@groupless/ec2-catalog";
import meSouth1 from "@groupless/ec2-catalog/me-south-1";
import usEast1 from "@groupless/ec2-catalog/us-east-1";
import { describe, expect, test } from "vitest";
import { embeddedFacts, factsTable } from "../../src/facts/facts-table.ts";
import { packFacts, unpackFacts } from "../../src/facts/packed-facts.ts";
import { parsePrices } from "../../src/prices/price-table.ts";
import { packRegion, unpackRegion } from "../../src/snapshot/packed-region.ts";
import { only, regionType } from "../fixtures.ts";

const regions = await Promise.all(regionNames.map(async (name) => ((await import(`../../src/regions/${name}.ts`)) as { default: RegionSnapshot }).default));

describe("the embedded snapshot", () => {
  test("has thirty regions, each with its types, zones and their ids, and its day", () => {
    expect(regions.map((region) => region.region)).toEqual(regionNames);
    expect(regions.length).toBe(30);
    for (const region of regions) {
      expect(region).toMatchObject({ format: 1, currency: "USD", takenOn: expect.stringMatching(/^2026-/u), leftOut: [] });
      expect(region.types.length).toBeGreaterThan(200);
      expect(region.zones.every((zone) => zone.name.startsWith(region.region) && zone.id !== undefined)).toBe(true);
      expect(region.types.every((type) => type.zones.length > 0)).toBe(true);
      expect(instanceTypes(region).length).toBeGreaterThan(200);
    }
  });

  test("has a price with a source for all but the few types that nobody lists", () => {
    for (const region of regions) {
      const unpriced = region.types.filter((type) => type.onDemand === undefined);
      expect(unpriced.length / region.types.length).toBeLessThan(0.03);
      const source = region.region === "us-east-1" ? "listed" : "estimated";
      expect(region.types.every((type) => type.onDemand === undefined || (type.onDemand.source === source && type.onDemand.perHour > 0))).toBe(true);
      expect(region.types.every((type) => Object.values(type.spot ?? {}).every((price) => price.source === "estimated" && price.perHour > 0))).toBe(true);
    }
  });

  test("estimates spot from the average saving, to the last decimal", () => {
    const priced = regionType(usEast1, "m5.large");
    const saving = 1 - priced.spot!["us-east-1a"]!.perHour / priced.onDemand!.perHour;
    expect(Math.abs(saving * 100 - Math.round(saving * 100))).toBeLessThan(1e-3);
    expect(priced.spotInterruption).toMatch(/%/u);
  });

  test("knows where spot costs more than on-demand", () => {
    const dear = regionType(regions.find((region) => region.region === "ca-central-1")!, "p5.48xlarge");
    expect(dear.spot!["ca-central-1a"]?.perHour ?? Object.values(dear.spot!)[0]!.perHour).toBeCloseTo(dear.onDemand!.perHour * 1.62, 6);
  });

  test("survives packing: every type's facts come back, field by field", () => {
    const unpacked = unpackFacts(packFacts(knownFacts()));
    for (const [index, facts] of knownFacts().entries()) expect(unpacked.factsAt(index)).toEqual(facts);
  });

  test("packs a region and gives it back", () => {
    const facts = knownFacts();
    const byName = new Map(meSouth1.types.map((type) => [type.facts.name, type]));
    const packed = packRegion(meSouth1, facts, (type) => byName.get(type)?.zones ?? [], (type) => (byName.has(type) ? [50, 2] : undefined));
    const back = unpackRegion(packed, embeddedFacts(), "us-east-1", new Map([["m5.large", 0.096]]));
    expect(back.types.map((type) => [type.facts.name, type.zones])).toEqual(meSouth1.types.map((type) => [type.facts.name, type.zones]));
    expect(regionType(back, "m5.large")).toMatchObject({ onDemand: { perHour: 0.096, source: "estimated" }, spot: { "me-south-1a": { perHour: 0.048 } }, spotInterruption: "10-15%" });
  });

  test("is refused if lines are missing, naming what is", () => {
    const [first, second] = knownFacts();
    const packed = packFacts([first!, second!]);
    expect(factsTable(packed).at(1)).toEqual(second);
    expect(() => factsTable({ ...packed, rows: packed.rows.slice(0, -9) })).toThrow(new RegExp(`rows\\[1\\].*${second!.name}`, "u"));
    expect(() => factsTable({ ...packed, rows: packed.rows.replace("[\"a1.4xlarge\",0,", "[\"a1.4xlarge\",7,") }).at(1)).toThrow(/a1\.4xlarge/u);
    expect(() => factsTable({ ...packed, kinds: packed.kinds.slice(0, -1) })).toThrow(/kinds\[0\]/u);
    expect(() => unpackRegion({ region: "x-1", takenOn: "", source: "", zones: "x-1a:x", offered: "B", spot: "---" }, embeddedFacts(), "x-1", new Map())).toThrow(/x-1 covers 1 of 1373/u);
    expect(() => parsePrices("m5.large 0.096\nm5.xlarge NaN")).toThrow(/m5\.xlarge/u);
  });
});

describe("new prices", () => {
  test("share the types whose prices stay the same", () => {
    const small = withPriceBook(only(meSouth1, "m5.large", "c5.large"), staticPriceBook("me-south-1"));
    const book = withOnDemandPages(staticPriceBook("me-south-1"), { shared: [[{ product: { attributes: { instanceType: "m5.large" } }, terms: { OnDemand: { a: { priceDimensions: { b: { pricePerUnit: { USD: "0.12" } } } } } } }]], dedicated: [[{ product: { attributes: { instanceType: "m5.metal" } }, terms: { OnDemand: { a: { priceDimensions: { b: { pricePerUnit: { USD: "5" } } } } } } }]] });
    const repriced = withPriceBook(small, book);
    expect(regionType(repriced, "m5.large").onDemand).toEqual({ perHour: 0.12, source: "listed" });
    expect(regionType(repriced, "c5.large")).toBe(regionType(small, "c5.large"));
    expect(regionType(small, "m5.large").onDemand).toEqual({ perHour: 0.096, source: "estimated" });
  });

  test("must be the region's own", () => {
    expect(() => withPriceBook(meSouth1, staticPriceBook("us-east-1"))).toThrow(/prices of us-east-1; expected me-south-1/u);
    expect(() => withPriceBook(meSouth1, { ...staticPriceBook("me-south-1"), currency: currencyOf("cn-north-1") })).toThrow(/CNY/u);
  });
});

describe("a snapshot file", () => {
  const small = only(meSouth1, "m5.large", "g4dn.xlarge");
  const text = snapshotText(small);

  test("comes back as it was written, a line a type", () => {
    expect(parseSnapshot(text)).toEqual(small);
    expect(text.split("\n").filter((line) => line.startsWith('{"facts"')).length).toBe(2);
  });

  test("that is cut off anywhere is refused", () => {
    for (let length = 0; length < text.length - 2; length += 97) expect(() => parseSnapshot(text.slice(0, length), "snap.json")).toThrow(/snap\.json/u);
  });

  const broken = (change: (snapshot: any) => void): (() => unknown) => {
    const copy = JSON.parse(text);
    change(copy);
    return () => parseSnapshot(JSON.stringify(copy));
  };

  test("with a wrong field is refused, naming the type and the field", () => {
    expect(broken((snapshot) => (snapshot.format = 2))).toThrow(/format.*expected 1/u);
    expect(broken((snapshot) => delete snapshot.region)).toThrow(/region/u);
    expect(broken((snapshot) => (snapshot.takenOn = "yesterday"))).toThrow(/takenOn/u);
    expect(broken((snapshot) => (snapshot.types[1].onDemand.perHour = Number.NaN))).toThrow(/types\[1\]\.onDemand\.perHour: m5\.large: got null/u);
    expect(broken((snapshot) => (snapshot.types[1].onDemand.source = "rumour"))).toThrow(/m5\.large: got rumour/u);
    expect(broken((snapshot) => (snapshot.types[0].facts.vcpus = 0))).toThrow(/types\[0\]\.facts\.vcpus: g4dn\.xlarge: got 0/u);
    expect(broken((snapshot) => delete snapshot.types[0].facts.memoryMiB)).toThrow(/g4dn\.xlarge.*expected a number/u);
    expect(broken((snapshot) => delete snapshot.types[0].facts.gpus)).toThrow(/facts\.gpus/u);
    expect(broken((snapshot) => (snapshot.types[0].facts.hvm = "yes"))).toThrow(/facts\.hvm/u);
    expect(broken((snapshot) => (snapshot.types[0].facts.defaultCard = 3))).toThrow(/no network card 3/u);
    expect(broken((snapshot) => (snapshot.types[0].zones = ["us-east-1a"]))).toThrow(/us-east-1a is no zone/u);
    expect(broken((snapshot) => snapshot.types.push(snapshot.types[0]))).toThrow(/g4dn\.xlarge is there twice/u);
    expect(broken((snapshot) => (snapshot.types[0] = null))).toThrow(/types\[0\]\.facts\.name/u);
    expect(broken((snapshot) => (snapshot.zones = {}))).toThrow(/zones/u);
    expect(() => parseSnapshot("null")).toThrow(/format/u);
  });
});
