import fc from "fast-check";
import { expect, test } from "vitest";
import { isCompatible } from "../../src/karpenter/compatible.ts";
import { hasIntersection, intersection } from "../../src/karpenter/intersection.ts";
import { type Requirement, anyValue, has, operatorOf, requirementOf } from "../../src/karpenter/requirement.ts";
import { toSelectorRequirements } from "../../src/karpenter/requirement-text.ts";
import { fromSelectorRequirements } from "../../src/karpenter/requirements.ts";
import { compatible } from "../../src/requirements/compatible.ts";
import { requirements } from "../../src/requirements/requirements.ts";
import { RUNS, accepts, requirementArbitrary, requirementList, universe } from "../arbitrary-requirement.ts";

// Operands are integers of 64 bits, as the API server sees to.
const one = requirementArbitrary().filter(({ operator, values = [] }) => !/^[GL]te?$/.test(operator) || (/^[+-]?[0-9]+$/.test(values[0] ?? "") && !/922337203685477580[89]/.test(values[0] ?? "")));
const present = (all: readonly (string | undefined)[]) => all.filter((value) => value !== undefined);

test("leaving absence aside, Karpenter's requirement allows what the API says", () => {
  fc.assert(
    fc.property(one, (a) => {
      fc.pre(!(a.operator === "Lt" && a.values?.[0] === "-9223372036854775808"));
      const built = requirementOf(a);
      expect(present(universe(a)).filter((value) => has(built, value) !== accepts(a, value))).toEqual([]);
    }),
    RUNS,
  );
});

test("an intersection allows what both allow, and the fast predicate never misses one", () => {
  fc.assert(
    fc.property(one, one, (a, b) => {
      const [left, right] = [requirementOf(a), requirementOf(b)];
      const both = intersection(left, right);
      const common = present(universe(a, b)).filter((value) => has(left, value) && has(right, value));
      expect(present(universe(a, b)).filter((value) => has(both, value))).toEqual(common);
      expect(hasIntersection(left, right)).toBe(common.length > 0);
      expect(hasIntersection(right, left)).toBe(hasIntersection(left, right));
    }),
    RUNS,
  );
});

test("intersection is commutative, associative and idempotent", () => {
  const built = fc.tuple(one, fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined })).map(([requirement, minValues]): Requirement => requirementOf(minValues === undefined ? requirement : { ...requirement, minValues }));
  fc.assert(
    fc.property(built, built, built, (a, b, c) => {
      expect(intersection(a, b)).toEqual(intersection(b, a));
      expect(intersection(a, a)).toEqual(a);
      expect(intersection(intersection(a, b), c)).toEqual(intersection(a, intersection(b, c)));
    }),
    RUNS,
  );
});

test("any value is an allowed one, and there is one unless nothing is allowed", () => {
  fc.assert(
    fc.property(one, one, (a, b) => {
      const both = intersection(requirementOf(a), requirementOf(b));
      const value = anyValue(both);
      if (value !== undefined) expect(has(both, value)).toBe(true);
      else expect(operatorOf(both) === "DoesNotExist" || both.values.length > 0).toBe(true);
    }),
    RUNS,
  );
});

test("the API form reads back as the same requirement, but for exclusions beside bounds", () => {
  fc.assert(
    fc.property(one, one, (a, b) => {
      const both = intersection(requirementOf(a), requirementOf(b));
      fc.pre(both.values.length === 0 || !both.complement || (both.gte === undefined && both.lte === undefined));
      expect(toSelectorRequirements(both).map((requirement) => requirementOf(requirement)).reduce(intersection)).toEqual(both);
    }),
    RUNS,
  );
});

test("one requirement against one: Karpenter and set theory agree unless absence is at stake", () => {
  fc.assert(
    fc.property(one, one, (a, b) => {
      fc.pre([a, b].every(({ operator, values = [] }) => !(operator === "NotIn" && values.length === 0) && values[0] !== "-9223372036854775808"));
      const exact = compatible(requirements([a]), requirements([b]));
      const theirs = isCompatible(fromSelectorRequirements([a]), fromSelectorRequirements([b]));
      // A contradiction that reads as absence: an empty In.
      fc.pre([a, b].every(({ operator, values = [] }) => operator !== "In" || values.length > 0) && [a, b].every(({ operator, values = [] }) => operator !== "Gt" || values[0] !== "9223372036854775807"));
      expect(theirs).toBe(exact);
    }),
    RUNS,
  );
});

test("the order of requirements does not matter", () => {
  fc.assert(
    fc.property(requirementList, (list) => {
      expect(fromSelectorRequirements([...list].reverse())).toEqual(fromSelectorRequirements(list));
    }),
    RUNS,
  );
});
