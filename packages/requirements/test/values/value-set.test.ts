import { expect, test } from "vitest";
import { equalSets, implies, integerSet, setOf, complementOf, hasValue, intersectValues, isEmptySet, membersOf, uniteValues, ABSENT, ANYTHING, EMPTY, PRESENT } from "../../src/values/value-set.ts";
import { rangeOf } from "../../src/values/int64-ranges.ts";
import { valuesText } from "../../src/values/value-set-text.ts";
import { MAX_INT64, MIN_INT64 } from "../../src/values/int64.ts";

const atLeast = (least: number) => integerSet(rangeOf(least, MAX_INT64));
const atMost = (most: number) => integerSet(rangeOf(MIN_INT64, most));
const exactly = (value: number) => integerSet(rangeOf(value, value));

test("an integer has other spellings, so a range without its members is not empty", () => {
  const five = intersectValues(exactly(5), complementOf(setOf(["5"])));
  expect(isEmptySet(five)).toBe(false);
  expect(hasValue(five, "5")).toBe(false);
  expect(hasValue(five, "05")).toBe(true);
  expect(hasValue(five, "+5")).toBe(true);
});

test("the constants hold what they say", () => {
  for (const [set, absent, present] of [[EMPTY, false, false], [ANYTHING, true, true], [ABSENT, true, false], [PRESENT, false, true]] as const) {
    expect(hasValue(set, undefined)).toBe(absent);
    expect(hasValue(set, "")).toBe(present);
    expect(hasValue(set, "7")).toBe(present);
  }
});

test("only finite sets have members", () => {
  expect(membersOf(setOf(["b", "a", "b"]))).toEqual(["a", "b"]);
  expect(membersOf(EMPTY)).toEqual([]);
  expect(membersOf(ABSENT)).toEqual([]);
  expect(membersOf(exactly(5))).toBeUndefined();
  expect(membersOf(complementOf(integerSet(rangeOf(MIN_INT64, MAX_INT64))))).toBeUndefined();
  expect(setOf([])).toBe(EMPTY);
  expect(integerSet(rangeOf(2, 1))).toBe(EMPTY);
});

test("a long list is searched as exactly as a short one", () => {
  const values = Array.from({ length: 100 }, (_, index) => `v${index}`);
  const set = setOf(values);
  for (const value of values) expect(hasValue(set, value)).toBe(true);
  for (const value of ["", "v", "v100", "u", "w", "v05", "v999"]) expect(hasValue(set, value)).toBe(false);
});

test("sets are told in English", () => {
  expect(valuesText(EMPTY)).toBe("nothing at all");
  expect(valuesText(ABSENT)).toBe("absent");
  expect(valuesText(ANYTHING)).toBe("absent or anything");
  expect(valuesText(PRESENT)).toBe("anything");
  expect(valuesText(setOf(["a"]))).toBe("a");
  expect(valuesText(setOf([""]))).toBe('""');
  expect(valuesText(setOf(["a", "b"]))).toBe("one of a, b");
  expect(valuesText(setOf(["a", "b", "c", "d", "e"]))).toBe("one of a, b, c, d, e");
  expect(valuesText(setOf(["a", "b", "c", "d", "e", "f", "g"]))).toBe("one of a, b, c, d, e, and 2 more");
  expect(valuesText(setOf(["x".repeat(64)]))).toBe("x".repeat(64));
  expect(valuesText(setOf(["x".repeat(65)]))).toBe(`${"x".repeat(64)}…`);
  expect(valuesText(complementOf(setOf(["a", "b"])))).toBe("absent or anything (not so: a, b)");
  expect(valuesText(atLeast(5))).toBe("at least 5");
  expect(valuesText(atMost(5))).toBe("at most 5");
  expect(valuesText(exactly(5))).toBe("5");
  expect(valuesText(intersectValues(atLeast(2), atMost(9)))).toBe("2 to 9");
  expect(valuesText(uniteValues(ABSENT, atLeast(2)))).toBe("absent or at least 2");
  expect(valuesText(uniteValues(ABSENT, setOf(["a"])))).toBe("absent or a");
  expect(valuesText(integerSet(rangeOf(MIN_INT64, MAX_INT64)))).toBe("any integer");
  expect(valuesText(complementOf(atLeast(2)))).toBe("absent or at most 1 or no integer");
  expect(valuesText(intersectValues(PRESENT, complementOf(integerSet(rangeOf(MIN_INT64, MAX_INT64)))))).toBe("no integer");
  expect(valuesText(uniteValues(exactly(1), exactly(3)))).toBe("1 or 3");
});

test("equal sets hold the same, whatever they were made from", () => {
  expect(equalSets(setOf(["a", "b"]), setOf(["b", "a"]))).toBe(true);
  expect(equalSets(setOf(["a"]), setOf(["a", "b"]))).toBe(false);
  expect(equalSets(setOf(["a", "b"]), setOf(["a"]))).toBe(false);
  expect(implies(setOf(["a"]), setOf(["a", "b"]))).toBe(true);
  expect(implies(setOf(["a", "b"]), setOf(["a"]))).toBe(false);
  expect(equalSets(uniteValues(ABSENT, PRESENT), ANYTHING)).toBe(true);
  expect(equalSets(complementOf(complementOf(atLeast(5))), atLeast(5))).toBe(true);
});
