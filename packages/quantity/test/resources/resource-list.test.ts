import fc from "fast-check";
import { InputError } from "@groupless/api";
import { expect, test } from "vitest";
import { exceededBy, explain } from "../../src/resources/limit.ts";
import { fits, maxResources, mergeResources, minResources, subtractResources } from "../../src/resources/resource-list.ts";

test("P-045 lists are added resource by resource", () => {
  expect(mergeResources({ cpu: "500m" }, { cpu: "1", memory: "1Gi" }, {})).toEqual({ cpu: "1500m", memory: "1Gi" });
  expect(mergeResources()).toEqual({});
  expect(mergeResources({ cpu: "0.5" })).toEqual({ cpu: "500m" });
});

test("resources come out in name order, whatever order they went in", () => {
  expect(JSON.stringify(mergeResources({ pods: "1", cpu: "1" }, { memory: "1" }))).toBe('{"cpu":"1","memory":"1","pods":"1"}');
  expect(JSON.stringify(mergeResources({ memory: "1" }, { cpu: "1", pods: "1" }))).toBe('{"cpu":"1","memory":"1","pods":"1"}');
});

test("P-050 the most of any list, and the least of what all lists have", () => {
  const lists = [{ cpu: "1", memory: "2Gi" }, { cpu: "1500m", pods: "3" }, { cpu: "1200m", memory: "1Gi" }] as const;
  expect(maxResources(...lists)).toEqual({ cpu: "1500m", memory: "2Gi", pods: "3" });
  expect(minResources(...lists)).toEqual({ cpu: "1" });
  expect(minResources(lists[0], lists[2])).toEqual({ cpu: "1", memory: "1Gi" });
  expect(minResources(lists[2], lists[0])).toEqual({ cpu: "1", memory: "1Gi" });
  expect(minResources()).toEqual({});
  // Of equal amounts the first one's way of writing stays.
  expect(maxResources({ memory: "1Ki" }, { memory: "1024" })).toEqual({ memory: "1Ki" });
  expect(minResources({ memory: "1Ki" }, { memory: "1024" })).toEqual({ memory: "1Ki" });
});

test("what is left may be negative, and has the first list's resources only", () => {
  expect(subtractResources({ cpu: "1", memory: "1Gi" }, { cpu: "1500m", pods: "1" })).toEqual({ cpu: "-500m", memory: "1Gi" });
});

test("P-047 a request for nothing fits where there is none", () => {
  expect(fits({ "nvidia.com/gpu": "0" }, { cpu: "1" })).toBe(true);
  expect(fits({ "nvidia.com/gpu": "1" }, { cpu: "1" })).toBe(false);
  expect(fits({ "nvidia.com/gpu": "-1" }, { cpu: "1" })).toBe(true);
  expect(fits({ cpu: "1" }, { cpu: "1000m" })).toBe(true);
  expect(fits({ cpu: "1001m" }, { cpu: "1" })).toBe(false);
  expect(fits({}, {})).toBe(true);
});

test("nothing fits where anything is negative", () => {
  expect(fits({}, { memory: "-1" })).toBe(false);
  expect(fits({ cpu: "1" }, { cpu: "2", memory: "-1n" })).toBe(false);
  expect(fits({}, { memory: "-0" })).toBe(true);
});

test("limits hold for what they name, and are reported in name order", () => {
  expect(exceededBy({ cpu: "10", memory: "1Gi" }, { memory: "2Gi", cpu: "10001m", pods: "1k" })).toEqual([
    { code: "limit-exceeded", canResolve: true, resource: "cpu", usage: "10001m", limit: "10" },
    { code: "limit-exceeded", canResolve: true, resource: "memory", usage: "2Gi", limit: "1Gi" },
  ]);
  expect(exceededBy({ cpu: "1", memory: "1", pods: "1" }, { cpu: "2", memory: "2", pods: "2" }).map(({ resource }) => resource)).toEqual(["cpu", "memory", "pods"]);
  expect(exceededBy({ cpu: "10" }, { cpu: "10" })).toEqual([]);
  expect(exceededBy({ cpu: "10", memory: "1" }, { cpu: "11" }).map(explain)).toEqual(["cpu usage of 11 exceeds limit of 10"]);
});

test("a bad quantity is refused with the resource it stands at", () => {
  let thrown: unknown;
  try {
    mergeResources({ cpu: "1" }, { memory: "1GB" });
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(InputError);
  expect(thrown).toMatchObject({ code: "quantity-format", location: { path: "memory", column: 3 } });
  expect((thrown as Error).message).toMatch(/^memory: "1GB" is no quantity; expected digits, .*4096$/);
  expect((thrown as Error).message.split("expected")).toHaveLength(2);
  expect((thrown as Error).cause).toMatchObject({ name: "QuantityError" });
});

test("no resource name reaches a prototype", () => {
  const hostile = JSON.parse('{"__proto__": "1", "constructor": "2", "toString": "3"}') as Record<string, string>;
  const sum = mergeResources(hostile, hostile);
  expect(Object.keys(sum)).toEqual(["__proto__", "constructor", "toString"]);
  expect(JSON.stringify(sum)).toBe('{"__proto__":"2","constructor":"4","toString":"6"}');
  expect(({} as Record<string, unknown>)["cpu"]).toBeUndefined();
  expect(fits({ constructor: "1" } as never, {})).toBe(false);
  expect(exceededBy({}, { toString: "1" } as never)).toEqual([]);
});

test("absent lists are empty", () => {
  expect(mergeResources(null as never, undefined as never)).toEqual({});
});

const names = ["cpu", "memory", "pods"];
const list = fc.dictionary(fc.constantFrom(...names), fc.tuple(fc.integer({ min: 0, max: 40 }), fc.constantFrom("", "m", "Ki")).map((parts) => parts.join("")));

test("lists are an ordered monoid", () => {
  const runs = { numRuns: Number(process.env["LAWS_RUNS"] ?? 200) };
  fc.assert(
    fc.property(list, list, list, (a, b, c) => {
      expect(fits(mergeResources(a, b), mergeResources(b, a))).toBe(true);
      expect(mergeResources(mergeResources(a, b), c)).toEqual(mergeResources(a, mergeResources(b, c)));
      expect(mergeResources(a, {})).toEqual(mergeResources(a));
      expect(fits(a, maxResources(a, b))).toBe(true);
      expect(fits(minResources(a, b), a)).toBe(true);
      expect(fits(a, mergeResources(a, b))).toBe(true);
    }),
    runs,
  );
});
