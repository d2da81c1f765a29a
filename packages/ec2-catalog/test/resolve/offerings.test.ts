import { CAPACITY_TYPE_LABEL, type CapacityReservation, ZONE_LABEL } from "@groupless/api";
import { cheapestOffering, compatibleInstanceTypes, type InstanceType, markCapacityType, markOffering, markSubnet, noUnavailableOfferings, type Offering, offeringLabel, orderByPrice, withoutExpired, withPrices } from "@groupless/catalog";
import { CAPACITY_RESERVATION_ID_LABEL, type CatalogOptions, ec2Labels, instanceTypes, isCompatible, knownFactsOf, nodeSettings, PLACEMENT_GROUP_ID_LABEL, PLACEMENT_GROUP_PARTITION_LABEL } from "@groupless/ec2-catalog";
import usEast1 from "@groupless/ec2-catalog/us-east-1";
import usWest2 from "@groupless/ec2-catalog/us-west-2";
import { describe, expect, test } from "vitest";
import { describeType, label, nodeClass, only, subnet, zones } from "../fixtures.ts";

const subnets = [subnet("us-east-1a", "use1-az6", "subnet-a"), subnet("us-east-1a", "use1-az6", "subnet-z"), subnet("us-east-1b", "use1-az1", "subnet-b")];
const offered = (name: string, options: CatalogOptions = {}, status: object = {}): InstanceType => describeType(name, {}, options, { subnets, ...status });
const at = (type: InstanceType, zone: string, capacityType: string): Offering => type.offerings.find((each) => offeringLabel(each, ZONE_LABEL) === zone && offeringLabel(each, CAPACITY_TYPE_LABEL) === capacityType)!;
const available = (type: InstanceType): string[] => type.offerings.filter((each) => each.available).map((each) => `${offeringLabel(each, CAPACITY_TYPE_LABEL)} ${offeringLabel(each, ZONE_LABEL)}`).toSorted();

describe("offerings", () => {
  test("A-055 are one a zone and capacity type; those that cannot be had are listed with their price", () => {
    const type = offered("m5.large");
    expect(type.offerings.length).toBe(usEast1.zones.length * 2);
    expect(available(type)).toEqual(["on-demand us-east-1a", "on-demand us-east-1b", "spot us-east-1a", "spot us-east-1b"]);
    expect(at(type, "us-east-1f", "on-demand")).toMatchObject({ available: false, price: 0.096, priceSource: "listed" });
  });

  test("A-056 without a price cannot be had, and no price source pretends otherwise", () => {
    const [type] = instanceTypes({ ...usEast1, types: [{ facts: knownFactsOf("hpc6a.48xlarge")!, zones: ["us-east-1a"] }] });
    expect(available(type!)).toEqual([]);
    expect(type?.offerings.every((each) => each.price === 0 && each.priceSource === undefined)).toBe(true);
  });

  test("A-057 get a price that the caller has for types without one, and keep theirs otherwise", () => {
    const fallbackPrices = { "hpc6a.48xlarge": 2.88, "m5.large": 9 };
    const [type] = instanceTypes({ ...usEast1, types: [{ facts: knownFactsOf("hpc6a.48xlarge")!, zones: ["us-east-1a"] }] }, undefined, { fallbackPrices });
    expect(at(type!, "us-east-1a", "on-demand")).toMatchObject({ available: true, price: 2.88, priceSource: "supplied" });
    expect(at(offered("m5.large", { fallbackPrices }), "us-east-1a", "on-demand").price).toBe(0.096);
  });

  test("prices of a region without a table are estimates, and so is every spot price of the snapshot", () => {
    const sources = (region: typeof usEast1): object => Object.fromEntries(["on-demand", "spot"].map((capacityType) => [capacityType, new Set(instanceTypes(region).flatMap((type) => type.offerings.filter((each) => offeringLabel(each, CAPACITY_TYPE_LABEL) === capacityType && each.price > 0).map((each) => each.priceSource)))]));
    expect(sources(only(usEast1, "m5.large", "c5.large"))).toEqual({ "on-demand": new Set(["listed"]), spot: new Set(["estimated"]) });
    expect(sources(only(usWest2, "m5.large", "c5.large"))).toEqual({ "on-demand": new Set(["estimated"]), spot: new Set(["estimated"]) });
  });

  test("A-060 can be changed by any function of the caller's on plain data", () => {
    const [mine] = withPrices([offered("m5.large")], [{ requirements: [{ key: CAPACITY_TYPE_LABEL, operator: "In", values: ["on-demand"] }], factor: 0.5 }], ec2Labels);
    expect(at(mine!, "us-east-1a", "on-demand")).toMatchObject({ price: 0.048, priceSource: "supplied" });
  });

  test("A-061 in a zone that traffic is shifted away from cannot be had", () => {
    expect(zones(offered("m5.large", { shiftedZoneIds: ["use1-az6"] }))).toEqual(["us-east-1b"]);
  });
});

describe("capacity reservations", () => {
  const reservation = (id: string, more: Partial<CapacityReservation> = {}): CapacityReservation => ({ id, availabilityZone: "us-east-1a", instanceType: "m5.large", instanceMatchCriteria: "targeted", ownerID: "111122223333", reservationType: "default", state: "active", ...more });
  const capacityReservations = [reservation("cr-1"), reservation("cr-2", { availabilityZone: "us-east-1c" }), reservation("cr-3", { state: "expiring", reservationType: "capacity-block", interruptible: true }), reservation("cr-4", { instanceType: "c5.large" })];
  const type = offered("m5.large", { reservationCounts: { "cr-1": 5, "cr-2": 3, "cr-3": 1 } }, { capacityReservations });
  const of = (id: string, from: InstanceType = type): Offering | undefined => from.offerings.find((each) => offeringLabel(each, CAPACITY_RESERVATION_ID_LABEL) === id);

  test("A-058 are offerings at a ten-millionth of on-demand, with the instances left, in zones the class can use, until they expire", () => {
    expect(of("cr-1")).toMatchObject({ available: true, price: 0.096 / 1e7, reservationCapacity: 5 });
    expect([of("cr-2")?.available, of("cr-3")?.available, of("cr-4")]).toEqual([false, false, undefined]);
    expect(label(type, CAPACITY_RESERVATION_ID_LABEL)).toBe("cr-1,cr-2,cr-3");
    expect(label(type, CAPACITY_TYPE_LABEL)).toBe("on-demand,spot,reserved");
  });

  test("A-058 cannot be had when none is left, nor when nobody counted, nor when they are switched off", () => {
    expect(of("cr-1", offered("m5.large", { reservationCounts: { "cr-1": 0 } }, { capacityReservations }))).toMatchObject({ available: false, reservationCapacity: 0 });
    expect(of("cr-1", offered("m5.large", {}, { capacityReservations }))?.available).toBe(false);
    expect(of("cr-1", offered("m5.large", { reservedCapacity: false }, { capacityReservations }))).toBeUndefined();
  });
});

describe("capacity that was not to be had", () => {
  const nowMs = 1_000_000;
  const place = { instanceType: "m5.large", zone: "us-east-1a", capacityType: "spot" };

  test("A-062 A-063 A-078 a new mark makes a new catalog, the same marks the same; it ends by itself", () => {
    const unavailable = markOffering(noUnavailableOfferings, place, nowMs);
    const before = JSON.stringify(offered("m5.large"));
    expect(available(offered("m5.large", { unavailable, nowMs }))).toEqual(["on-demand us-east-1a", "on-demand us-east-1b", "spot us-east-1b"]);
    expect(JSON.stringify(offered("m5.large", { unavailable, nowMs }))).toBe(JSON.stringify(offered("m5.large", { unavailable, nowMs })));
    expect(JSON.stringify(offered("m5.large", { unavailable, nowMs: nowMs + 180_001 }))).toBe(before);
    expect(JSON.stringify(offered("m5.large", { unavailable: withoutExpired(unavailable, nowMs + 180_001), nowMs }))).toBe(before);
  });

  test("A-079 A-080 a mark may be of a capacity type, or of all subnets of a zone", () => {
    expect(available(offered("m5.large", { unavailable: markCapacityType(noUnavailableOfferings, "spot", nowMs), nowMs }))).toEqual(["on-demand us-east-1a", "on-demand us-east-1b"]);
    const one = markSubnet(noUnavailableOfferings, "subnet-a", nowMs);
    expect(zones(offered("m5.large", { unavailable: one, nowMs }))).toEqual(["us-east-1a", "us-east-1b"]);
    expect(zones(offered("m5.large", { unavailable: markSubnet(one, "subnet-z", nowMs), nowMs }))).toEqual(["us-east-1b"]);
  });

  test("A-082 the next best stands in: another zone, then on-demand, then another type", () => {
    const both = only(usEast1, "c5.large", "c6i.large");
    const asked = [{ key: CAPACITY_TYPE_LABEL, operator: "In" as const, values: ["spot", "on-demand"] }];
    const best = (unavailable = noUnavailableOfferings): string => {
      const [first] = orderByPrice(compatibleInstanceTypes(instanceTypes(both, nodeClass({}, { subnets }), { unavailable, nowMs }), asked, ec2Labels), asked, ec2Labels);
      const offering = cheapestOffering(first!.offerings.filter((each) => each.available))!;
      return [first?.name, offeringLabel(offering, CAPACITY_TYPE_LABEL), offeringLabel(offering, ZONE_LABEL)].join(" ");
    };
    const [name] = best().split(" ");
    const inZone = (zone: string) => (marks: typeof noUnavailableOfferings) => markOffering(marks, { instanceType: name!, zone, capacityType: "spot" }, nowMs);
    expect(best()).toBe(`${name} spot us-east-1a`);
    const firstGone = inZone("us-east-1a")(noUnavailableOfferings);
    expect(best(firstGone)).toBe(`${name} spot us-east-1b`);
    expect(best(inZone("us-east-1b")(firstGone))).toBe(`${name === "c5.large" ? "c6i.large" : "c5.large"} spot us-east-1a`);
    expect(best(markCapacityType(noUnavailableOfferings, "spot", nowMs))).toBe("c5.large on-demand us-east-1a");
  });
});

describe("placement groups", () => {
  test("A-059 with partitions make each offering once a partition, and the partitions are labels", () => {
    const placementGroup = { id: "pg-1", strategy: "partition" as const, partitionCount: 3 };
    const type = offered("m5.large", { placementGroup });
    expect(type.offerings.length).toBe(offered("m5.large").offerings.length * 3);
    expect([label(type, PLACEMENT_GROUP_ID_LABEL), label(type, PLACEMENT_GROUP_PARTITION_LABEL)]).toEqual(["pg-1", "1,2,3"]);
    expect(new Set(type.offerings.map((each) => offeringLabel(each, PLACEMENT_GROUP_PARTITION_LABEL)))).toEqual(new Set(["1", "2", "3"]));
    expect(label(offered("m5.large", { placementGroup: { id: "pg-2", strategy: "spread" } }), PLACEMENT_GROUP_ID_LABEL)).toBe("pg-2");
  });

  test("A-078 have marks of their own", () => {
    const unavailable = markOffering(noUnavailableOfferings, { instanceType: "m5.large", zone: "us-east-1a", capacityType: "spot", placementGroupId: "pg-1" }, 0);
    expect(available(offered("m5.large", { unavailable, nowMs: 0 })).length).toBe(4);
    expect(available(offered("m5.large", { unavailable, nowMs: 0, placementGroup: { id: "pg-1", strategy: "cluster" } })).length).toBe(3);
  });
});

describe("types that cannot run under a node class", () => {
  const fits = (name: string, spec: object, group?: Parameters<typeof isCompatible>[2]): boolean => isCompatible(knownFactsOf(name)!, nodeSettings(nodeClass(spec)), group);
  const nic = (networkCardIndex: number, deviceIndex: number, interfaceType = "interface"): object => ({ networkCardIndex, deviceIndex, interfaceType });

  test("A-065 a1 does not run AL2023; its offerings are listed and cannot be had", () => {
    expect([fits("a1.large", {}), fits("a1.large", { amiSelectorTerms: [{ alias: "al2@latest" }] })]).toEqual([false, true]);
    expect(available(offered("a1.large"))).toEqual([]);
  });

  test("A-066 network interfaces must have their card, their place on it, ENA, and EFA for as many as ask for it", () => {
    expect(fits("m5.large", { networkInterfaces: [nic(0, 0), nic(0, 2)] })).toBe(true);
    expect(fits("m5.large", { networkInterfaces: [nic(0, 3)] })).toBe(false);
    expect(fits("m5.large", { networkInterfaces: [nic(1, 0)] })).toBe(false);
    expect(fits("m4.large", { networkInterfaces: [nic(0, 0)] })).toBe(false);
    expect(fits("c5n.18xlarge", { networkInterfaces: [nic(0, 0), nic(0, 1, "efa-only")] })).toBe(true);
    expect(fits("c5n.18xlarge", { networkInterfaces: [nic(0, 1, "efa-only"), nic(0, 2, "efa-only")] })).toBe(false);
  });

  test("A-067 A-068 A-069 nested virtualization, placement strategy and connection tracking must be supported", () => {
    const nested = { cpuOptions: { nestedVirtualization: "enabled" } };
    expect([fits("m7i-flex.large", nested), fits("m5.large", nested)]).toEqual([true, false]);
    expect([fits("m5.large", {}, { id: "pg", strategy: "cluster" }), fits("t3.large", {}, { id: "pg", strategy: "cluster" }), fits("t3.large", {}, { id: "pg", strategy: "spread" })]).toEqual([true, false, true]);
    expect([fits("m5.large", { connectionTracking: { udpTimeout: 30 } }), fits("m5.metal", { connectionTracking: {} })]).toEqual([true, false]);
  });
});

describe("a catalog", () => {
  test("A-064 is the same bytes each time, and asking for one does not touch another", () => {
    const small = only(usEast1, "m5.large", "p5.48xlarge", "c6g.large");
    const first = instanceTypes(small, nodeClass({}, { subnets }));
    const text = JSON.stringify(first);
    instanceTypes(small, nodeClass({ kubelet: { maxPods: 5 } }));
    expect(JSON.stringify(first)).toBe(text);
    expect(JSON.stringify(instanceTypes(small, nodeClass({}, { subnets })))).toBe(text);
  });

  test("shares equal requirements between types and offerings, frozen", () => {
    const [a, b] = instanceTypes(only(usEast1, "m5.large", "m5.xlarge"));
    const of = (type: InstanceType | undefined, key: string): object | undefined => type?.requirements.find((each) => each.key === key);
    expect(of(a, "kubernetes.io/arch")).toBe(of(b, "kubernetes.io/arch"));
    expect(a?.offerings[0]?.requirements).toBe(b?.offerings[0]?.requirements);
    expect(Object.isFrozen(a?.offerings[0]?.requirements)).toBe(true);
  });

  test("is refused where Karpenter has none either: without types, without offerings, without subnets", () => {
    expect(() => instanceTypes({ ...usEast1, types: [] })).toThrow("no instance types found");
    expect(() => instanceTypes({ ...usEast1, types: usEast1.types.slice(0, 2).map((type) => ({ ...type, zones: [] })) })).toThrow("no instance types offerings found");
    expect(() => instanceTypes(usEast1, nodeClass({}, { subnets: [] }))).toThrow("no subnets found");
  });
});

test.each([["us-west-2", '"us-west-2"'], [undefined, "nothing"], [{ types: [] }, '{"types":[]}']])("a region's name is no snapshot of it: %j", (region, shown) => {
  expect(() => instanceTypes(region as never)).toThrow(`region: got ${shown}; expected a region's snapshot`);
});
