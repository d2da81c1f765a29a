import { CAPACITY_TYPE_LABEL, INSTANCE_TYPE_LABEL, ZONE_LABEL } from "@groupless/api";
import { compatibleInstanceTypes, explain, flexibility, type InstanceType, launchPrice, orderByPrice, truncate } from "@groupless/catalog";
import { describe, expect, test } from "vitest";
import { instanceType, offering, oneOf } from "../fixtures.ts";

const types = [
  instanceType("m5.large", [offering("a", "on-demand", 3), offering("b", "spot", 2)]),
  instanceType("c5.large", [offering("a", "on-demand", 2), offering("a", "spot", 9, { available: false })]),
  instanceType("c5.small", [offering("b", "on-demand", 2)]),
  instanceType("r5.large", [offering("c", "spot", 1, { available: false })]),
];
const names = (some: readonly InstanceType[]): string[] => some.map((type) => type.name);
const atLeast = (key: string, minValues: number): object & { key: string; operator: "Exists"; minValues: number } => ({ key, operator: "Exists", minValues });

describe("price order", () => {
  test("P-057 is by the cheapest available offering that fits, ties by name, those without a price last", () => {
    expect(names(orderByPrice(types, []))).toEqual(["c5.large", "c5.small", "m5.large", "r5.large"]);
    expect(names(orderByPrice(types, [oneOf(ZONE_LABEL, "a")]))).toEqual(["c5.large", "m5.large", "c5.small", "r5.large"]);
    expect(launchPrice(types[0]!, [oneOf(CAPACITY_TYPE_LABEL, "on-demand")])).toBe(3);
    expect(launchPrice(types[3]!, [])).toBe(Number.MAX_VALUE);
  });

  test("P-055 only types with an available offering that fits can be launched", () => {
    expect(names(compatibleInstanceTypes(types, [oneOf(CAPACITY_TYPE_LABEL, "spot")]))).toEqual(["m5.large"]);
  });
});

describe("flexibility", () => {
  test("P-061 counts different values from the front until every minValues is met", () => {
    expect(flexibility(types, [atLeast("example.com/family", 2)])).toEqual({ satisfied: true, needed: 2, unsatisfied: {} });
    expect(flexibility(types, [atLeast("example.com/family", 4), atLeast(INSTANCE_TYPE_LABEL, 2)])).toEqual({ satisfied: false, needed: 4, unsatisfied: { "example.com/family": 3 } });
  });

  test("P-061 asks nothing without minValues, and of no types nothing", () => {
    expect(flexibility(types, [oneOf(ZONE_LABEL, "a")])).toEqual({ satisfied: true, needed: 0, unsatisfied: {} });
    expect(flexibility([], [atLeast("example.com/family", 2)])).toEqual({ satisfied: true, needed: 0, unsatisfied: {} });
  });
});

describe("truncation", () => {
  test("P-058 keeps the cheapest", () => {
    expect(names(truncate(types, [], 2) as readonly InstanceType[])).toEqual(["c5.large", "c5.small"]);
  });

  test("P-062 refuses when the cheapest are not flexible enough, and says what is missing", () => {
    const refusal = truncate(types, [atLeast("example.com/family", 2)], 2);
    expect(refusal).toEqual({ code: "min-values", canResolve: false, unsatisfied: { "example.com/family": 1 }, maxInstanceTypes: 2 });
    expect("code" in refusal && explain(refusal)).toBe("the 2 cheapest instance types have too few values of example.com/family (1)");
  });

  test("P-063 under BestEffort keeps them all the same", () => {
    expect(names(truncate(types, [atLeast("example.com/family", 2)], 2, { minValuesPolicy: "BestEffort" }) as readonly InstanceType[])).toEqual(["c5.large", "c5.small"]);
  });
});
