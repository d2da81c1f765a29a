import { InputError, type LabelSelector, matchesSelector, selectorProblem } from "@groupless/api";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const numRuns = Number(process.env["LAWS_RUNS"] ?? 300);
const key = fc.constantFrom("app", "tier", "zone");
const value = fc.constantFrom("a", "b", "");
const labels = fc.dictionary(key, value);
const expression = fc.oneof(
  fc.record({ key, operator: fc.constantFrom("In" as const, "NotIn" as const), values: fc.array(value, { minLength: 1, maxLength: 3 }) }),
  fc.record({ key, operator: fc.constantFrom("Exists" as const, "DoesNotExist" as const) }),
);

describe("a label selector", () => {
  test("that is absent selects nothing, an empty one everything", () => {
    fc.assert(
      fc.property(labels, (own) => {
        expect(matchesSelector(undefined, own)).toBe(false);
        expect(matchesSelector({}, own)).toBe(true);
      }),
      { numRuns },
    );
  });

  test("means the conjunction of its parts", () => {
    let matched = 0;
    fc.assert(
      fc.property(labels, labels, fc.array(expression, { maxLength: 3 }), (own, matchLabels, matchExpressions) => {
        const parts: LabelSelector[] = [...Object.entries(matchLabels).map(([name, text]) => ({ matchLabels: { [name]: text } })), ...matchExpressions.map((item) => ({ matchExpressions: [item] }))];
        const whole = matchesSelector({ matchLabels, matchExpressions }, own);
        if (whole) matched++;
        expect(whole).toBe(parts.every((part) => matchesSelector(part, own)));
      }),
      { numRuns, examples: [[{ app: "a" }, { app: "a" }, []]] },
    );
    expect(matched).toBeGreaterThan(0);
  });

  test("In and NotIn, Exists and DoesNotExist are each other's opposite", () => {
    fc.assert(
      fc.property(labels, key, fc.array(value, { minLength: 1 }), (own, name, values) => {
        const one = (operator: "In" | "NotIn" | "Exists" | "DoesNotExist", given: readonly string[] = []): boolean => matchesSelector({ matchExpressions: [{ key: name, operator, values: given }] }, own);
        expect(one("NotIn", values)).toBe(!one("In", values));
        expect(one("DoesNotExist")).toBe(!one("Exists"));
      }),
      { numRuns },
    );
  });

  test("is never fooled by names that every object inherits", () => {
    expect(matchesSelector({ matchExpressions: [{ key: "constructor", operator: "Exists" }] }, {})).toBe(false);
  });

  test.each<[string, LabelSelector]>([
    ["an unknown operator", { matchExpressions: [{ key: "a", operator: "Gt" as "In", values: ["1"] }] }],
    ["In without values", { matchExpressions: [{ key: "a", operator: "In", values: [] }] }],
    ["Exists with values", { matchExpressions: [{ key: "a", operator: "Exists", values: ["x"] }] }],
    ["a key of two slashes", { matchLabels: { "a/b/c": "x" } }],
    ["a value of 64 characters", { matchLabels: { a: "x".repeat(64) } }],
  ])("with %s has a problem", (_, selector) => {
    expect(selectorProblem(selector)).toBeInstanceOf(InputError);
  });

  test("that the API server would take has none", () => {
    expect(selectorProblem({ matchLabels: { "example.com/a": "" }, matchExpressions: [{ key: "b", operator: "NotIn", values: ["x"] }] })).toBeUndefined();
    expect(selectorProblem(undefined)).toBeUndefined();
  });
});
