import fc from "fast-check";
import { test as vitest } from "vitest";

export { fc };

/** A law as a test: it holds for every generated value. `LAWS_RUNS` sets how many are tried. */
export function test<Value>(title: string, values: fc.Arbitrary<Value>, holds: (value: Value) => boolean): void {
  vitest(title, () => fc.assert(fc.property(values, holds), { numRuns: Number(process.env["LAWS_RUNS"] ?? 200) }));
}
