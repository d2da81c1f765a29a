import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isExact, offsetInJson, quoteLongNumbers } from "../../src/read/json-text.ts";
import type { Path } from "../../src/read/json.ts";

const numRuns = Number(process.env["LAWS_RUNS"] ?? 300);

const json = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, fc.constantFrom(null, true, false, 0, -1.5, 12), fc.string(), fc.array(tie("value"), { maxLength: 3 }), fc.dictionary(fc.string({ maxLength: 3 }), tie("value"), { maxKeys: 3 })),
})).value;

function paths(value: unknown, at: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, item]) => paths(item, [...at, Array.isArray(value) ? Number(key) : key]))];
}

describe("places in JSON", () => {
  test("are where the value stands, for every path", () => {
    fc.assert(
      fc.property(json, fc.constantFrom(undefined, 1), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        for (const path of paths(value)) {
          const offset = offsetInJson(text, path);
          const last = path.at(-1);
          if (typeof last === "string") expect(text.startsWith(JSON.stringify(last), offset)).toBe(true);
          else {
            const item = path.reduce<unknown>((inner, part) => (inner as Record<string | number, unknown>)[part], value);
            expect(text.startsWith(JSON.stringify(item, null, indent)[0] as string, offset)).toBe(true);
          }
        }
      }),
      { numRuns },
    );
  });

  test("fall back to what encloses them", () => {
    expect(offsetInJson('{"a":{"b":1}}', ["a", "x", 3])).toBe(1);
    expect(offsetInJson("[1, 2]", [5])).toBe(0);
  });
});

describe("long numbers", () => {
  test("keep their digits as texts, and texts are left alone", () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.string(), (number, text) => {
        const [read, same] = JSON.parse(quoteLongNumbers(`[${number}, ${JSON.stringify(text)}]`)) as [unknown, unknown];
        expect(String(read)).toBe(String(number));
        expect(same).toBe(text);
      }),
      { numRuns },
    );
  });

  test.each([
    ["1e400", false],
    ["9007199254740993", false],
    ["0.1234567890123456789", false],
    ["0.1", true],
    ["-1.5e3", true],
    ["123456789012345", true],
  ])("%s is exact as a double: %s", (number, exact) => {
    expect(isExact(number)).toBe(exact);
  });
});
