import { expect, test } from "vitest";
import { apply, prepare, solve, update, whatIf } from "../src/index.ts";

const EMPTY = prepare({ nodePools: [], objects: [], instanceTypes: {} }, { nowMs: 0 });

test("a profile that does not exist is refused, not answered by other rules", () => {
  const cluster = { nodePools: [], objects: [], instanceTypes: {} };
  expect(() => prepare(cluster, { nowMs: 0, profile: "karpenter-0.37" as never })).toThrow('profile: got "karpenter-0.37"; expected karpenter-1.14 or exact');
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
  ["one type instead of a list", { nodePools: [], objects: [], instanceTypes: { a: {} } }, 0, 'instanceTypes["a"]: got an object with no fields; expected a list of instance types'],
  ["no time", { nodePools: [], objects: [], instanceTypes: {} }, Number.NaN, "nowMs: got NaN; expected the time as epoch milliseconds"],
])("callers without types are told what is missing: %s", (_name, cluster, nowMs, message) => {
  expect(() => prepare(cluster as never, { nowMs })).toThrow(message);
});

test("what is no preparation is not solved", () => {
  expect(() => prepare({ nodePools: [], objects: [], instanceTypes: {} }, undefined as never)).toThrow("nowMs: missing; expected the time");
  for (const ask of [solve, (none: never) => whatIf(none, {}), (none: never) => update(none, [], { nowMs: 0 })]) {
    expect(() => ask({} as never)).toThrow("prepared: got an object with no fields; expected what prepare(cluster, { nowMs }) returns");
    expect(() => ask(undefined as never)).toThrow("prepared: missing; expected what prepare(cluster, { nowMs }) returns");
  }
});

test.each([
  ["a policy there is not", () => prepare({ nodePools: [], objects: [], instanceTypes: {}, options: { preferencePolicy: "ignore" } } as never, { nowMs: 0 }), 'options.preferencePolicy: got "ignore"; expected Respect or Ignore'],
  ["an objective there is not", () => solve(EMPTY, { objective: "cheap" } as never), 'objective: got "cheap"; expected first-fit or cheapest'],
  ["no change", () => whatIf(EMPTY, undefined as never), "change: missing; expected an object with any of removeNodes"],
  ["a misspelt change", () => whatIf(EMPTY, { removeNode: ["a"] } as never), 'change: got "removeNode"; expected removeNodes, removePods'],
  ["a change that is no list", () => whatIf(EMPTY, { removeNodes: "a" } as never), 'removeNodes: got "a"; expected a list'],
  ["a price without a price", () => whatIf(EMPTY, { prices: [{ requirements: [] }] }), "prices[0]: got an object with requirements; expected either priceUsdPerHour or factor"],
  ["a price below nothing", () => whatIf(EMPTY, { prices: [{ requirements: [], factor: -1 }] }), "prices[0].factor: got -1; expected a number that is not negative"],
  ["no messages", () => update(EMPTY, {} as never, { nowMs: 0 }), "events: got an object with no fields; expected a list of { type, object }"],
  ["an object instead of a message", () => update(EMPTY, [{ kind: "Pod" }] as never, { nowMs: 0 }), "events[0]: got an object with kind; expected { type, object }"],
  ["a message of no known type", () => update(EMPTY, [{ type: "added", object: {} }] as never, { nowMs: 0 }), 'events[0].type: got "added"; expected ADDED or MODIFIED or DELETED'],
  ["no time at an update", () => update(EMPTY, [], undefined as never), "nowMs: missing; expected the time as epoch milliseconds"],
])("a question nobody can answer is refused, not answered as another: %s", (_name, ask, message) => {
  expect(ask).toThrow(message);
});
