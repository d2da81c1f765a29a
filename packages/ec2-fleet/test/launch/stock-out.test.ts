import fc from "fast-check";
import { expect, test } from "vitest";
import { isUnavailable } from "@groupless/catalog";
import { FIXED_BACK_OFF, GROWING_BACK_OFF, NOTHING_OUT_OF_STOCK, rememberStockOuts } from "@groupless/ec2-fleet";

const pool = { instanceType: "m5.large", zone: "us-west-2a", capacityType: "spot" };
const MINUTE = 60_000;

test("A-078 a stock-out is remembered for three minutes and extended when seen again", () => {
  const once = rememberStockOuts(NOTHING_OUT_OF_STOCK, { pools: [pool] }, 0);
  expect([0, 3 * MINUTE, 3 * MINUTE + 1].map((nowMs) => isUnavailable(once.marks, pool, [], nowMs))).toEqual([true, true, false]);
  const again = rememberStockOuts(once, { pools: [pool] }, 2 * MINUTE);
  expect(isUnavailable(again.marks, pool, [], 5 * MINUTE)).toBe(true);
  expect(isUnavailable(again.marks, { ...pool, capacityType: "on-demand" }, [], 0)).toBe(false);
});

test("stock-outs in a row are remembered longer each time, up to an hour, and a quiet spell starts anew", () => {
  let memory = NOTHING_OUT_OF_STOCK;
  let nowMs = 0;
  const lengths: number[] = [];
  for (let n = 0; n < 7; n++) {
    memory = rememberStockOuts(memory, { pools: [pool] }, nowMs, GROWING_BACK_OFF);
    const untilMs = Object.values(memory.marks.offerings)[0] ?? 0;
    lengths.push((untilMs - nowMs) / MINUTE);
    nowMs = untilMs + 1;
  }
  expect(lengths).toEqual([3, 6, 12, 24, 48, 60, 60]);
  const later = rememberStockOuts(memory, { pools: [pool] }, nowMs + 2 * 60 * MINUTE, GROWING_BACK_OFF);
  expect((Object.values(later.marks.offerings)[0] ?? 0) - nowMs - 2 * 60 * MINUTE).toBe(3 * MINUTE);
});

test("the memory is plain data, and never shorter than Karpenter's", () => {
  const step = fc.record({ afterMs: fc.integer({ min: 0, max: 30 * MINUTE }), zone: fc.constantFrom("a", "b") });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      let [growing, fixed, nowMs] = [NOTHING_OUT_OF_STOCK, NOTHING_OUT_OF_STOCK, 0];
      for (const { afterMs, zone } of steps) {
        nowMs += afterMs;
        growing = rememberStockOuts(growing, { pools: [{ ...pool, zone }] }, nowMs, GROWING_BACK_OFF);
        fixed = rememberStockOuts(fixed, { pools: [{ ...pool, zone }] }, nowMs, FIXED_BACK_OFF);
        expect(JSON.parse(JSON.stringify(growing))).toEqual(growing);
        for (const key of Object.keys(fixed.marks.offerings)) expect(growing.marks.offerings[key]).toBeGreaterThanOrEqual(fixed.marks.offerings[key] ?? 0);
      }
    }),
    { numRuns: Number(process.env["LAWS_RUNS"] ?? 100) },
  );
});
