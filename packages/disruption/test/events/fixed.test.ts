import fc from "fast-check";
import { expect, test } from "vitest";
import { fixed } from "../../src/events/fixed.ts";

test("ties go to the even digit, as in Go", () => {
  expect([0.125, 0.375, -0.125, 2.5, 1.005, 10.235].map((value) => fixed(value, value === 2.5 ? 0 : 2))).toEqual(["0.12", "0.38", "-0.12", "2", "1.00", "10.23"]);
  expect([0.25, 0.75, 93.75].map((value) => fixed(value, 1))).toEqual(["0.2", "0.8", "93.8"]);
  expect([Infinity, -Infinity, NaN].map((value) => fixed(value, 2))).toEqual(["+Inf", "-Inf", "NaN"]);
});

test("no other text of so many digits is nearer", () => {
  fc.assert(
    fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.integer({ min: 0, max: 4 }), (value, decimals) => {
      expect(Math.abs(Number(fixed(value, decimals)) - value)).toBeLessThanOrEqual(0.5000001 * 10 ** -decimals);
    }),
    { numRuns: Number(process.env["LAWS_RUNS"] ?? 200) },
  );
});
