import fc from "fast-check";
import { expect, test } from "vitest";
import { cronSchedule } from "../../src/budgets/cron-schedule.ts";

const RUNS = { numRuns: Number(process.env["LAWS_RUNS"] ?? 100) };
const next = (text: string, after: string): string | undefined => {
  const ms = cronSchedule(text).nextMs(Date.parse(after));
  return ms === undefined ? undefined : new Date(ms).toISOString();
};

test("D-126 descriptors, names, lists, ranges and steps are read", () => {
  expect(next("@monthly", "2026-08-20T12:34:56.789Z")).toBe("2026-09-01T00:00:00.000Z");
  expect(next("0 9 * JAN,feb Mon-Fri", "2026-08-20T00:00:00Z")).toBe("2027-01-01T09:00:00.000Z");
  expect(next("10/20 * * * *", "2026-08-20T00:11:00Z")).toBe("2026-08-20T00:30:00.000Z");
  expect(next("@every 90m", "2026-08-20T12:34:56.789Z")).toBe("2026-08-20T14:04:56.000Z");
});

test("the day fields are both needed if either is a star, otherwise one is enough", () => {
  expect(next("0 0 13 * *", "2026-08-01T00:00:00Z")).toBe("2026-08-13T00:00:00.000Z");
  expect(next("0 0 13 * fri", "2026-08-01T00:00:00Z")).toBe("2026-08-07T00:00:00.000Z");
  // A step takes the star's meaning away: days 1, 3, 5 … or any Friday.
  expect(next("0 0 */2 * fri", "2026-08-01T00:00:00Z")).toBe("2026-08-03T00:00:00.000Z");
});

test("nothing is found past the fifth year", () => {
  expect(next("0 0 29 2 *", "2096-03-01T00:00:00Z")).toBeUndefined();
  expect(next("0 0 31 2 *", "2026-01-01T00:00:00Z")).toBeUndefined();
});

test("D-124 errors are worded as robfig/cron words them", () => {
  const errors: Record<string, string> = {
    "@Daily": "unrecognized descriptor: @Daily",
    "@every x": 'failed to parse duration @every x: time: invalid duration "x"',
    "60 * * * *": "end of range (60) above maximum (59): 60",
    "5-1 * * * *": "beginning of range (5) beyond end of range (1): 5-1",
    "*/0 * * * *": "step of range should be a positive number: */0",
    "1/2/3 * * * *": "too many slashes: 1/2/3",
    "* * * * monday": 'failed to parse int from monday: strconv.Atoi: parsing "monday": invalid syntax',
    "TZ=Asia/Tokyo 0 0 * * *": "expected exactly 5 fields, found 6: [TZ=Asia/Tokyo 0 0 * * *]",
  };
  for (const [text, message] of Object.entries(errors)) expect(() => cronSchedule(text)).toThrow(message);
});

test("the next hit is the first minute after the moment that every field allows", () => {
  const values = (min: number, max: number): fc.Arbitrary<string> => fc.oneof(fc.constant("*"), fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 3 }).map((list) => list.join(",")));
  fc.assert(
    fc.property(fc.tuple(values(0, 59), values(0, 23), values(1, 28), values(1, 12), values(0, 6)), fc.integer({ min: 1.7e12, max: 1.9e12 }), (fields, afterMs) => {
      const hit = cronSchedule(fields.join(" ")).nextMs(afterMs) as number;
      const allows = (ms: number): boolean => {
        const date = new Date(ms);
        const [minute, hour, day, month, weekday] = [date.getUTCMinutes(), date.getUTCHours(), date.getUTCDate(), date.getUTCMonth() + 1, date.getUTCDay()].map((value, i) => fields[i] === "*" || (fields[i] as string).split(",").map(Number).includes(value));
        const days = fields[2] === "*" || fields[4] === "*" ? day && weekday : day || weekday;
        return minute === true && hour === true && month === true && days === true;
      };
      expect(hit).toBeGreaterThan(afterMs);
      expect(allows(hit)).toBe(true);
      for (let ms = Math.floor(afterMs / 60_000 + 1) * 60_000, i = 0; ms < hit && i < 300; ms += 60_000, i++) expect(allows(ms)).toBe(false);
    }),
    RUNS,
  );
});
