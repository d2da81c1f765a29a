import { expect, test } from "vitest";
import { LARGEST_EXACT_POWER, POWERS_OF_10, dividedByPowerOf10, isMultiple, plus, powerOf10, times, timesPowerOf10, withoutTens } from "../../src/quantity/integer.ts";

test("integers are numbers while that is exact, and bigints beyond", () => {
  expect(plus(2 ** 53 - 2, 1)).toBe(2 ** 53 - 1);
  expect(plus(2 ** 53 - 1, 2)).toBe(9007199254740993n);
  expect(plus(9007199254740993n, -2)).toBe(2 ** 53 - 1);
  expect(times(2 ** 52, 2)).toBe(9007199254740992n);
  expect(times(94906267, 94906267)).toBe(9007199515875289n);
  expect(times(2 ** 26, 2 ** 26)).toBe(2 ** 52);
  expect(Object.is(times(0, -1), 0)).toBe(true);
});

test("powers of ten are exact in both forms", () => {
  expect(POWERS_OF_10).toHaveLength(LARGEST_EXACT_POWER + 1);
  POWERS_OF_10.forEach((power, exponent) => expect(BigInt(power)).toBe(10n ** BigInt(exponent)));
  expect(powerOf10(40)).toBe(10n ** 40n);
  expect(timesPowerOf10(-3, 0)).toBe(-3);
  expect(timesPowerOf10(3, 15)).toBe(3e15);
  expect(timesPowerOf10(3, 16)).toBe(3n * 10n ** 16n);
  expect(timesPowerOf10(3n * 10n ** 16n, 2)).toBe(3n * 10n ** 18n);
});

test("division moves what is not exact away from zero", () => {
  expect([25, 20, -20, -25].map((value) => dividedByPowerOf10(value, 1))).toEqual([3, 2, -2, -3]);
  expect(Object.is(dividedByPowerOf10(-0, 1), 0)).toBe(true);
  expect(dividedByPowerOf10(7, 0)).toBe(7);
  expect(dividedByPowerOf10(7, 20)).toBe(1);
  expect(dividedByPowerOf10(-7, 20)).toBe(-1);
  expect(dividedByPowerOf10(10n ** 20n + 1n, 1)).toBe(10n ** 19n + 1n);
  expect(dividedByPowerOf10(-(10n ** 20n) - 1n, 1)).toBe(-(10n ** 19n) - 1n);
  expect(dividedByPowerOf10(-(10n ** 20n), 1)).toBe(-(10n ** 19n));
});

test("factors are found in numbers and in bigints", () => {
  expect([24, 25, 24n * 10n ** 18n, 10n ** 18n + 1n].map((value) => isMultiple(value, 8))).toEqual([true, false, true, false]);
  expect(withoutTens(0)).toEqual({ rest: 0, tens: 0 });
  expect(withoutTens(12000)).toEqual({ rest: 12, tens: 3 });
  expect(withoutTens(12n * 10n ** 30n)).toEqual({ rest: 12, tens: 30 });
  expect(withoutTens(-120)).toEqual({ rest: -12, tens: 1 });
});
