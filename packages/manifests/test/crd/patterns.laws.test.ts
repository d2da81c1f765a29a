import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EVICTION_SIGNAL, PRICE_ADJUSTMENT, SCHEDULE, VOLUME_SIZE } from "../../src/crd/patterns.ts";

const numRuns = Number(process.env["LAWS_RUNS"] ?? 500);

// The definitions' expressions as they stand there: right on short texts, and too slow on long ones.
const ORIGINAL: Readonly<Record<string, RegExp>> = {
  schedule: /^(@(annually|yearly|monthly|weekly|daily|midnight|hourly))|(([^\n]+)[\t\n\f\r ]([^\n]+)[\t\n\f\r ]([^\n]+)[\t\n\f\r ]([^\n]+)[\t\n\f\r ]([^\n]+))$/,
  adjustment: /^(([+-]{1}(\d*\.?\d+))|(\+{1}\d*\.?\d+%)|(^(-\d{1,2}(\.\d+)?%)$)|(-100%))$/,
  size: /^((?:[1-9][0-9]{0,3}|[1-4][0-9]{4}|[5][0-8][0-9]{3}|59000)Gi|(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|[6][0-3][0-9]{3}|64000)G|([1-9]||[1-5][0-7]|58)Ti|([1-9]||[1-5][0-9]|6[0-3]|64)T)$/,
  signal: /^((\d{1,2}(\.\d{1,2})?|100(\.0{1,2})?)%||(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?)$/,
};

describe("the patterns that were rewritten to take linear time", () => {
  test("a schedule accepts what the definition's expression accepts", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", " ", "\t", "\n", "*", "@daily", "@d"), maxLength: 14 }), (text) => {
        expect(SCHEDULE.test(text)).toBe((ORIGINAL["schedule"] as RegExp).test(text));
      }),
      { numRuns, examples: [["0 0 * * *"], ["a b c d"], ["x\n1 2 3 4 5"], ["1 2 3 4 5\n"], ["     "], ["          "]] },
    );
  });

  test("a price adjustment does", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("+", "-", ".", "%", "0", "1", "9"), maxLength: 7 }), (text) => {
        expect(PRICE_ADJUSTMENT.test(text)).toBe((ORIGINAL["adjustment"] as RegExp).test(text));
      }),
      { numRuns, examples: [["-100%"], ["+.5%"], ["-99.99%"], ["+5."]] },
    );
  });

  test("a volume size does, for every number", () => {
    for (const unit of ["Gi", "G", "Ti", "T", "Mi", ""]) for (const number of ["", "0", "07", ...Array.from({ length: 66_000 }, (_, i) => String(i))]) if (VOLUME_SIZE.test(number + unit) !== (ORIGINAL["size"] as RegExp).test(number + unit)) throw new Error(number + unit);
    expect(VOLUME_SIZE.test("58Ti")).toBe(true);
  });

  test("an eviction signal does", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("+", "-", ".", "%", "0", "1", "9", "Mi", "e", "k", "100"), maxLength: 6 }), (text) => {
        expect(EVICTION_SIGNAL.test(text)).toBe((ORIGINAL["signal"] as RegExp).test(text));
      }),
      { numRuns, examples: [[""], ["100.00%"], ["5%"], ["1e3"]] },
    );
  });
});
