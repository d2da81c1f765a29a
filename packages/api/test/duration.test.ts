import fc from "fast-check";
import { expect, test } from "vitest";
import { durationMs, durationOrNeverMs } from "../src/duration.ts";

const RUNS = { numRuns: Number(process.env["LAWS_RUNS"] ?? 200) };

test("a duration is the sum of its parts", () => {
  expect(durationMs("1h30m")).toBe(5_400_000);
  expect(durationMs("720h")).toBe(2_592_000_000);
  expect(durationMs("-1.5s")).toBe(-1500);
  expect(durationMs("1us")).toBe(0.001);
  expect(durationMs("0")).toBe(0);
});

test("bad durations are refused in Go's words", () => {
  expect(() => durationMs("true")).toThrow('time: invalid duration "true"');
  expect(() => durationMs("5")).toThrow('time: missing unit in duration "5"');
  expect(() => durationMs("5 m")).toThrow('time: unknown unit " m" in duration "5 m"');
  expect(() => durationMs("1d")).toThrow('time: unknown unit "d" in duration "1d"');
  expect(() => durationMs("9999999999h")).toThrow("invalid duration");
});

test("Never and absence have no length", () => {
  expect(durationOrNeverMs("Never")).toBeUndefined();
  expect(durationOrNeverMs(undefined)).toBeUndefined();
  expect(durationOrNeverMs("0s")).toBe(0);
});

test("hours, minutes and seconds add up", () => {
  fc.assert(
    fc.property(fc.nat(100_000), fc.nat(1000), fc.nat(1000), (h, m, s) => {
      expect(durationMs(`${h}h${m}m${s}s`)).toBe(((h * 60 + m) * 60 + s) * 1000);
    }),
    RUNS,
  );
});
