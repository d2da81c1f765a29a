import { expect, test } from "vitest";
import { apply, prepare, solve, whatIf } from "../src/index.ts";

test("a profile that is not built yet is refused, not answered by other rules", () => {
  const cluster = { nodePools: [], objects: [], instanceTypes: {} };
  expect(() => prepare(cluster, { nowMs: 0, profile: "exact" })).toThrow('profile: profile "exact" is not built yet; expected karpenter-1.14');
});

test("a what-if about a node that is not there is bad input, by either way of asking", () => {
  const cluster = { nodePools: [], objects: [], instanceTypes: {} };
  const prepared = prepare(cluster, { nowMs: 0 });
  const change = { removeNodes: ["n2"] };
  expect(() => whatIf(prepared, change)).toThrow("there is no node n2");
  expect(() => solve(prepare(apply(cluster, change), { nowMs: 0 }))).toThrow("there is no node n2");
});
