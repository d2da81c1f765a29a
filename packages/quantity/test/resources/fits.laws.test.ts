import fc from "fast-check";
import { expect, test } from "vitest";
import { fits, mergeResources, subtractResources } from "../../src/resources/resource-list.ts";
import { nanosOf } from "../arbitrary-quantity.ts";

const runs = { numRuns: Number(process.env["LAWS_RUNS"] ?? 300) };
const amount = fc.tuple(fc.constantFrom("", "", "", "-"), fc.integer({ min: 0, max: 6 }), fc.constantFrom("", "m", "Ki")).map((parts) => parts.join(""));
const list = fc.dictionary(fc.constantFrom("cpu", "memory", "nvidia.com/gpu"), amount);
const positive = fc.dictionary(fc.constantFrom("cpu", "memory", "nvidia.com/gpu"), amount.map((text) => text.replace("-", "")));

test("fits agrees with brute force over amounts in nanos", () => {
  fc.assert(
    fc.property(list, list, (candidate, total) => {
      const negative = Object.values(total).some((text) => nanosOf(text) < 0n);
      const room = (name: string) => nanosOf(total[name] ?? "0");
      expect(fits(candidate, total)).toBe(!negative && Object.entries(candidate).every(([name, text]) => nanosOf(text) <= room(name)));
    }),
    runs,
  );
});

test("fits is monotone: less asked and more there never stop fitting", () => {
  fc.assert(
    fc.property(list, list, positive, (candidate, total, more) => {
      fc.pre(fits(candidate, total));
      expect(fits(candidate, mergeResources(total, more))).toBe(true);
      expect(fits(subtractResources(candidate, more), total)).toBe(true);
    }),
    runs,
  );
});

test("what is taken and given back leaves all as it was", () => {
  fc.assert(
    fc.property(positive, positive, (from, take) => {
      const all = mergeResources(from, take);
      const back = subtractResources(all, take);
      for (const name of Object.keys(all)) expect(nanosOf(back[name] ?? "0")).toBe(nanosOf(from[name] ?? "0"));
    }),
    runs,
  );
});

test("fits is tried on both sides of its answer", () => {
  const pairs = fc.sample(fc.tuple(list, list), { numRuns: 1000, seed: 7 });
  const fitting = pairs.filter(([candidate, total]) => fits(candidate, total)).length / pairs.length;
  expect(fitting).toBeGreaterThan(0.15);
  expect(fitting).toBeLessThan(0.85);
});
