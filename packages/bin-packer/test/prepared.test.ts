import { expect, test } from "vitest";
import { apply, prepare, solve, update, whatIf } from "../src/index.ts";

test("a profile that does not exist is refused, not answered by other rules", () => {
  const cluster = { nodePools: [], objects: [], instanceTypes: {} };
  expect(() => prepare(cluster, { nowMs: 0, profile: "karpenter-0.37" as never })).toThrow('profile: there is no profile "karpenter-0.37"; expected karpenter-1.14 or exact');
});

test("whatever a preparation is asked and made into, its profile stays", () => {
  const cluster = { nodePools: [], objects: [], instanceTypes: {} };
  const prepared = prepare(cluster, { nowMs: 0, profile: "exact" });
  expect(update(prepared, [], { nowMs: 1 }).profile).toBe("exact");
  expect(solve({ ...prepared })).toEqual(solve(prepared));
});

test("a what-if about a node that is not there is bad input, by either way of asking", () => {
  const cluster = { nodePools: [], objects: [], instanceTypes: {} };
  const prepared = prepare(cluster, { nowMs: 0 });
  const change = { removeNodes: ["n2"] };
  expect(() => whatIf(prepared, change)).toThrow("there is no node n2");
  expect(() => solve(prepare(apply(cluster, change), { nowMs: 0 }))).toThrow("there is no node n2");
});
