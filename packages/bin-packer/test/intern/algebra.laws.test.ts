import type { NodeSelectorRequirement } from "@groupless/api";
import { hasValue, intersectValues, isEmptySet, valuesMeet, valuesOf } from "@groupless/requirements";
import fc from "fast-check";
import { expect, test } from "vitest";
import { exactAlgebra } from "../../src/intern/exact-algebra.ts";
import { karpenterAlgebra } from "../../src/intern/karpenter-algebra.ts";
import { admits, admitsAbsence, isUnmeetable, type Requirement, RequirementTable } from "../../src/intern/requirement.ts";
import { RequirementSets } from "../../src/intern/requirement-set.ts";

const RUNS = Number(process.env["LAWS_RUNS"] ?? 400);
const MAX = "9223372036854775807";
const MIN = "-9223372036854775808";
const VALUES = ["a", "b", "1", "01", "2", "5", "9", "-3", MIN, MAX, "9223372036854775808"] as const;
const UNIVERSE = [...VALUES, "c", "+5", "05", "0", "3", "8"] as const;
const requirements = fc.oneof(
  fc.tuple(fc.constantFrom("In" as const, "NotIn" as const), fc.uniqueArray(fc.constantFrom(...VALUES), { minLength: 1, maxLength: 4 })).map(([operator, values]): NodeSelectorRequirement => ({ key: "k", operator, values })),
  fc.constantFrom("Exists" as const, "DoesNotExist" as const).map((operator): NodeSelectorRequirement => ({ key: "k", operator })),
  fc.tuple(fc.constantFrom("Gt" as const, "Lt" as const, "Gte" as const, "Lte" as const), fc.constantFrom(...VALUES)).map(([operator, value]): NodeSelectorRequirement => ({ key: "k", operator, values: [value] })),
);
const several = fc.array(requirements, { minLength: 1, maxLength: 4 });
const together = (table: RequirementTable, list: readonly NodeSelectorRequirement[]): Requirement => list.map((one) => table.of(one)).reduce((a, b) => table.intersect(a, b));
const setOf = (list: readonly NodeSelectorRequirement[]) => list.map((one) => valuesOf(one)).reduce(intersectValues);
const exact = (): RequirementTable => new RequirementTable(exactAlgebra);

test("requirements taken together hold what set theory says, value by value and for absence", () => {
  fc.assert(
    fc.property(several, (list) => {
      const one = together(exact(), list);
      const set = setOf(list);
      for (const value of UNIVERSE) expect(admits(one, value)).toBe(hasValue(set, value));
      expect(admitsAbsence(one)).toBe(hasValue(set, undefined));
      expect(isUnmeetable(one)).toBe(isEmptySet(set));
    }),
    { numRuns: RUNS },
  );
});

test("two go together exactly when their sets have something in common", () => {
  fc.assert(
    fc.property(several, several, (a, b) => {
      const table = exact();
      const sets = new RequirementSets(table, new Set());
      expect(sets.goTogether(together(table, a), together(table, b))).toBe(valuesMeet(setOf(a), setOf(b)));
    }),
    { numRuns: RUNS },
  );
});

test("what is written out reads as the same again, and in whatever order it is put together it is the same object", () => {
  fc.assert(
    fc.property(several, (list) => {
      const table = exact();
      const one = together(table, list);
      expect(together(table, list.toReversed())).toBe(one);
      const written = table.toApi(one);
      expect(written.length === 0 ? [] : setOf(written)).toEqual(setOf(list));
    }),
    { numRuns: RUNS },
  );
});

test("Karpenter's algebra and the exact one part at contradictions, at the ends of 64 bits, and where NotIn stands beside something else", () => {
  const forms = (list: readonly NodeSelectorRequirement[]): readonly [readonly NodeSelectorRequirement[], readonly NodeSelectorRequirement[]] => [new RequirementTable(karpenterAlgebra), exact()].map((table) => table.toApi(together(table, list))) as never;
  expect(forms([{ key: "k", operator: "In", values: ["a"] }, { key: "k", operator: "In", values: ["b"] }])).toEqual([[{ key: "k", operator: "DoesNotExist" }], [{ key: "k", operator: "In", values: [] }]]);
  expect(forms([{ key: "k", operator: "Gt", values: [MAX] }])).toEqual([[{ key: "k", operator: "DoesNotExist" }], [{ key: "k", operator: "In", values: [] }]]);
  expect(forms([{ key: "k", operator: "Lt", values: [MIN] }])).toEqual([[{ key: "k", operator: "Lte", values: [MAX] }], [{ key: "k", operator: "In", values: [] }]]);
  expect(forms([{ key: "k", operator: "Exists" }, { key: "k", operator: "NotIn", values: ["a"] }])).toEqual([[{ key: "k", operator: "NotIn", values: ["a"] }], [{ key: "k", operator: "Exists" }, { key: "k", operator: "NotIn", values: ["a"] }]]);
  expect(forms([{ key: "k", operator: "Gt", values: ["1"] }, { key: "k", operator: "NotIn", values: ["5"] }])).toEqual([[{ key: "k", operator: "Gte", values: ["2"] }], [{ key: "k", operator: "Gte", values: ["2"] }, { key: "k", operator: "NotIn", values: ["5"] }]]);
});
