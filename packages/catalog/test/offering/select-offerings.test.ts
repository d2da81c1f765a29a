import { CAPACITY_TYPE_LABEL, ZONE_LABEL } from "@groupless/api";
import { availableOfferings, cheapestOffering, compatibleOfferings, hasCompatibleOffering, mostExpensiveOffering, offeringLabel, offeringPrice, worstLaunchPrice } from "@groupless/catalog";
import { AWS_LABELS } from "@groupless/requirements";
import { describe, expect, test } from "vitest";
import { instanceType, offering, oneOf } from "../fixtures.ts";

const offerings = [offering("a", "on-demand", 3), offering("a", "spot", 1), offering("b", "spot", 2), offering("b", "on-demand", 4, { available: false })];

describe("selecting offerings", () => {
  test("P-055 takes those that are available and meet the requirements; well-known labels nobody asks for are free", () => {
    expect(availableOfferings(offerings)).toEqual(offerings.slice(0, 3));
    expect(compatibleOfferings(offerings, [oneOf(ZONE_LABEL, "b")])).toEqual(offerings.slice(2));
    expect(hasCompatibleOffering(offerings, [oneOf(ZONE_LABEL, "c")])).toBe(false);
    expect(compatibleOfferings(offerings, [])).toEqual(offerings);
  });

  test("P-055 a label that only a provider knows must be named by the requirements, unless the provider's tables say it is well known", () => {
    const reserved = offering("a", "reserved", 0, { requirements: [oneOf("karpenter.k8s.aws/capacity-reservation-id", "cr-1")] });
    expect(hasCompatibleOffering([reserved], [])).toBe(false);
    expect(hasCompatibleOffering([reserved], [], AWS_LABELS)).toBe(true);
  });

  test("P-065 the cheapest and the most expensive are the first of their price, and there are none of none", () => {
    expect(cheapestOffering(offerings)).toBe(offerings[1]);
    expect(mostExpensiveOffering(availableOfferings(offerings))).toBe(offerings[0]);
    const twins = [offering("a", "spot", 1), offering("b", "spot", 1)];
    expect([cheapestOffering(twins), mostExpensiveOffering(twins)]).toEqual([twins[0], twins[0]]);
    expect(cheapestOffering([])).toBeUndefined();
  });

  test("P-065 a launch costs at worst the dearest offering of the capacity type it prefers: reserved, spot, then on-demand", () => {
    expect(worstLaunchPrice(offerings, [])).toBe(2);
    expect(worstLaunchPrice(offerings, [oneOf(CAPACITY_TYPE_LABEL, "on-demand")])).toBe(4);
    expect(worstLaunchPrice([...offerings, offering("a", "reserved", 0.1)], [])).toBe(0.1);
    expect(worstLaunchPrice(offerings, [oneOf(ZONE_LABEL, "z")])).toBe(Number.MAX_VALUE);
  });

  test("a price is found by zone and capacity type, also of an offering that is not available", () => {
    const type = instanceType("a.large", offerings);
    expect(offeringPrice(type, "b", "on-demand")).toBe(4);
    expect(offeringPrice(type, "c", "spot")).toBeUndefined();
    expect(offeringLabel(offerings[0]!, ZONE_LABEL)).toBe("a");
    expect(offeringLabel({ requirements: [{ key: ZONE_LABEL, operator: "DoesNotExist" }] }, ZONE_LABEL)).toBeUndefined();
  });
});
