import { expect, test } from "vitest";
import { dayOf, playDay } from "./day.ts";

test("a day is the same every time it is asked for", () => {
  expect(dayOf(1)).toEqual(dayOf(1));
  expect(dayOf(1)).not.toEqual(dayOf(2));
});

// It once ended with a daemon's pod that waited for a node long gone.
test("a generated day under the default policy breaks no invariant", async () => {
  const { wrongs, placements, commands, steps } = await playDay(124);
  expect(wrongs).toEqual([]);
  expect(Math.min(placements, commands, steps)).toBeGreaterThan(10);
}, 300_000);
