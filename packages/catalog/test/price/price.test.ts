import { CAPACITY_TYPE_LABEL, INSTANCE_TYPE_LABEL, InputError, ZONE_LABEL } from "@groupless/api";
import { adjustedPrice, noUnavailableOfferings, markOffering, offeringPrice, withoutMarked, withoutOfferings, withPrices, withReservationCounts } from "@groupless/catalog";
import { describe, expect, test } from "vitest";
import { instanceType, offering, oneOf } from "../fixtures.ts";

describe("a price change", () => {
  test("P-067 is a price, an amount or a percentage more or less, and never leads below zero", () => {
    expect([adjustedPrice(2, ""), adjustedPrice(2, "0.5"), adjustedPrice(2, "+0.5"), adjustedPrice(2, "-25%"), adjustedPrice(2, "-3"), adjustedPrice(2, "-150%")]).toEqual([2, 0.5, 2.5, 1.5, 0, 0]);
  });

  test("P-067 that is no number is bad input", () => {
    for (const change of ["abc", "+", "-%", "+1e999", "NaN"]) expect(() => adjustedPrice(1, change)).toThrow(InputError);
  });
});

const types = [instanceType("m5.large", [offering("a", "on-demand", 2), offering("a", "spot", 1)]), instanceType("c5.large", [offering("a", "on-demand", 4)]), instanceType("p5.48xlarge", [offering("a", "on-demand", 0, { available: false })])];
const onDemand = [oneOf(CAPACITY_TYPE_LABEL, "on-demand")];

describe("a caller's own prices", () => {
  test("are a factor, as of a savings plan, or a rate, for the offerings that a selector meets", () => {
    const mine = withPrices(types, [{ requirements: onDemand, factor: 0.5 }, { requirements: [...onDemand, oneOf("example.com/family", "c5")], priceUsdPerHour: 1.5 }]);
    expect([offeringPrice(mine[0]!, "a", "on-demand"), offeringPrice(mine[0]!, "a", "spot"), offeringPrice(mine[1]!, "a", "on-demand")]).toEqual([1, 1, 1.5]);
    expect(mine[0]?.offerings.map((each) => each.priceSource)).toEqual(["supplied", undefined]);
  });

  test("do not put a price on what had none by a factor", () => {
    expect(withPrices(types, [{ requirements: [oneOf(INSTANCE_TYPE_LABEL, "p5.48xlarge")], factor: 2 }])).toBe(types);
  });

  test("share every type and offering that stays the same", () => {
    const mine = withPrices(types, [{ requirements: [oneOf(INSTANCE_TYPE_LABEL, "m5.large"), ...onDemand], factor: 0.5 }]);
    expect(mine[1]).toBe(types[1]);
    expect(mine[0]?.offerings[1]).toBe(types[0]?.offerings[1]);
    expect(mine[0]?.requirements).toBe(types[0]?.requirements);
    expect(types[0]?.offerings[0]?.price).toBe(2);
    expect(withPrices(types, [{ requirements: [oneOf(ZONE_LABEL, "z")], priceUsdPerHour: 1 }])).toBe(types);
  });

  test("must be one number of at least zero, and nothing is half-applied", () => {
    for (const rule of [{}, { factor: 1, priceUsdPerHour: 1 }, { factor: -1 }, { priceUsdPerHour: Number.NaN }]) {
      expect(() => withPrices(types, [{ requirements: onDemand, factor: 2 }, { requirements: [], ...rule }])).toThrow(/rules\[1\].*exactly one/u);
    }
  });
});

describe("capacity that is gone", () => {
  test("is still listed, as not available", () => {
    const left = withoutOfferings(types, [{ requirements: [oneOf(CAPACITY_TYPE_LABEL, "spot")] }]);
    expect(left[0]?.offerings.map((each) => each.available)).toEqual([true, false]);
    expect(left[1]).toBe(types[1]);
  });

  test("A-082 comes back when its mark expires, and until then the next best offering stands in", () => {
    const marks = markOffering(noUnavailableOfferings, { instanceType: "m5.large", zone: "a", capacityType: "spot" }, 0);
    expect(withoutMarked(types, marks, 0)[0]?.offerings.filter((each) => each.available).map((each) => each.price)).toEqual([2]);
    expect(withoutMarked(types, marks, 180_001)).toBe(types);
  });
});

describe("capacity reservations", () => {
  const reserved = (id: string, left: number): ReturnType<typeof offering> => offering("a", "reserved", 0, { requirements: [oneOf("karpenter.k8s.aws/capacity-reservation-id", id)], reservationCapacity: left, available: left > 0 });
  const list = [instanceType("m5.large", [reserved("cr-1", 1), reserved("cr-2", 0), offering("a", "spot", 1)])];

  test("A-058 are unavailable at zero left and available again with the first given back; others keep their counts", () => {
    const [after] = withReservationCounts(list, { "cr-1": 0, "cr-2": 3 });
    expect(after?.offerings.map((each) => [each.reservationCapacity, each.available])).toEqual([[0, false], [3, true], [undefined, true]]);
    expect(withReservationCounts(list, { "cr-1": 1, "cr-9": 4 })).toBe(list);
  });
});
