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

test.each([
  ["no cluster", undefined, 0, "cluster: missing; expected an object with nodePools, objects and instanceTypes"],
  ["no objects", { nodePools: [], instanceTypes: {} }, 0, "objects: missing; expected a list"],
  ["an object that is none", { nodePools: [], objects: [{}, null], instanceTypes: {} }, 0, "objects[1]: got null; expected a Kubernetes object"],
  ["no instance types", { nodePools: [], objects: [] }, 0, 'instanceTypes: missing; expected lists of instance types by NodePool name, "*" for every pool not named'],
  ["one type instead of a list", { nodePools: [], objects: [], instanceTypes: { a: {} } }, 0, 'instanceTypes["a"]: got {}; expected a list of instance types'],
  ["no time", { nodePools: [], objects: [], instanceTypes: {} }, Number.NaN, "nowMs: got NaN; expected the time as epoch milliseconds"],
])("callers without types are told what is missing: %s", (_name, cluster, nowMs, message) => {
  expect(() => prepare(cluster as never, { nowMs })).toThrow(message);
});

test("what is no preparation is not solved", () => {
  expect(() => prepare({ nodePools: [], objects: [], instanceTypes: {} }, undefined as never)).toThrow("nowMs: missing; expected the time");
  for (const none of [{}, undefined]) expect(() => solve(none as never)).toThrow("prepared: got no preparation; expected what prepare(cluster, { nowMs }) returns");
});
