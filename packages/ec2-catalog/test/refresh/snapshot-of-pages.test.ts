import { describeInstanceTypeOfferingsInput, describeInstanceTypesInput, instanceTypes, type InstanceTypeInfo, type RegionPages, snapshotOfPages, staticPriceBook, zoneKind } from "@groupless/ec2-catalog";
import { describe, expect, test } from "vitest";
import { entry, label, regionType } from "../fixtures.ts";

const zones = [[{ ZoneName: "eu-west-1b", ZoneId: "euw1-az1" }, { ZoneName: "eu-west-1a", ZoneId: "euw1-az3", ZoneType: "availability-zone", State: "available", OptInStatus: "opt-in-not-required", RegionName: "eu-west-1" }]];

function pages(infos: readonly InstanceTypeInfo[], more: Partial<RegionPages> = {}): RegionPages {
  const offerings = infos.flatMap(({ InstanceType = "?" }) => ["eu-west-1b", "eu-west-1a"].map((Location) => ({ InstanceType, Location })));
  return { region: "eu-west-1", takenOn: "2026-11-23", instanceTypes: [infos], offerings: [offerings], zones, prices: staticPriceBook("eu-west-1"), ...more };
}

describe("a snapshot from EC2's answers", () => {
  test("A-001 A-002 asks for types that can be nodes, and for their zones", () => {
    expect(describeInstanceTypesInput).toEqual({ Filters: [{ Name: "supported-virtualization-type", Values: ["hvm"] }, { Name: "processor-info.supported-architecture", Values: ["x86_64", "arm64"] }], MaxResults: 100 });
    expect(describeInstanceTypeOfferingsInput).toEqual({ LocationType: "availability-zone", MaxResults: 1000 });
  });

  test("A-001 A-002 joins the pages, sorted whatever their order, with the zones that offer each type", () => {
    const snapshot = snapshotOfPages(pages([], { instanceTypes: [[entry("m5.large")], [entry("c5.large")]], offerings: [[{ InstanceType: "m5.large", Location: "eu-west-1b" }], [{ InstanceType: "m5.large", Location: "eu-west-1a" }, { InstanceType: "c5.large", Location: "eu-west-1a" }]] }));
    expect(snapshot.types.map((type) => [type.facts.name, type.zones])).toEqual([["c5.large", ["eu-west-1a"]], ["m5.large", ["eu-west-1a", "eu-west-1b"]]]);
    expect(snapshot.zones).toEqual([{ name: "eu-west-1a", id: "euw1-az3", kind: "availability-zone" }, { name: "eu-west-1b", id: "euw1-az1", kind: "availability-zone" }]);
    expect(regionType(snapshot, "m5.large").onDemand).toEqual({ perHour: 0.096, source: "estimated" });
    expect(snapshot).toMatchObject({ takenOn: "2026-11-23", currency: "USD" });
  });

  test("a type newer than the tables works from its entry alone, with no pod ENIs, and says what was assumed", () => {
    const snapshot = snapshotOfPages(pages([entry("m99.large"), entry("m5.large")]));
    expect(regionType(snapshot, "m99.large").assumed).toEqual(["branchInterfaces", "networkBandwidthMbps"]);
    expect(regionType(snapshot, "m5.large").assumed).toBeUndefined();
    const type = instanceTypes(snapshot).find((each) => each.name === "m99.large")!;
    expect(type.capacity).toEqual({ cpu: "2", memory: "7577Mi", pods: "29", "ephemeral-storage": "20Gi" });
    expect([label(type, "karpenter.k8s.aws/instance-network-bandwidth"), label(type, "karpenter.k8s.aws/instance-generation")]).toEqual(["750", "99"]);
    expect(type.offerings.every((each) => !each.available && each.priceSource === undefined)).toBe(true);
  });

  test("A-011 a type that the tables know without a bandwidth gets none from its network cards", () => {
    expect(regionType(snapshotOfPages(pages([entry("t1.micro")])), "t1.micro").facts.networkBandwidthMbps).toBeUndefined();
  });

  test("A-003 empty answers are errors: whoever asked keeps what they have", () => {
    expect(() => snapshotOfPages(pages([]))).toThrow("no instance types offerings found");
    expect(() => snapshotOfPages(pages([entry("m5.large")], { instanceTypes: [[]] }))).toThrow(/no usable instance type/u);
    expect(() => snapshotOfPages(pages([entry("m5.large")], { zones: [[]] }))).toThrow(/no zone of eu-west-1/u);
  });

  test("A-023 local and wavelength zones count when the account has opted in", () => {
    const more = [{ ZoneName: "eu-west-1-ber-1a", ZoneId: "euw1-ber1-az1", ZoneType: "local-zone", OptInStatus: "opted-in" }, { ZoneName: "eu-west-1-wl1-lon-wlz-1", ZoneType: "wavelength-zone", OptInStatus: "not-opted-in" }, { ZoneName: "eu-west-1c", State: "impaired" }];
    expect(snapshotOfPages(pages([entry("m5.large")], { zones: [...zones, more] })).zones.map((zone) => zone.name)).toEqual(["eu-west-1-ber-1a", "eu-west-1a", "eu-west-1b"]);
    expect(["us-west-2a", "us-west-2-lax-1a", "us-west-2-wl1-las-wlz-1"].map((name) => zoneKind("us-west-2", name))).toEqual(["availability-zone", "local-zone", "wavelength-zone"]);
  });

  test("a zone that only offerings name is there, without an id", () => {
    const { zones: found } = snapshotOfPages(pages([entry("m5.large")], { offerings: [[{ InstanceType: "m5.large", Location: "eu-west-1-ber-1a" }]] }));
    expect(found[0]).toEqual({ name: "eu-west-1-ber-1a", kind: "local-zone" });
  });
});

describe("bad entries of DescribeInstanceTypes", () => {
  const leftOut = (info: InstanceTypeInfo): { code: string; message: string } | undefined => {
    const snapshot = snapshotOfPages(pages([entry("m5.large"), info]));
    expect(snapshot.types.map((type) => type.facts.name)).toEqual(["m5.large"]);
    return snapshot.leftOut[0];
  };
  const network = entry("x").NetworkInfo!;

  test.each<[string, InstanceTypeInfo, string, RegExp]>([
    ["no vCPUs", entry("bad.large", { VCpuInfo: {} }), "missing-field", /InstanceTypes\[1\]\.VCpuInfo\.DefaultVCpus: bad\.large: no value/u],
    ["no memory", entry("bad.large", { MemoryInfo: undefined }), "missing-field", /MemoryInfo\.SizeInMiB: bad\.large/u],
    ["memory that is no number", entry("bad.large", { MemoryInfo: { SizeInMiB: Number.NaN } }), "bad-number", /MemoryInfo\.SizeInMiB: bad\.large: got NaN/u],
    ["no cores at all", entry("bad.large", { VCpuInfo: { DefaultVCpus: 0 } }), "bad-number", /got 0; expected a number of at least 1/u],
    ["no network", entry("bad.large", { NetworkInfo: undefined }), "missing-field", /NetworkInfo/u],
    ["no network card", entry("bad.large", { NetworkInfo: { ...network, NetworkCards: [] } }), "missing-field", /NetworkCards/u],
    ["a default card that is not there", entry("bad.large", { NetworkInfo: { ...network, DefaultNetworkCardIndex: 4 } }), "contradictory-fields", /no network card 4/u],
    ["two first cards", entry("bad.large", { NetworkInfo: { ...network, NetworkCards: [{ NetworkCardIndex: 0, MaximumNetworkInterfaces: 2 }, { NetworkCardIndex: 0, MaximumNetworkInterfaces: 2 }] } }), "contradictory-fields", /two network cards 0/u],
    ["a gap between cards", entry("bad.large", { NetworkInfo: { ...network, NetworkCards: [{ NetworkCardIndex: 0, MaximumNetworkInterfaces: 2 }, { NetworkCardIndex: 2, MaximumNetworkInterfaces: 2 }] } }), "contradictory-fields", /no network card 1/u],
    ["a GPU without a count", entry("bad.large", { GpuInfo: { Gpus: [{ Name: "X" }] } }), "missing-field", /GpuInfo\.Gpus\[0\]\.Count/u],
    ["no architecture", entry("bad.large", { ProcessorInfo: {} }), "missing-field", /SupportedArchitectures/u],
    ["another architecture", entry("bad.large", { ProcessorInfo: { SupportedArchitectures: ["riscv64"] } }), "unknown-architecture", /riscv64/u],
    ["no hvm", entry("bad.large", { SupportedVirtualizationTypes: ["paravirtual"] }), "not-hvm", /hvm/u],
    ["a type that was named before", entry("m5.large", { VCpuInfo: { DefaultVCpus: 64 } }), "duplicate-type", /first entry stands/u],
  ])("with %s are left out and listed, with the type and the field", (_, info, code, message) => {
    const found = leftOut(info);
    expect(found?.code).toBe(code);
    expect(found?.message).toMatch(message);
  });

  test("without a name are listed as such", () => {
    expect(leftOut({ ...entry("x"), InstanceType: undefined })).toMatchObject({ name: "(unnamed)", code: "missing-field" });
  });

  test("offerings and zones of nowhere, or of another region, are errors", () => {
    expect(() => snapshotOfPages(pages([entry("m5.large")], { offerings: [[{ InstanceType: "m5.large" }]] }))).toThrow(/m5\.large without zone/u);
    expect(() => snapshotOfPages(pages([entry("m5.large")], { zones: [[{ ZoneId: "x" }]] }))).toThrow(/ZoneName/u);
    expect(() => snapshotOfPages(pages([entry("m5.large")], { zones: [[{ ZoneName: "us-east-1a", RegionName: "us-east-1" }]] }))).toThrow(/us-east-1a is of us-east-1; expected eu-west-1/u);
    expect(() => snapshotOfPages(pages([entry("m5.large")], { prices: staticPriceBook("us-east-1") }))).toThrow(/prices of us-east-1/u);
  });
});
