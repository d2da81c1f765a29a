import { instanceTypes, type RegionSnapshot } from "@groupless/ec2-catalog";
import usWest2 from "@groupless/ec2-catalog/us-west-2";
import { type RefreshProgress, refreshRegion, sdkRefreshPort } from "@groupless/ec2-fleet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startMoto } from "../../../../test/moto/server.ts";
import { filterOf, type PricingAnswer, type PricingStub, product, startPricingStub } from "./pricing-stub.ts";

const nowMs = Date.parse("2026-11-23T12:00:00Z");
const clock = { nowMs: () => nowMs, sleep: () => Promise.resolve() };

/** Two pages of shared tenancy, one of bare metal; the first request is throttled. */
const listed: PricingAnswer = (request, count) => {
  if (count === 1) return { status: 400, body: { __type: "ThrottlingException", message: "Rate exceeded" } };
  if (filterOf(request, "tenancy") === "Dedicated") return { body: { FormatVersion: "aws_v1", PriceList: [product("m5.metal", "5.5")] } };
  return request.NextToken === "second"
    ? { body: { FormatVersion: "aws_v1", PriceList: [product("c5.large", "0.0855")] } }
    : { body: { FormatVersion: "aws_v1", PriceList: [product("m5.large", "0.0965"), "not json"], NextToken: "second" } };
};

describe("a refresh over the wire", () => {
  let moto: Awaited<ReturnType<typeof startMoto>>;
  let pricing: PricingStub;
  let snapshot: RegionSnapshot;
  let failed: readonly { readonly prices: string }[];
  const progress: RefreshProgress[] = [];

  beforeAll(async () => {
    process.env["AWS_ACCESS_KEY_ID"] = "testing";
    process.env["AWS_SECRET_ACCESS_KEY"] = "testing";
    [moto, pricing] = await Promise.all([startMoto(), startPricingStub(listed)]);
    const port = sdkRefreshPort({ region: "us-west-2", endpoint: moto.url, pricingEndpoint: pricing.url });
    ({ snapshot, failed } = await refreshRegion(port, { clock, onProgress: (event) => progress.push(event) }));
  }, 900_000);

  afterAll(async () => {
    await Promise.all([moto.stop(), pricing.stop()]);
  });

  const type = (name: string): RegionSnapshot["types"][number] => snapshot.types.find((each) => each.facts.name === name)!;

  test("A-001 A-002 reads every page of types and offerings, and finds what the embedded snapshot knows of them", () => {
    expect(snapshot).toMatchObject({ region: "us-west-2", takenOn: "2026-11-23", currency: "USD" });
    expect(snapshot.types.length).toBeGreaterThan(1000);
    const embedded = usWest2.types.find((each) => each.facts.name === "m5.large")!;
    expect(type("m5.large").facts).toEqual(embedded.facts);
    expect(type("m5.large").zones).toEqual(embedded.zones);
    const embeddedFacts = new Map(usWest2.types.map(({ facts }) => [facts.name, facts]));
    const known = snapshot.types.filter(({ facts }) => embeddedFacts.has(facts.name));
    expect(known.length).toBeGreaterThan(1000);
    // The server's own data is of another day: EC2 has corrected these fields of some types since. All others agree on all types.
    const revised = new Set(["processorFeatures", "usageClasses", "clockMHz", "interfacesByCard"]);
    const differing = known.flatMap(({ facts }): string[] => {
      const ours = embeddedFacts.get(facts.name)! as unknown as Record<string, unknown>;
      const theirs = facts as unknown as Record<string, unknown>;
      return [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].filter((field) => JSON.stringify(ours[field]) !== JSON.stringify(theirs[field])).map((field) => (revised.has(field) ? "revised" : `${facts.name} ${field}`));
    });
    expect(differing.filter((each) => each !== "revised")).toEqual([]);
    expect(differing.length / known.length).toBeLessThan(0.25);
  });

  test("A-017 reads zones with their ids", () => {
    expect(snapshot.zones).toEqual(usWest2.zones);
  });

  test("A-071 A-073 lists the prices of both queries, and keeps the tables' as estimates where there is none", () => {
    expect([type("m5.large").onDemand, type("c5.large").onDemand]).toEqual([{ perHour: 0.0965, source: "listed" }, { perHour: 0.0855, source: "listed" }]);
    expect(type("m5.metal").onDemand).toEqual({ perHour: 5.5, source: "listed" });
    expect(type("r5.large").onDemand).toEqual({ perHour: 0.126, source: "estimated" });
    expect(pricing.requests.every((request) => filterOf(request, "regionCode") === "us-west-2" && request.MaxResults === 100)).toBe(true);
  });

  test("A-074 A-075 reads spot prices by zone, and a zone without one does not offer spot", () => {
    expect(failed).toEqual([]);
    const spot = snapshot.types.flatMap((each) => Object.values(each.spot ?? {}));
    expect(spot.length).toBeGreaterThan(0);
    expect(new Set(spot.map((price) => price.source))).toEqual(new Set(["listed"]));
  });

  test("reports each page, and the throttled request that was made again", () => {
    const last = (call: string): RefreshProgress | undefined => progress.findLast((event) => event.call === call);
    for (const call of ["DescribeAvailabilityZones", "DescribeInstanceTypes", "DescribeInstanceTypeOfferings", "DescribeSpotPriceHistory"]) expect(last(call)).toMatchObject({ type: "page", done: true });
    expect(last("GetProducts shared")).toMatchObject({ pages: 2, items: 3, done: true });
    expect(progress.filter((event) => event.type === "retry")).toMatchObject([{ errorCode: "ThrottlingException", attempt: 1 }]);
    expect(last("DescribeInstanceTypes")).toMatchObject({ items: snapshot.types.length + snapshot.leftOut.length });
  });

  test("gives a catalog that nodes can be planned with", () => {
    const [m5] = instanceTypes(snapshot).filter((each) => each.name === "m5.large");
    expect(m5?.capacity).toMatchObject({ cpu: "2", pods: "29", memory: "7577Mi" });
    expect(m5?.offerings.some((offering) => offering.available && offering.priceSource === "listed")).toBe(true);
  });
});
