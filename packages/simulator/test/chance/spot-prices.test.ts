import { expect, test } from "vitest";
import { spotPrices } from "../../src/chance/spot-prices.ts";
import { random } from "../../src/clock/random.ts";

const HOUR_MS = 3_600_000;
const pool = { instanceType: "m5.large", zone: "us-east-1a" };

test("prices that revert stay about what is listed, move every step, and are never dearer than on demand", () => {
  const prices = spotPrices({ kind: "mean-reverting", volatility: 0.1 }, random("1"), 0);
  const drawn = Array.from({ length: 5_000 }, (_, hour) => prices.price(pool, 1, 100, hour * HOUR_MS));
  expect(drawn[0]).toBe(1);
  expect(new Set(drawn).size).toBe(drawn.length);
  // A step of 0.1 and a tenth of the way back: the logarithm deviates by 0.1 / sqrt(1 - 0.81) = 0.229.
  const logs = drawn.map(Math.log);
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  expect(mean).toBeCloseTo(0, 1);
  expect(Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / logs.length)).toBeCloseTo(0.229, 1);
  const capped = spotPrices({ kind: "mean-reverting", volatility: 0.5 }, random("1"), 0);
  expect(Math.max(...Array.from({ length: 500 }, (_, hour) => capped.price(pool, 1, 1.2, hour * HOUR_MS)))).toBe(1.2);
});

test("a price hangs on seed, pool and time alone, not on who asked before", () => {
  const make = (seed: string): ReturnType<typeof spotPrices> => spotPrices({ kind: "mean-reverting", volatility: 0.1 }, random(seed), 0);
  const [often, once, other] = [make("1"), make("1"), make("2")];
  for (let hour = 0; hour < 48; hour += 1) often.price(pool, 1, 2, hour * HOUR_MS);
  expect(often.price(pool, 1, 2, 48 * HOUR_MS)).toBe(once.price(pool, 1, 2, 48 * HOUR_MS));
  expect(other.price(pool, 1, 2, 48 * HOUR_MS)).not.toBe(once.price(pool, 1, 2, 48 * HOUR_MS));
  expect([once.version(HOUR_MS - 1), once.version(HOUR_MS), once.nextMs(HOUR_MS), once.nextMs(-5)]).toEqual([0, 1, 2 * HOUR_MS, HOUR_MS]);
});

test("recorded prices hold from their moment on, listed ones before", () => {
  const points = [
    { atMs: 2_000, ...pool, usdPerHour: 0.03 },
    { atMs: 1_000, ...pool, usdPerHour: 0.05 },
  ];
  const prices = spotPrices({ kind: "recorded", points }, random("1"), 10_000);
  expect([10_000, 10_999, 11_000, 11_999, 12_000, 99_000].map((atMs) => prices.price(pool, 0.04, 1, atMs))).toEqual([0.04, 0.04, 0.05, 0.05, 0.03, 0.03]);
  expect(prices.price({ ...pool, zone: "us-east-1b" }, 0.04, 1, 99_000)).toBe(0.04);
  expect([prices.nextMs(0), prices.nextMs(11_000), prices.nextMs(12_000)]).toEqual([11_000, 12_000, undefined]);
  expect([prices.version(10_000), prices.version(11_000), prices.version(12_000)]).toEqual([0, 1, 2]);
});
