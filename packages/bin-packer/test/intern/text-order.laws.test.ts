import fc from "fast-check";
import { expect, test } from "vitest";
import { inTextOrder, sortedTexts } from "../../src/intern/text-order.ts";

const RUNS = Number(process.env["LAWS_RUNS"] ?? 200);
const text = fc.oneof(fc.string({ unit: "binary", maxLength: 8 }), fc.constantFrom("default/", "a").chain((start) => fc.nat(3000).map((number) => `${start}pod-${number}`)), fc.string({ unit: fc.constantFrom("a", "b", "~", "\u007f", "\u0100", "\ud83d"), maxLength: 9 }));

test("texts come in the order in which comparing puts them, alike ones as they came", () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 120 }), (texts) => {
      const items = texts.map((name, place) => ({ name, place }));
      const compared = [...items].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
      expect(inTextOrder(items, ({ name }) => name)).toEqual(compared);
      expect(sortedTexts([...texts])).toEqual(compared.map(({ name }) => name));
    }),
    { numRuns: RUNS },
  );
});
