import { expect, test } from "vitest";
import { compareQuantities, maxQuantity, minQuantity } from "../../src/quantity/compare.ts";
import { parseQuantity } from "../../src/quantity/parse.ts";
import { quantityOf } from "../../src/quantity/quantity.ts";

const at = (mantissa: number | bigint, exponent: number) => quantityOf(mantissa, exponent, "DecimalSI");
const both = (a: ReturnType<typeof at>, b: ReturnType<typeof at>) => [compareQuantities(a, b), compareQuantities(b, a)];

test("amounts at different scales compare as what they are, rounded nowhere", () => {
  expect(both(at(1, 3), at(1000, 0))).toEqual([0, 0]);
  expect(both(at(1, 3), at(1001, 0))).toEqual([-1, 1]);
  expect(both(at(-1, 3), at(-1001, 0))).toEqual([1, -1]);
  expect(both(at(2 ** 53 - 1, 1), at(2 ** 53 - 1, 0))).toEqual([1, -1]);
  expect(both(at(2 ** 53 - 1, 1), at(90071992547409911n, 0))).toEqual([-1, 1]);
  expect(both(at(2 ** 53 - 1, 1), at(90071992547409910n, 0))).toEqual([0, 0]);
});

test("the scales may lie as far apart as they like", () => {
  for (const shift of [15, 16, 20, 21, 22, 23, 40, 400]) {
    expect(both(at(1, shift), at(2, 0)), `${shift}`).toEqual([1, -1]);
    expect(both(at(-1, shift), at(2, 0)), `${shift}`).toEqual([-1, 1]);
    expect(both(at(1, shift), at(10n ** BigInt(shift), 0)), `${shift}`).toEqual([0, 0]);
    expect(both(at(1, shift), at(10n ** BigInt(shift) + 1n, 0)), `${shift}`).toEqual([-1, 1]);
    expect(both(at(0, shift), at(0, 0)), `${shift}`).toEqual([0, 0]);
  }
});

test("amounts beyond 2^53 compare with small ones and with one another", () => {
  expect(both(at(2n ** 60n, 3), at(1, 0))).toEqual([1, -1]);
  expect(both(at(1, 3), at(2n ** 60n, 0))).toEqual([-1, 1]);
  expect(both(at(2n ** 60n, 1), at(2n ** 60n * 10n, 0))).toEqual([0, 0]);
  expect(both(at(2n ** 60n, 0), at(2n ** 60n + 1n, 0))).toEqual([-1, 1]);
});

test("of equal amounts the first is both the larger and the smaller", () => {
  const [kilo, thousand] = [parseQuantity("1k"), parseQuantity("1000")];
  expect(maxQuantity(kilo, thousand)).toBe(kilo);
  expect(minQuantity(kilo, thousand)).toBe(kilo);
  expect(maxQuantity(kilo, parseQuantity("1001"))).toEqual(parseQuantity("1001"));
  expect(minQuantity(kilo, parseQuantity("999"))).toEqual(parseQuantity("999"));
});
