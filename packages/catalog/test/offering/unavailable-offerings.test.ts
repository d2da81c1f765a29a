import { isUnavailable, markCapacityType, markOffering, markSubnet, nextExpiryMs, noUnavailableOfferings, offeringKey, UNAVAILABLE_OFFERINGS_TTL_MS, unmarkOffering, withoutExpired } from "@groupless/catalog";
import { describe, expect, test } from "vitest";

const place = { instanceType: "m5.large", zone: "us-west-2a", capacityType: "spot" };
const ttl = UNAVAILABLE_OFFERINGS_TTL_MS;

describe("marks of capacity that could not be had", () => {
  test("A-078 an offering is marked for three minutes, and a second mark extends the first", () => {
    const first = markOffering(noUnavailableOfferings, place, 1000);
    expect(ttl).toBe(180_000);
    expect(isUnavailable(first, place, [], 1000 + ttl)).toBe(true);
    expect(isUnavailable(first, place, [], 1001 + ttl)).toBe(false);
    expect(isUnavailable(markOffering(first, place, 60_000), place, [], 1001 + ttl)).toBe(true);
    expect(isUnavailable(first, { ...place, zone: "us-west-2b" }, [], 1000)).toBe(false);
    expect(isUnavailable(unmarkOffering(first, place), place, [], 1000)).toBe(false);
  });

  test("A-078 a placement group has capacity of its own, and so has each of its partitions", () => {
    const marks = markOffering(noUnavailableOfferings, { ...place, placementGroupId: "pg-1" }, 0);
    expect(offeringKey({ ...place, placementGroupId: "pg-1", placementGroupPartition: "2" })).toBe("spot:m5.large:us-west-2a:pg-1:2");
    expect(isUnavailable(marks, place, [], 0)).toBe(false);
    expect(isUnavailable(marks, { ...place, placementGroupId: "pg-1" }, [], 0)).toBe(true);
    expect(isUnavailable(marks, { ...place, placementGroupId: "pg-1", placementGroupPartition: "1" }, [], 0)).toBe(false);
  });

  test("A-079 a capacity type can be marked as a whole", () => {
    const marks = markCapacityType(noUnavailableOfferings, "spot", 0);
    expect(isUnavailable(marks, { ...place, instanceType: "c5.large" }, [], ttl)).toBe(true);
    expect(isUnavailable(marks, { ...place, capacityType: "on-demand" }, [], 0)).toBe(false);
  });

  test("A-080 a zone is unavailable once all its subnets are marked, and one without subnets is not", () => {
    const marks = markSubnet(markSubnet(noUnavailableOfferings, "subnet-a", 0), "subnet-b", 5);
    expect(isUnavailable(marks, place, ["subnet-a", "subnet-b"], 0)).toBe(true);
    expect(isUnavailable(marks, place, ["subnet-a", "subnet-c"], 0)).toBe(false);
    expect(isUnavailable(marks, place, ["subnet-a", "subnet-b"], ttl + 1)).toBe(false);
    expect(isUnavailable(marks, place, [], 0)).toBe(false);
  });

  test("A-081 setting and expiring give a new value, and nothing else does: identity is the sequence number", () => {
    const marks = markSubnet(markOffering(noUnavailableOfferings, place, 0), "subnet-a", 10);
    expect(marks).not.toBe(noUnavailableOfferings);
    expect(noUnavailableOfferings).toEqual({ offerings: {}, capacityTypes: {}, subnets: {} });
    expect(withoutExpired(marks, ttl)).toBe(marks);
    expect(nextExpiryMs(marks)).toBe(ttl);
    const later = withoutExpired(marks, ttl + 1);
    expect(later).toEqual({ offerings: {}, capacityTypes: {}, subnets: { "subnet-a": ttl + 10 } });
    expect(nextExpiryMs(withoutExpired(later, ttl + 11))).toBeUndefined();
    expect(JSON.parse(JSON.stringify(marks))).toEqual(marks);
  });
});
