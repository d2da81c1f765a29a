import type { NodeSelectorRequirementWithMinValues, Operator } from "@groupless/api";
import { expect, test } from "vitest";
import { hasIntersection, intersection } from "../../src/karpenter/intersection.ts";
import { requirementText, toSelectorRequirements } from "../../src/karpenter/requirement-text.ts";
import { anyValue, doesNotExist, exists, has, labelRequirement, lengthOf, operatorOf, requirementOf, withinBounds } from "../../src/karpenter/requirement.ts";
import { CORE_LABELS, withLabels } from "../../src/labels/label-tables.ts";

const api = (operator: Operator, ...values: string[]): NodeSelectorRequirementWithMinValues => ({ key: "key", operator, values });
const r = (operator: Operator, ...values: string[]) => requirementOf(api(operator, ...values));
const withMin = (minValues: number, operator: Operator, ...values: string[]) => requirementOf({ ...api(operator, ...values), minValues });

test("P-001 operators become a list of values, included or excluded", () => {
  expect(r("In", "b", "a", "b")).toEqual({ key: "key", complement: false, values: ["a", "b"], gte: undefined, lte: undefined, minValues: undefined });
  expect(r("NotIn", "a")).toMatchObject({ complement: true, values: ["a"] });
  expect(r("Exists", "ignored")).toEqual(exists("key"));
  expect(r("DoesNotExist", "ignored")).toEqual(doesNotExist("key"));
  expect(r("In")).toEqual(doesNotExist("key"));
  expect(r("NotIn")).toEqual(exists("key"));
  expect(requirementOf({ key: "key", operator: "In" })).toEqual(doesNotExist("key"));
});

test("P-002 P-003 comparisons become inclusive bounds", () => {
  expect(r("Gt", "1")).toMatchObject({ complement: true, values: [], gte: 2, lte: undefined });
  expect(r("Gte", "1")).toMatchObject({ complement: true, gte: 1, lte: undefined });
  expect(r("Lt", "1")).toMatchObject({ complement: true, gte: undefined, lte: 0 });
  expect(r("Lte", "1")).toMatchObject({ complement: true, gte: undefined, lte: 1 });
  expect(r("Gte", "+07")).toMatchObject({ gte: 7 });
  expect(withMin(3, "Gt", "1").minValues).toBe(3);
  expect(withMin(3, "Lte", "1").minValues).toBe(3);
});

test("P-004 at the ends of 64 bits Gt gives nothing, and Lt wraps around", () => {
  expect(withMin(3, "Gt", "9223372036854775807")).toEqual(doesNotExist("key"));
  expect(r("Gt", "99999999999999999999")).toEqual(doesNotExist("key"));
  expect(r("Gte", "99999999999999999999")).toMatchObject({ gte: "9223372036854775807" });
  expect(r("Lt", "-9223372036854775808")).toMatchObject({ lte: "9223372036854775807" });
  expect(r("Lte", "-99999999999999999999")).toMatchObject({ lte: "-9223372036854775808" });
  expect(r("Gt", "9223372036854775806")).toMatchObject({ gte: "9223372036854775807" });
});

test("an operand that is no integer counts as 0; none at all, or an unknown operator, is refused", () => {
  expect(r("Gt", "x")).toMatchObject({ gte: 1 });
  expect(r("Lte", "")).toMatchObject({ lte: 0 });
  expect(() => r("Gt")).toThrow("Gt of key key has no operand; expected one integer");
  expect(() => r("Lte")).toThrowError(expect.objectContaining({ code: "requirement-values" }));
  expect(() => r("Equals" as Operator)).toThrow('"Equals" of key key is no operator; expected In, NotIn, Exists, DoesNotExist, Gt, Lt, Gte or Lte');
  expect(() => r("Equals" as Operator)).toThrowError(expect.objectContaining({ code: "requirement-operator" }));
});

test("P-018 P-019 keys and values get their current names", () => {
  expect(requirementOf({ key: "beta.kubernetes.io/arch", operator: "Exists" }).key).toBe("kubernetes.io/arch");
  expect(labelRequirement("beta.kubernetes.io/os", "linux")).toEqual(requirementOf({ key: "kubernetes.io/os", operator: "In", values: ["linux"] }));
  const tables = withLabels(CORE_LABELS, { valueAliases: { "topology.kubernetes.io/zone": { "": "0" } } });
  const blank = { key: "failure-domain.beta.kubernetes.io/zone", operator: "In", values: ["", "a"] } as const;
  expect(requirementOf(blank, tables).values).toEqual(["0", "a"]);
  expect(requirementOf(blank).values).toEqual(["", "a"]);
  expect(labelRequirement("topology.kubernetes.io/zone", "", tables).values).toEqual(["0"]);
  expect(blank.values).toEqual(["", "a"]);
});

test("P-011 a value is allowed if it is listed, or not excluded, and within the bounds", () => {
  expect(["a", "c"].map((value) => has(r("In", "a", "b"), value))).toEqual([true, false]);
  expect(["a", "c"].map((value) => has(r("NotIn", "a", "b"), value))).toEqual([false, true]);
  expect(["1", "2", "02", "a", "1.5", "9223372036854775808"].map((value) => has(r("Gt", "1"), value))).toEqual([false, true, true, false, false, false]);
  expect(has(exists("key"), "anything")).toBe(true);
  expect(has(doesNotExist("key"), "anything")).toBe(false);
  expect(withinBounds("x", undefined, undefined)).toBe(true);
  expect(["4", "5", "7", "8"].map((value) => withinBounds(value, 5, 7))).toEqual([false, true, true, false]);
});

test("P-013 a complement counts down from the largest integer, and says NotIn or Exists", () => {
  expect([r("In", "a", "b"), r("In"), r("NotIn", "a"), r("Exists"), r("Gt", "1")].map((requirement) => [operatorOf(requirement), lengthOf(requirement)])).toEqual([
    ["In", "2"],
    ["DoesNotExist", "0"],
    ["NotIn", "9223372036854775806"],
    ["Exists", "9223372036854775807"],
    ["Exists", "9223372036854775807"],
  ]);
});

test("P-012 any value is one the requirement allows: listed, or the smallest integer from 0", () => {
  expect(anyValue(r("In", "b", "a"))).toBe("a");
  expect(anyValue(r("In"))).toBeUndefined();
  expect(anyValue(r("Exists"))).toBe("0");
  expect(anyValue(r("NotIn", "0", "1"))).toBe("2");
  expect(anyValue(r("Gt", "5"))).toBe("6");
  expect(anyValue(r("Gte", "-5"))).toBe("-5");
  expect(anyValue(r("Lte", "5"))).toBe("0");
  expect(anyValue(r("Lt", "0"))).toBe("-1");
  expect(anyValue(intersection(r("Lt", "0"), r("NotIn", "-1", "-2")))).toBe("-3");
  expect(anyValue(intersection(r("Gte", "-3"), r("NotIn", "-3")))).toBe("-2");
  expect(anyValue(intersection(r("Gte", "5"), intersection(r("Lte", "6"), r("NotIn", "5"))))).toBe("6");
  expect(anyValue(intersection(r("Gte", "5"), intersection(r("Lte", "5"), r("NotIn", "5"))))).toBeUndefined();
  expect(anyValue(intersection(r("Lte", "0"), r("NotIn", "0")))).toBeUndefined();
  expect(anyValue(r("Gte", "9223372036854775807"))).toBe("9223372036854775807");
  expect(anyValue(intersection(r("Gte", "9223372036854775807"), r("NotIn", "9223372036854775807")))).toBeUndefined();
});

test("P-005 P-006 an intersection keeps what both allow, and the larger minimum of values", () => {
  expect(intersection(r("In", "a", "b"), r("In", "b", "c"))).toEqual(r("In", "b"));
  expect(intersection(r("In", "a", "b"), r("NotIn", "b", "c"))).toEqual(r("In", "a"));
  expect(intersection(r("NotIn", "b", "c"), r("In", "a", "b"))).toEqual(r("In", "a"));
  expect(intersection(r("NotIn", "a"), r("NotIn", "b"))).toEqual(r("NotIn", "a", "b"));
  expect(intersection(r("In", "a"), r("In", "b"))).toEqual(doesNotExist("key"));
  for (const [a, b, expected] of [[2, 1, 2], [1, 2, 2], [2, 2, 2]] as const) expect(intersection(withMin(a, "In", "a"), withMin(b, "In", "b"))).toEqual(doesNotExist("key", expected));
  expect(intersection(withMin(2, "Exists"), r("Exists")).minValues).toBe(2);
  expect(intersection(r("Exists"), withMin(2, "Exists")).minValues).toBe(2);
});

test("P-007 bounds that cross leave nothing but the minimum of values", () => {
  expect(intersection(withMin(2, "Gt", "9"), r("Lt", "1"))).toEqual(doesNotExist("key", 2));
  expect(intersection(r("Gt", "4"), r("Lt", "6"))).toMatchObject({ gte: 5, lte: 5 });
  expect(intersection(r("Gte", "5"), r("Lt", "5"))).toEqual(doesNotExist("key"));
});

test("P-008 bounds drop values that are no integers or out of range, excluded ones too", () => {
  expect(intersection(r("In", "a", "1", "5", "05", "9"), r("Gte", "5"))).toEqual(r("In", "05", "5", "9"));
  expect(intersection(r("Lte", "5"), r("In", "a", "1", "5", "9"))).toEqual(r("In", "1", "5"));
  expect(intersection(r("NotIn", "A"), r("Gt", "1"))).toEqual(r("Gte", "2"));
  expect(intersection(r("NotIn", "1", "3"), r("Gt", "1"))).toMatchObject({ complement: true, values: ["3"], gte: 2 });
});

test("P-009 of several bounds the narrowest stay", () => {
  expect(intersection(r("Gt", "1"), r("Gt", "5"))).toEqual(r("Gt", "5"));
  expect(intersection(r("Gt", "5"), r("Gte", "1"))).toEqual(r("Gt", "5"));
  expect(intersection(r("Lt", "1"), r("Lt", "5"))).toEqual(r("Lt", "1"));
  expect(intersection(r("Lt", "5"), r("Lte", "1"))).toEqual(r("Lte", "1"));
});

test("P-010 two complements always meet unless their bounds cross", () => {
  expect(hasIntersection(r("Gte", "1"), intersection(r("Lte", "1"), r("NotIn", "1")))).toBe(true);
  expect(hasIntersection(r("Gt", "5"), r("Lt", "6"))).toBe(false);
  expect(hasIntersection(r("Gt", "5"), r("Lte", "6"))).toBe(true);
  expect(hasIntersection(r("Gt", "5"), r("Exists"))).toBe(true);
  expect(hasIntersection(r("NotIn", "a"), r("In", "a"))).toBe(false);
  expect(hasIntersection(r("In", "a", "b"), r("NotIn", "a"))).toBe(true);
  expect(hasIntersection(r("In", "a"), r("In", "a", "b", "c"))).toBe(true);
  expect(hasIntersection(r("In", "a", "b", "c"), r("In", "c"))).toBe(true);
  expect(hasIntersection(r("In", "d"), r("In", "a", "b", "c"))).toBe(false);
  expect(hasIntersection(r("In", "5"), r("Gt", "4"))).toBe(true);
  expect(hasIntersection(r("Gt", "5"), r("In", "5", "x"))).toBe(false);
  expect(hasIntersection(r("In"), r("Exists"))).toBe(false);
});

test("P-014 the text shows at most five values, then bounds and the minimum of values", () => {
  expect(requirementText(r("In", "b", "a"))).toBe("key In [a b]");
  expect(requirementText(r("In", "e", "d", "c", "b", "a"))).toBe("key In [a b c d e]");
  expect(requirementText(r("NotIn", "g", "f", "e", "d", "c", "b", "a"))).toBe("key NotIn [a b c d e and 2 others]");
  expect(requirementText(r("Exists"))).toBe("key Exists");
  expect(requirementText(r("DoesNotExist"))).toBe("key DoesNotExist");
  expect(requirementText(withMin(3, "Gt", "1"))).toBe("key Exists >=2 minValues 3");
  expect(requirementText(intersection(intersection(r("Gt", "1"), r("Lt", "9")), r("NotIn", "5")))).toBe("key NotIn [5] >=2 <=8");
  // By code points, as Go sorts bytes: JavaScript alone would put the surrogate pair first.
  expect(requirementText(r("In", "\u{1F600}", "\uFF5E", "a", "ab", ""))).toBe("key In [ a ab \uFF5E \u{1F600}]");
});

test("P-015 P-016 the API form has Gte and Lte for bounds, and one entry a bound", () => {
  expect(toSelectorRequirements(r("Gt", "1"))).toEqual([{ key: "key", operator: "Gte", values: ["2"] }]);
  expect(toSelectorRequirements(r("Lt", "1"))).toEqual([{ key: "key", operator: "Lte", values: ["0"] }]);
  expect(toSelectorRequirements(intersection(withMin(2, "Gt", "1"), r("Lt", "9")))).toEqual([
    { key: "key", operator: "Gte", values: ["2"], minValues: 2 },
    { key: "key", operator: "Lte", values: ["8"], minValues: 2 },
  ]);
  expect(toSelectorRequirements(intersection(r("Gt", "1"), r("NotIn", "5")))).toEqual([{ key: "key", operator: "Gte", values: ["2"] }]);
  expect(toSelectorRequirements(withMin(1, "In", "b", "a"))).toEqual([{ key: "key", operator: "In", values: ["a", "b"], minValues: 1 }]);
  expect(toSelectorRequirements(r("NotIn", "a"))).toEqual([{ key: "key", operator: "NotIn", values: ["a"] }]);
  expect(toSelectorRequirements(r("Exists"))).toEqual([{ key: "key", operator: "Exists" }]);
  expect(toSelectorRequirements(r("In"))).toEqual([{ key: "key", operator: "DoesNotExist" }]);
});
