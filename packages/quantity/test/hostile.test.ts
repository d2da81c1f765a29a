import fc from "fast-check";
import { InputError } from "@groupless/api";
import { expect, test } from "vitest";
import { mergeResources, parseQuantity, podRequests } from "../src/index.ts";
import { RUNS } from "./arbitrary-quantity.ts";

const corpus: readonly string[] = [
  "1e400", "1e-400", "1e4096", "1e4097", "1e99999999999999999999", "0x10", "NaN", "Infinity", "-Infinity", "-0", "-0.0", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
  "\ud800", "1\udfff", "\u0000", "1\u0000", "１", "١", "1\u200b", "__proto__", "constructor", "1e", "1E+", "0e0", "1__0", "1e1_0", "--", "+-", ".", "..", "1.", "Ki", "1KiKi",
  "9".repeat(4096), "0".repeat(4096), `0.${"0".repeat(4000)}1`, "1".repeat(1_000_000), "0".repeat(1_000_000), `${"1".repeat(1_000_000)}Ki`, "e".repeat(1_000_000), " ".repeat(100_000), `1e${"0".repeat(4000)}1`,
];

/** Every text is answered: with an amount that prints and reads back, or with an error that says where. */
function answered(text: string): void {
  try {
    const sum = mergeResources({ cpu: text }, { cpu: text });
    expect(mergeResources(sum)).toEqual(sum);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).location).toMatchObject({ path: "cpu", column: expect.any(Number) });
    expect((error as InputError).message.length).toBeLessThan(400);
  }
}

test.each(corpus.map((text) => [text.slice(0, 24), text] as const))("hostile text %j is answered", (_name, text) => {
  answered(text);
});

test("any text is answered", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 30 }), answered), RUNS);
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(..."0123456789.+-eEinumkKMGTP"), maxLength: 30 }), answered), RUNS);
});

test.each([1, Infinity, Number.NaN, -0, null, undefined, true, {}, [], ["1"], 10n, Symbol("1"), () => "1"])("%o is refused: it is no text", (value) => {
  expect(() => parseQuantity(value as string)).toThrow(InputError);
});

test("polluting keys change no prototype", () => {
  const pod = JSON.parse('{"spec":{"containers":[{"name":"__proto__","resources":{"requests":{"__proto__":"1","polluted":"1"}}}]},"status":{"containerStatuses":[{"name":"__proto__","resources":{"requests":{"__proto__":"2"}}}]}}');
  expect(JSON.stringify(podRequests(pod))).toBe('{"__proto__":"2","pods":"1","polluted":"1"}');
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});
