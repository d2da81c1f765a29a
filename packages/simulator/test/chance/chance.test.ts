import { expect, test } from "vitest";
import { chanceOf } from "../../src/chance/chance.ts";
import { random } from "../../src/clock/random.ts";

const START = { startMs: 0, clock: { nowMs: () => 0 } };

test("nothing is left to chance unless it is asked for", () => {
  const chance = chanceOf({}, random("1"), START);
  expect([chance.joinDelayMs(1000), chance.reclaimAfterMs(), chance.hasCapacity({ type: "m5.large", zone: "a", capacityType: "spot" }, 0)]).toEqual([1000, undefined, true]);
});

test("spot instances last an hour on average when one is taken back an hour", () => {
  const chance = chanceOf({ spotInterruptionsPerHour: 1 }, random("1"), START);
  const drawn = Array.from({ length: 4000 }, () => chance.reclaimAfterMs() ?? 0);
  expect(drawn.reduce((sum, ms) => sum + ms, 0) / drawn.length / 3_600_000).toBeCloseTo(1, 1);
});

test("about the share of pools asked for has no capacity, the same ones for ten minutes", () => {
  const chance = chanceOf({ withoutCapacity: 0.3 }, random("1"), START);
  const pools = Array.from({ length: 2000 }, (_, index) => ({ type: `m${index}.large`, zone: "a", capacityType: "spot" }));
  const at = (nowMs: number): readonly boolean[] => pools.map((pool) => chance.hasCapacity(pool, nowMs));
  expect(at(0).filter((has) => !has).length / pools.length).toBeCloseTo(0.3, 1);
  expect(at(599_999)).toEqual(at(0));
  expect(at(600_000)).not.toEqual(at(0));
});

test("nodes join within the jitter, on both sides of the usual", () => {
  const chance = chanceOf({ joinJitter: 0.5 }, random("1"), START);
  const drawn = Array.from({ length: 500 }, () => chance.joinDelayMs(1000));
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(500);
  expect(Math.max(...drawn)).toBeLessThanOrEqual(1500);
  expect(Math.min(...drawn)).toBeLessThan(700);
  expect(Math.max(...drawn)).toBeGreaterThan(1300);
});
