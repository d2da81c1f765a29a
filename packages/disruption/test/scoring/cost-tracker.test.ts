import type { NodeClaim } from "@groupless/api";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type CostTracker, EMPTY_TRACKER, repriceNodePool, trackedCost, trackNodeClaim, untrackNodeClaim, untrackNodePool } from "../../src/scoring/cost-tracker.ts";
import { catalog, instanceType, node } from "../cluster-fixture.ts";

const RUNS = { numRuns: Number(process.env["LAWS_RUNS"] ?? 200) };
const claim = (name: string, size = "large"): NodeClaim => node(name, { size })[1];
const types = (pool: string): typeof catalog | undefined => (pool === "default" ? catalog : undefined);
const add = (tracker: CostTracker, ...names: readonly string[]): CostTracker => names.reduce((before, name) => trackNodeClaim(before, claim(name), types).tracker, tracker);

test("P-179 D-100 counts every claim once, and takes it off again", () => {
  const two = add(EMPTY_TRACKER, "a", "b", "a");
  expect(trackedCost(two, "default")).toBeCloseTo(0.16, 12);
  const one = untrackNodeClaim(two, "claim-a").tracker;
  expect(trackedCost(one, "default")).toBeCloseTo(0.08, 12);
  expect(untrackNodeClaim(one, "claim-b").tracker).toEqual(EMPTY_TRACKER);
  expect(untrackNodeClaim(one, "unknown")).toEqual({ tracker: one, failed: false });
});

test("D-100 a claim of an unknown pool fails, one of an unknown type counts nothing, one without labels waits", () => {
  expect(trackNodeClaim(EMPTY_TRACKER, node("a", { pool: "gone" })[1], types)).toEqual({ tracker: EMPTY_TRACKER, failed: true });
  expect(trackedCost(trackNodeClaim(EMPTY_TRACKER, claim("a", "huge"), types).tracker, "default")).toBe(0);
  const bare = { ...claim("a"), metadata: { name: "a" } };
  expect(trackNodeClaim(EMPTY_TRACKER, bare, types)).toEqual({ tracker: EMPTY_TRACKER, failed: false });
});

test("D-100 prices are those of first sight until they are brought up to date; what is gone keeps its price", () => {
  const tracker = add(EMPTY_TRACKER, "a");
  expect(trackedCost(repriceNodePool(tracker, "default", [instanceType("large", { price: 1 })]), "default")).toBe(1);
  expect(trackedCost(repriceNodePool(tracker, "default", []), "default")).toBe(0.08);
  expect(untrackNodePool(tracker, "default")).toEqual(EMPTY_TRACKER);
});

test("whatever comes and goes, the cost is that of what is there", () => {
  const step = fc.record({ name: fc.constantFrom("a", "b", "c", "d"), size: fc.constantFrom("small", "large", "huge"), leave: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const there = new Map<string, string>();
      let tracker = EMPTY_TRACKER;
      for (const { name, size, leave } of steps) {
        if (leave) there.delete(name);
        else if (!there.has(name)) there.set(name, size);
        tracker = leave ? untrackNodeClaim(tracker, `claim-${name}`).tracker : trackNodeClaim(tracker, claim(name, size), types).tracker;
      }
      const expected = [...there.values()].reduce((sum, size) => sum + (size === "huge" ? 0 : size === "small" ? 0.02 : 0.08), 0);
      expect(trackedCost(tracker, "default")).toBeCloseTo(expected, 9);
      expect(Object.keys(tracker.claims).sort()).toEqual([...there.keys()].map((name) => `claim-${name}`).sort());
    }),
    RUNS,
  );
});
