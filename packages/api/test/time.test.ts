import { InputError, timeMs, timeText } from "@groupless/api";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const numRuns = Number(process.env["LAWS_RUNS"] ?? 300);

describe("timeMs", () => {
  test("reads what timeText writes, to the second", () => {
    fc.assert(
      fc.property(fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }), (ms) => {
        expect(timeMs(timeText(ms))).toBe(Math.floor(ms / 1000) * 1000);
      }),
      { numRuns },
    );
  });

  test("reads offsets and fractions", () => {
    expect(timeMs("2026-08-20T14:00:00.25+02:00")).toBe(timeMs("2026-08-20T12:00:00Z") + 250);
  });

  test.each(["", "2026-08-20", "2026-02-30T00:00:00Z", "2026-08-20T24:00:00Z", "2026-08-20 12:00:00Z", "2026-08-20T12:00:00", "x".repeat(1_000_000)])("refuses %#", (text) => {
    expect(() => timeMs(text)).toThrow(InputError);
  });
});
