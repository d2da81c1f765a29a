import { expect, test } from "vitest";
import { chaosRun, type Mutation } from "./chaos-run.ts";
import { withoutClientToken, withoutDescribeBeforeRetry, withoutTagsOnCreate } from "./mutations.ts";

// `pnpm chaos` runs 10,000 of these.
const RUNS = Number(process.env["CHAOS_RUNS"] ?? 60);

test("whatever calls fail and whenever the process dies, each claim ends ready or with a reason, and every instance has one claim and its tags", { timeout: 600_000 }, async () => {
  let fired = 0;
  for (let seed = 1; seed <= RUNS; seed++) {
    const result = await chaosRun(seed);
    expect(result.violations, `seed ${seed}`).toEqual([]);
    fired += [...result.fired.values()].reduce((sum, count) => sum + count, 0);
  }
  expect(fired).toBeGreaterThan(RUNS);
});

/** The first seed at which something no longer holds. */
async function firstRed(mutation: Mutation, most: number): Promise<{ readonly seed: number; readonly violations: readonly string[] } | undefined> {
  for (let seed = 1; seed <= most; seed++) {
    const { violations } = await chaosRun(seed, mutation);
    if (violations.length > 0) return { seed, violations };
  }
  return undefined;
}

// Tests of the test: each of these is there because something goes wrong without it.
test.each([
  ["the client token, launches happen twice", withoutClientToken, /never used|leaked/],
  ["tags on create, instances are lost", withoutTagsOnCreate, /leaked|untagged|never used/],
  ["asking before a retry, launches happen twice or claims wait for ever", withoutDescribeBeforeRetry, /never used|leaked|neither ready/],
] as const)("without %s", { timeout: 600_000 }, async (_what, mutation, expected) => {
  const red = await firstRed(mutation, 400);
  expect(red?.violations.join("; ")).toMatch(expected);
});
