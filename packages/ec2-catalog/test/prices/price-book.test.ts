import { currencyOf, hasSpotPrices, onDemandPrice, onDemandQueries, pricingEndpointRegion, spotPrice, spotPriceHistoryInput, staticPriceBook, withOnDemandPages, withSpotPages } from "@groupless/ec2-catalog";
import { describe, expect, test } from "vitest";

const product = (instanceType: string, pricePerUnit: object): object => ({ product: { attributes: { instanceType } }, terms: { OnDemand: { a: { priceDimensions: { b: { pricePerUnit } } } } } });
const spot = (InstanceType: string, AvailabilityZone: string, SpotPrice: string, more: object = {}): object => ({ InstanceType, AvailabilityZone, SpotPrice, Timestamp: "2026-08-01T00:00:00Z", ...more });
const metal = [[product("m5.metal", { USD: "4.6" })]];

describe("prices known without asking", () => {
  test("A-070 are listed in the region's own table, or us-east-1's as estimates; spot starts at on-demand", () => {
    const source = (region: string): string | undefined => onDemandPrice(staticPriceBook(region), "m5.large")?.source;
    expect(["us-east-1", "us-gov-west-1", "us-gov-east-1", "cn-north-1", "us-west-2", "mars-north-1"].map(source)).toEqual(["listed", "listed", "listed", "listed", "estimated", "estimated"]);
    expect(onDemandPrice(staticPriceBook("us-gov-west-1"), "m5.large")?.perHour).toBe(0.121);
    const book = staticPriceBook("us-west-2");
    expect(spotPrice(book, "m5.large", "us-west-2a")).toEqual({ perHour: 0.096, source: "estimated" });
    expect([onDemandPrice(book, "constructor"), spotPrice(book, "toString", "a")]).toEqual([undefined, undefined]);
  });
});

describe("on-demand prices of the Pricing API", () => {
  test("A-071 are asked for by tenancy at one of four endpoints", () => {
    const queries = onDemandQueries("eu-west-1")!;
    const filters = Object.fromEntries(queries.shared.Filters.map(({ Field, Value }) => [Field, Value]));
    expect(filters).toEqual({ regionCode: "eu-west-1", serviceCode: "AmazonEC2", preInstalledSw: "NA", operatingSystem: "Linux", capacitystatus: "Used", marketoption: "OnDemand", tenancy: "Shared", productFamily: "Compute Instance" });
    expect(queries.dedicated.Filters).toContainEqual({ Type: "TERM_MATCH", Field: "productFamily", Value: "Compute Instance (bare metal)" });
    expect(["ap-east-1", "cn-north-1", "eu-west-1", "sa-east-1"].map(pricingEndpointRegion)).toEqual(["ap-south-1", "cn-northwest-1", "eu-central-1", "us-east-1"]);
  });

  test("A-071 replace the tables', and bare metal's query has the last word", () => {
    const book = withOnDemandPages(staticPriceBook("eu-west-1"), { shared: [[JSON.stringify(product("c5.large", { USD: "1.20" }))], [product("m5.metal", { USD: "9" })]], dedicated: metal });
    expect(onDemandPrice(book, "c5.large")).toEqual({ perHour: 1.2, source: "listed" });
    expect(onDemandPrice(book, "m5.metal")?.perHour).toBe(4.6);
    expect(onDemandPrice(book, "m5.large")).toEqual({ perHour: 0.096, source: "estimated" });
  });

  test("A-071 that are zero, no number or not finite are left out, and so are documents that cannot be read", () => {
    const before = staticPriceBook("us-east-1");
    const bad = ["0.0000000000", "", "abc", "NaN", "Infinity", "-1", "1e999"].map((USD, index) => product(`t${index}.large`, { USD }));
    const book = withOnDemandPages(before, { shared: [["not json", "null", 7, product("", { USD: "1" }), ...bad, product("c5.large", { USD: "3" })]], dedicated: metal });
    expect(Object.keys(book.onDemand).filter((type) => !(type in before.onDemand))).toEqual([]);
    expect(onDemandPrice(book, "c5.large")?.perHour).toBe(3);
  });

  test("A-072 are yuan in China", () => {
    expect([currencyOf("cn-north-1"), currencyOf("us-east-1")]).toEqual(["CNY", "USD"]);
    const book = withOnDemandPages(staticPriceBook("cn-north-1"), { shared: [[product("c5.large", { CNY: "1.5", USD: "9" })]], dedicated: [[product("m5.metal", { CNY: "60" })]] });
    expect(onDemandPrice(book, "c5.large")?.perHour).toBe(1.5);
  });

  test("A-073 change nothing if either query finds none", () => {
    const book = staticPriceBook("eu-west-1");
    expect(() => withOnDemandPages(book, { shared: [[]], dedicated: metal })).toThrow(/shared.*no on-demand price/u);
    expect(() => withOnDemandPages(book, { shared: metal, dedicated: [] })).toThrow(/dedicated/u);
    expect(onDemandPrice(book, "m5.metal")?.perHour).toBe(4.608);
  });

  test("A-077 are not asked for in GovCloud, nor from a VPC without a way out", () => {
    expect([onDemandQueries("us-gov-west-1"), onDemandQueries("us-east-1", true)]).toEqual([undefined, undefined]);
  });
});

describe("spot prices", () => {
  test("A-074 are those of Linux, by type and zone; the last record stands, over earlier refreshes too", () => {
    expect(spotPriceHistoryInput.ProductDescriptions).toEqual(["Linux/UNIX", "Linux/UNIX (Amazon VPC)"]);
    const first = withSpotPages(staticPriceBook("us-east-1"), [[spot("m5.large", "us-east-1a", "0.03")], [spot("m5.large", "us-east-1b", "0.04"), spot("m5.large", "us-east-1a", "0.031")]]);
    const second = withSpotPages(first, [[spot("m5.large", "us-east-1b", "0.05")]]);
    expect([spotPrice(second, "m5.large", "us-east-1a"), spotPrice(second, "m5.large", "us-east-1b")]).toEqual([{ perHour: 0.031, source: "listed" }, { perHour: 0.05, source: "listed" }]);
    expect(spotPrice(first, "m5.large", "us-east-1b")?.perHour).toBe(0.04);
  });

  test("A-075 once read, a zone without one has none, and neither has a type", () => {
    const book = withSpotPages(staticPriceBook("us-east-1"), [[spot("m5.large", "us-east-1a", "0.03")]]);
    expect(hasSpotPrices(book)).toBe(true);
    expect([spotPrice(book, "m5.large", "us-east-1c"), spotPrice(book, "c5.large", "us-east-1a")]).toEqual([undefined, undefined]);
  });

  test("A-074 A-076 records without a time or a number do not count, and if none counts the estimates stand", () => {
    const book = staticPriceBook("us-east-1");
    const useless = [spot("m5.large", "us-east-1a", "0.03", { Timestamp: undefined }), spot("m5.large", "us-east-1a", "x"), spot("m5.large", "us-east-1a", "NaN"), { SpotPrice: "1", Timestamp: "2026-08-01" }];
    expect(() => withSpotPages(book, [useless])).toThrow(/no spot price for us-east-1/u);
    expect(() => withSpotPages(book, [])).toThrow(/no spot price/u);
    expect(spotPrice(book, "m5.large", "us-east-1a")?.perHour).toBe(0.096);
  });
});
