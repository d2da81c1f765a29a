import type { Budget } from "@groupless/api";
import fc from "fast-check";
import { expect, test } from "vitest";
import { allowedDisruptions } from "../../src/budgets/allowed-disruptions.ts";
import { UNBOUNDED } from "../../src/budgets/budget.ts";

const RUNS = { numRuns: Number(process.env["LAWS_RUNS"] ?? 200) };
const of = (budgets: readonly Budget[] | undefined, reason: string): number => allowedDisruptions(budgets, { reason, nowMs: Date.UTC(2026, 7, 20, 12), nodes: 100 }).allowed;

test("D-121 the least of the budgets for a reason counts, those for other reasons do not", () => {
  const budgets: Budget[] = [{ nodes: "10%" }, { nodes: "3", reasons: ["Drifted"] }, { nodes: "0", reasons: ["Empty"] }];
  expect(["Underutilized", "Drifted", "Empty"].map((reason) => of(budgets, reason))).toEqual([10, 3, 0]);
});

test("D-123 one active budget of 0 for all reasons closes the pool", () => {
  expect(of([{ nodes: "100%" }, { nodes: "0", schedule: "0 * * * *", duration: "30m" }], "Empty")).toBe(0);
});

test("D-122 a budget whose window is closed does not count", () => {
  expect(of([{ nodes: "7" }, { nodes: "0", schedule: "@yearly", duration: "1h" }], "Empty")).toBe(7);
});

test("D-124 one unreadable budget closes the pool for every reason, and says why", () => {
  const found = allowedDisruptions([{ nodes: "50%" }, { nodes: "x", reasons: ["Drifted"] }], { reason: "Empty", nowMs: 0, nodes: 100 });
  expect(found.allowed).toBe(0);
  expect(found.error?.code).toBe("invalid-nodes");
});

test("D-131 no budgets mean no bound; an empty list of reasons matches none", () => {
  expect(of([], "Empty")).toBe(UNBOUNDED);
  expect(of(undefined, "Empty")).toBe(UNBOUNDED);
  expect(of([{ nodes: "0", reasons: [] }], "Empty")).toBe(UNBOUNDED);
});

test("another budget never allows more", () => {
  const budget = fc.record({ nodes: fc.oneof(fc.nat(100).map(String), fc.nat(100).map((n) => `${n}%`)), reasons: fc.subarray<"Empty" | "Drifted" | "Underutilized">(["Empty", "Drifted", "Underutilized"]) });
  fc.assert(
    fc.property(fc.array(budget, { maxLength: 5 }), budget, fc.constantFrom("Empty", "Drifted", "Underutilized"), (budgets, more, reason) => {
      expect(of([...budgets, more], reason)).toBeLessThanOrEqual(of(budgets, reason));
    }),
    RUNS,
  );
});
