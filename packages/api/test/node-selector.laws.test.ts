import { meetsNodeSelectorRequirement, type NodeSelectorRequirement } from "@groupless/api";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const numRuns = Number(process.env["LAWS_RUNS"] ?? 300);
const KEY = "example.com/generation";
const integer = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const ask = (value: string | undefined, operator: NodeSelectorRequirement["operator"], ...values: string[]): boolean =>
  meetsNodeSelectorRequirement(value === undefined ? {} : { [KEY]: value }, { key: KEY, operator, values });

describe("a node selector's requirement", () => {
  test("an absent label meets NotIn and DoesNotExist and nothing else", () => {
    expect((["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt", "Gte", "Lte"] as const).filter((operator) => ask(undefined, operator, "1"))).toEqual(["NotIn", "DoesNotExist"]);
    expect(meetsNodeSelectorRequirement(undefined, { key: KEY, operator: "DoesNotExist" })).toBe(true);
  });

  test("compares whole numbers exactly, as int64 and not as float", () => {
    fc.assert(
      fc.property(integer, fc.oneof(integer, fc.constantFrom(-1n, 0n, 1n)), (value, other) => {
        const bound = other >= -1n && other <= 1n ? value + other : other;
        const [text, limit] = [String(value), String(bound)];
        expect([ask(text, "Gt", limit), ask(text, "Lt", limit), ask(text, "Gte", limit), ask(text, "Lte", limit)]).toEqual([value > bound, value < bound, value >= bound, value <= bound]);
      }),
      { numRuns, examples: [[9007199254740993n, -1n]] },
    );
  });

  test.each(["", "1.5", "1e3", "0x10", "seven", " 7"])("%j is no number to be compared", (text) => {
    for (const operator of ["Gt", "Lt", "Gte", "Lte"] as const) {
      expect(ask(text, operator, "0")).toBe(false);
      expect(ask("7", operator, text)).toBe(false);
    }
  });

  test("a label by the name of an inherited property is absent", () => {
    expect(meetsNodeSelectorRequirement({}, { key: "constructor", operator: "Exists" })).toBe(false);
  });
});
