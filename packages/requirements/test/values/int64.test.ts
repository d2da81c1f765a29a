import fc from "fast-check";
import { expect, test } from "vitest";
import { MAX_INT64, MIN_INT64, atMost, compareInt64, nextInt64, parseInt64, previousInt64, readInt64 } from "../../src/values/int64.ts";
import { ALL_INTEGERS, NO_INTEGERS, complementRanges, intersectRanges, rangeOf, rangesInclude, rangesMeet } from "../../src/values/int64-ranges.ts";
import { includesText, keepTexts, sortedTexts, textsMeet, uniteTexts } from "../../src/values/sorted-texts.ts";

test("integers of 64 bits are read in any spelling Go reads", () => {
  expect(parseInt64("5")).toBe(5);
  expect(parseInt64("-5")).toBe(-5);
  expect(parseInt64("+5")).toBe(5);
  expect(parseInt64("007")).toBe(7);
  expect(parseInt64("0")).toBe(0);
  expect(Object.is(parseInt64("-0"), 0)).toBe(true);
  expect(parseInt64("-000")).toBe(0);
  expect(parseInt64("999999999999999")).toBe(999999999999999);
  expect(parseInt64("9007199254740991")).toBe(9007199254740991);
  expect(parseInt64("9007199254740992")).toBe("9007199254740992");
  expect(parseInt64("-9007199254740992")).toBe("-9007199254740992");
  expect(parseInt64("09223372036854775807")).toBe(MAX_INT64);
  expect(parseInt64("-9223372036854775808")).toBe(MIN_INT64);
});

test("what is no integer of 64 bits is told apart: not a number, too small, too large", () => {
  for (const text of ["", "-", "+", "1.5", "1e3", "0x10", " 1", "1 ", "1_0", "--1", "a", "１", "1a", "a1", "/", ":", "1/", "1:"]) expect(readInt64(text), text).toEqual({ status: "syntax" });
  expect(readInt64("9223372036854775808")).toEqual({ status: "above" });
  expect(readInt64("-9223372036854775809")).toEqual({ status: "below" });
  expect(readInt64("1".repeat(20))).toEqual({ status: "above" });
  expect(readInt64(`-${"1".repeat(30)}`)).toEqual({ status: "below" });
  expect(readInt64(`${"0".repeat(100_000)}7`)).toEqual({ status: "valid", value: 7 });
  expect(parseInt64("9223372036854775808")).toBeUndefined();
});

test("order and neighbours are those of integers", () => {
  const integer = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  const sign = (value: number | bigint) => (value > 0 ? 1 : value < 0 ? -1 : 0);
  fc.assert(
    fc.property(integer, integer, (a, b) => {
      const [left, right] = [parseInt64(`${a}`) as number, parseInt64(`${b}`) as number];
      expect(sign(compareInt64(left, right))).toBe(sign(a - b));
      expect(compareInt64(left, left)).toBe(0);
      expect(nextInt64(left)).toBe(parseInt64(`${a + 1n}`));
      expect(previousInt64(left)).toBe(parseInt64(`${a - 1n}`));
    }),
    { numRuns: Number(process.env["LAWS_RUNS"] ?? 300) },
  );
  expect(nextInt64(MAX_INT64)).toBeUndefined();
  expect(previousInt64(MIN_INT64)).toBeUndefined();
  expect(nextInt64(9007199254740991)).toBe("9007199254740992");
  expect(previousInt64("9007199254740992")).toBe(9007199254740991);
  expect(compareInt64(MIN_INT64, 0)).toBeLessThan(0);
  expect(compareInt64(0, MIN_INT64)).toBeGreaterThan(0);
});

test("ranges meet where both are, and leave gaps between them", () => {
  const some = complementRanges([{ gte: 1, lte: 3 }, { gte: 7, lte: 9 }]);
  expect(some).toEqual([{ gte: MIN_INT64, lte: 0 }, { gte: 4, lte: 6 }, { gte: 10, lte: MAX_INT64 }]);
  expect(complementRanges(some)).toEqual([{ gte: 1, lte: 3 }, { gte: 7, lte: 9 }]);
  expect(intersectRanges(some, rangeOf(0, 5))).toEqual([{ gte: 0, lte: 0 }, { gte: 4, lte: 5 }]);
  expect(intersectRanges(rangeOf(0, 5), some)).toEqual([{ gte: 0, lte: 0 }, { gte: 4, lte: 5 }]);
  expect(intersectRanges(rangeOf(0, 5), rangeOf(5, 9))).toEqual(rangeOf(5, 5));
  expect(intersectRanges(rangeOf(0, 5), rangeOf(6, 9))).toEqual([]);
  expect(intersectRanges([{ gte: 0, lte: 5 }, { gte: 8, lte: 9 }], rangeOf(3, 9))).toEqual([{ gte: 3, lte: 5 }, { gte: 8, lte: 9 }]);
  expect(intersectRanges(ALL_INTEGERS, some)).toBe(some);
  expect(intersectRanges(some, ALL_INTEGERS)).toBe(some);
  expect(intersectRanges(some, NO_INTEGERS)).toBe(NO_INTEGERS);
  expect(intersectRanges(NO_INTEGERS, some)).toBe(NO_INTEGERS);
  expect(complementRanges(NO_INTEGERS)).toBe(ALL_INTEGERS);
  expect(complementRanges(ALL_INTEGERS)).toBe(NO_INTEGERS);
  expect(complementRanges(rangeOf(MIN_INT64, 5))).toEqual(rangeOf(6, MAX_INT64));
  expect(complementRanges(rangeOf(5, MAX_INT64))).toEqual(rangeOf(MIN_INT64, 4));
  expect(complementRanges([{ gte: MIN_INT64, lte: MAX_INT64 }])).toEqual([]);
  expect(rangeOf(5, 5)).toEqual([{ gte: 5, lte: 5 }]);
  expect(rangeOf(6, 5)).toBe(NO_INTEGERS);
  expect([0, 1, 3, 4, 10].filter((value) => rangesInclude([{ gte: 1, lte: 3 }, { gte: 10, lte: 11 }], value))).toEqual([1, 3, 10]);
  expect(rangesInclude(ALL_INTEGERS, MIN_INT64)).toBe(true);
});

test("ranges meet exactly if they have an integer in common", () => {
  const bound = fc.integer({ min: -6, max: 6 });
  const ranges = fc.array(fc.tuple(bound, bound), { maxLength: 3 }).map((pairs) => complementRanges(pairs.reduce((all, [a, b]) => intersectRanges(all, complementRanges(rangeOf(Math.min(a, b), Math.max(a, b)))), ALL_INTEGERS)));
  fc.assert(
    fc.property(ranges, ranges, (a, b) => {
      expect(rangesMeet(a, b)).toBe(intersectRanges(a, b).length > 0);
      expect(rangesMeet(b, a)).toBe(rangesMeet(a, b));
    }),
    { numRuns: Number(process.env["LAWS_RUNS"] ?? 300) },
  );
  expect(rangesMeet(rangeOf(1, 5), rangeOf(5, 9))).toBe(true);
  expect(rangesMeet(rangeOf(1, 5), rangeOf(6, 9))).toBe(false);
});

test("lists of texts are sorted, without repeats and shared where nothing changes", () => {
  const texts = sortedTexts(["b", "a", "b"]);
  expect(texts).toEqual(["a", "b"]);
  expect(sortedTexts(["x"])).toEqual(["x"]);
  expect(Object.isFrozen(texts) && Object.isFrozen(sortedTexts(["x"])) && Object.isFrozen(sortedTexts([]))).toBe(true);
  expect(sortedTexts([])).toBe(sortedTexts([]));
  expect(uniteTexts(texts, sortedTexts([]))).toBe(texts);
  expect(uniteTexts(sortedTexts([]), texts)).toBe(texts);
  expect(uniteTexts(texts, sortedTexts(["c", "a"]))).toEqual(["a", "b", "c"]);
  expect(keepTexts(texts, () => true)).toBe(texts);
  expect(keepTexts(texts, () => false)).toBe(sortedTexts([]));
  expect(keepTexts(texts, (text) => text === "b")).toEqual(["b"]);
});

test("searching a long list finds what is there and nothing else", () => {
  for (const length of [7, 8, 9, 10, 31, 64, 100]) {
    const texts = sortedTexts(Array.from({ length }, (_, index) => `k${String(index * 2).padStart(3, "0")}`));
    for (let i = -1; i <= length * 2; i++) {
      const text = `k${String(i).padStart(3, "0")}`;
      expect(includesText(texts, text), `${text} of ${length}`).toBe(texts.includes(text));
    }
  }
});

test("integers too large for a number are ordered by sign, then length, then digits", () => {
  const order = [MIN_INT64, "-1000000000000000000", "-9007199254740993", "-9007199254740992", -9007199254740991, -1, 0, 1, 9007199254740991, "9007199254740992", "9007199254740993", "1000000000000000000", MAX_INT64] as const;
  order.forEach((a, i) =>
    order.forEach((b, j) => {
      expect(Math.sign(compareInt64(a, b)), `${a} ${b}`).toBe(Math.sign(i - j));
      expect(atMost(a, b), `${a} ${b}`).toBe(i <= j);
    }),
  );
  expect(previousInt64(-9007199254740990)).toBe(-9007199254740991);
  expect(previousInt64(-9007199254740991)).toBe("-9007199254740992");
  expect(nextInt64("-9007199254740992")).toBe(-9007199254740991);
});

test("lists of any length meet exactly if they share a text", () => {
  const numbered = (from: number, count: number, step = 1) => sortedTexts(Array.from({ length: count }, (_, index) => `k${String(from + index * step).padStart(4, "0")}`));
  for (const count of [1, 2, 3, 4, 5, 20]) {
    for (const [from, step] of [[0, 1], [1, 2], [count - 1, 1], [count, 1], [500, 1], [0, 7]] as const) {
      const [a, b] = [numbered(0, count), numbered(from, 6, step)];
      expect(textsMeet(a, b), `${count} ${from} ${step}`).toBe(a.some((text) => b.includes(text)));
      expect(textsMeet(b, a), `${count} ${from} ${step}`).toBe(a.some((text) => b.includes(text)));
      expect(uniteTexts(a, b)).toEqual([...new Set([...a, ...b])].sort());
      for (const text of b) expect(includesText([...a], text)).toBe(a.includes(text));
    }
    expect(textsMeet(numbered(0, count), sortedTexts([]))).toBe(false);
    expect(textsMeet(sortedTexts([]), numbered(0, count))).toBe(false);
  }
});
