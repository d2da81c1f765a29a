import { InputError, type NodeSelectorRequirementWithMinValues, type Operator } from "@groupless/api";
import fc from "fast-check";
import { expect, test } from "vitest";
import { compatible, explain, fromLabels, has, hostPortsOf, incompatibilities, intersect, ipText, isEmpty, labelKeyErrors, labelValueErrors, requirements, tolerates } from "../src/index.ts";
import { anyValue, compatibilityProblems, explain as explainKarpenter, fromSelectorRequirements, intersection, isCompatible, requirementOf, requirementText, validateRequirement } from "../src/karpenter/index.ts";
import { OPERATORS, RUNS } from "./arbitrary-requirement.ts";

const texts: readonly string[] = [
  "1e400", "0x10", "NaN", "-0", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "__proto__", "constructor", "hasOwnProperty", "\ud800", "a\udfff", "\u0000", "\u202e", "",
  "v".repeat(1_000_000), "9".repeat(1_000_000), "0".repeat(1_000_000), `${"a".repeat(1_000_000)}!`, `${"a.".repeat(500_000)}!`, "-".repeat(1_000_000), "/".repeat(1_000_000), ":".repeat(1_000_000),
];

/** Everything that takes a text gives an answer, in time that does not explode. */
function answered(text: string): void {
  labelKeyErrors(text);
  labelValueErrors(text);
  ipText(text);
  hostPortsOf({ spec: { containers: [{ name: "c", ports: [{ hostPort: 1, hostIP: text }] }] } });
  tolerates([{ key: text, value: text, effect: "NoSchedule" }], [{ key: text, operator: "Gt", value: text }]);
  for (const operator of OPERATORS) {
    const requirement: NodeSelectorRequirementWithMinValues = { key: text, operator, values: [text] };
    const labels = fromLabels({ [text]: text });
    expect(compatible(labels, requirements([requirement]))).toBe(incompatibilities(labels, requirements([requirement])).map(explain).length === 0);
    expect(has(labels, text, text)).toBe(true);
    expect(isEmpty(intersect(labels, requirements([{ key: text, operator: "NotIn", values: [text] }])))).toBe(true);
    validateRequirement(requirement);
    const built = requirementOf(requirement);
    requirementText(intersection(built, built));
    anyValue(built);
    const [one, other] = [fromSelectorRequirements([requirement]), fromSelectorRequirements([{ key: text, operator: "In", values: ["x"] }])];
    expect(isCompatible(one, other)).toBe(compatibilityProblems(one, other).map(explainKarpenter).length === 0);
  }
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
}

test.each(texts.map((text) => [text.slice(0, 24), text] as const))("hostile text %j is answered", (_name, text) => {
  answered(text);
});

test("any text is answered", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 20 }), answered), RUNS);
});

test.each(["", "in", "IN", "Equals", "__proto__", "constructor", null, 1])("operator %o is refused", (operator) => {
  expect(() => requirements([{ key: "k", operator: operator as Operator, values: ["1"] }])).toThrow(InputError);
  expect(() => fromSelectorRequirements([{ key: "k", operator: operator as Operator, values: ["1"] }])).toThrow(InputError);
});

test("an odd key stays a key", () => {
  const polluted = requirements(JSON.parse('[{"key":"__proto__","operator":"In","values":["polluted"]}]'));
  expect(Object.keys(polluted)).toEqual(["__proto__"]);
  expect(has(polluted, "__proto__", "polluted")).toBe(true);
  expect(Object.keys(intersect(polluted, polluted))).toEqual(["__proto__"]);
  expect(JSON.stringify(polluted)).toContain('"__proto__"');
});
