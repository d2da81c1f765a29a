import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allowedByBudget, budgetChangesMs, budgetIsActive, UNBOUNDED } from "../../src/budgets/budget.ts";

const RUNS = { numRuns: Number(process.env["LAWS_RUNS"] ?? 200) };
const at = (time: string): number => Date.parse(time);

describe("a budget's window", () => {
  const office = { nodes: "0", schedule: "0 9 * * mon-fri", duration: "8h" };

  test("D-126 D-127 holds from the hit to just before hit and duration, in UTC", () => {
    expect(budgetIsActive(office, at("2026-08-20T08:59:59.999Z"))).toBe(false);
    expect(budgetIsActive(office, at("2026-08-20T09:00:00Z"))).toBe(true);
    expect(budgetIsActive(office, at("2026-08-20T16:59:59Z"))).toBe(true);
    expect(budgetIsActive(office, at("2026-08-20T17:00:00Z"))).toBe(false);
    expect(budgetIsActive(office, at("2026-08-22T12:00:00Z"))).toBe(false);
    expect(budgetIsActive(office, at("2026-08-20T02:00:00-07:00"))).toBe(true);
  });

  test("D-127 without schedule and duration is always open", () => {
    expect(budgetIsActive({ nodes: "1" }, 0)).toBe(true);
  });

  test("D-127 a duration longer than the period is always open", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), (nowMs) => budgetIsActive({ nodes: "1", schedule: "@daily", duration: "25h" }, nowMs)),
      RUNS,
    );
  });

  test("a schedule that never hits leaves the window open, as in Karpenter", () => {
    expect(budgetIsActive({ nodes: "1", schedule: "0 0 31 2 *", duration: "1h" }, at("2026-08-20T00:00:00Z"))).toBe(true);
  });

  test("the next change is when it closes, or opens", () => {
    const iso = (ms: number | undefined): string => new Date(ms ?? 0).toISOString();
    expect(iso(budgetChangesMs(office, at("2026-08-20T12:00:00Z")))).toBe("2026-08-20T17:00:00.000Z");
    expect(iso(budgetChangesMs(office, at("2026-08-22T12:00:00Z")))).toBe("2026-08-24T09:00:00.000Z");
    expect(iso(budgetChangesMs({ nodes: "0", schedule: "0 8,9 * * *", duration: "2h" }, at("2026-08-20T08:30:00Z")))).toBe("2026-08-20T11:00:00.000Z");
    expect(budgetChangesMs({ nodes: "0" }, 0)).toBeUndefined();
    expect(budgetChangesMs({ nodes: "0", schedule: "@daily", duration: "48h" }, 0)).toBeUndefined();
  });

  test("just before its next change a budget is as it is now, and right after it is not", () => {
    const schedules = fc.constantFrom("@hourly", "0 9 * * mon-fri", "*/20 * * * *", "30 3 1,15 * *", "0 0 * * 0");
    const durations = fc.constantFrom("5m", "19m", "1h", "8h", "23h30m");
    fc.assert(
      fc.property(schedules, durations, fc.integer({ min: 1.5e12, max: 2e12 }), (schedule, duration, nowMs) => {
        const budget = { nodes: "0", schedule, duration };
        const changesMs = budgetChangesMs(budget, nowMs);
        if (changesMs === undefined) return;
        const now = budgetIsActive(budget, nowMs);
        expect(changesMs).toBeGreaterThan(nowMs);
        expect(budgetIsActive(budget, changesMs - 1)).toBe(now);
        expect(budgetIsActive(budget, changesMs)).toBe(!now);
      }),
      RUNS,
    );
  });
});

describe("a budget's amount", () => {
  const allowed = (nodes: string, pool: number): number => allowedByBudget({ nodes }, { nowMs: 0, nodes: pool });

  test("D-125 is a count, or a percentage of the pool rounded up", () => {
    expect(allowed("5", 2)).toBe(5);
    expect([1, 10, 11, 0].map((pool) => allowed("10%", pool))).toEqual([1, 1, 2, 0]);
    expect(allowed("5%", 10)).toBe(1);
  });

  test("D-122 is unbounded while the window is closed", () => {
    expect(allowedByBudget({ nodes: "0", schedule: "@yearly", duration: "1m" }, { nowMs: at("2026-06-01T00:00:00Z"), nodes: 10 })).toBe(UNBOUNDED);
  });

  test("D-124 cannot be read from other texts", () => {
    for (const nodes of ["", "%", "5 %", "1.5", "1.5%", "5%%", "9223372036854775808", "ten%"]) expect(() => allowed(nodes, 10)).toThrow(expect.objectContaining({ code: "invalid-nodes" }));
    expect(allowed("9223372036854775807", 10)).toBeGreaterThan(1e18);
  });

  test("D-124 a duration without schedule, or a bad schedule, is an error in the cron library's words", () => {
    expect(() => budgetIsActive({ nodes: "1", duration: "1h" }, 0)).toThrow("expected exactly 5 fields, found 0: []");
    expect(() => budgetIsActive({ nodes: "1", schedule: "* * * * 7", duration: "1h" }, 0)).toThrow("end of range (7) above maximum (6): 7");
  });

  test("a percentage never allows less than its share, nor a whole node more", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), fc.nat(5000), (percent, pool) => {
        const value = allowed(`${percent}%`, pool);
        expect(value * 100).toBeGreaterThanOrEqual(percent * pool);
        expect((value - 1) * 100).toBeLessThan(percent * pool || 1);
      }),
      RUNS,
    );
  });
});
