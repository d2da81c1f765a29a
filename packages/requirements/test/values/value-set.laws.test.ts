import fc from "fast-check";
import { expect, test } from "vitest";
import { ABSENT, ANYTHING, EMPTY, PRESENT, type ValueSet, complementOf, equalSets, hasValue, implies, intersectValues, isEmptySet, membersOf, setOf, subtractValues, uniteValues, valuesMeet } from "../../src/values/value-set.ts";
import { valuesOf } from "../../src/requirements/requirement.ts";
import { RUNS, accepts, requirementArbitrary, universe } from "../arbitrary-requirement.ts";

const one = requirementArbitrary();
const read = (requirement: Parameters<typeof valuesOf>[0]): ValueSet => valuesOf(requirement);

/** Sets that only several operations reach. */
const set: fc.Arbitrary<ValueSet> = fc.letrec<{ set: ValueSet }>((tie) => ({
  set: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    one.map(read),
    tie("set").map(complementOf),
    fc.tuple(tie("set"), tie("set")).map(([a, b]) => intersectValues(a, b)),
    fc.tuple(tie("set"), tie("set")).map(([a, b]) => uniteValues(a, b)),
  ),
})).set;

test("P-001 P-003 each operator holds what the API says, over every value that could tell", () => {
  fc.assert(
    fc.property(one, one, (a, b) => {
      const values = read(a);
      expect(universe(a, b).filter((candidate) => hasValue(values, candidate) !== accepts(a, candidate))).toEqual([]);
    }),
    RUNS,
  );
});

test("an intersection is empty exactly if no value or absence satisfies both", () => {
  fc.assert(
    fc.property(one, one, one, (a, b, c) => {
      const all = universe(a, b, c);
      const two = intersectValues(read(a), read(b));
      expect(isEmptySet(two)).toBe(!all.some((candidate) => accepts(a, candidate) && accepts(b, candidate)));
      expect(valuesMeet(read(a), read(b))).toBe(!isEmptySet(two));
      const three = intersectValues(two, read(c));
      expect(all.filter((candidate) => hasValue(three, candidate) !== (accepts(a, candidate) && accepts(b, candidate) && accepts(c, candidate)))).toEqual([]);
    }),
    RUNS,
  );
});

test("union, complement and difference hold what their names say", () => {
  fc.assert(
    fc.property(one, one, (a, b) => {
      const [left, right] = [read(a), read(b)];
      const all = universe(a, b);
      const differing = (set: ValueSet, wanted: (candidate: string | undefined) => boolean) => all.filter((candidate) => hasValue(set, candidate) !== wanted(candidate));
      expect(differing(uniteValues(left, right), (candidate) => accepts(a, candidate) || accepts(b, candidate))).toEqual([]);
      expect(differing(complementOf(left), (candidate) => !accepts(a, candidate))).toEqual([]);
      expect(differing(subtractValues(left, right), (candidate) => accepts(a, candidate) && !accepts(b, candidate))).toEqual([]);
    }),
    RUNS,
  );
});

test("implication is the subset relation", () => {
  fc.assert(
    fc.property(one, one, (a, b) => {
      expect(implies(read(a), read(b))).toBe(universe(a, b).every((candidate) => !accepts(a, candidate) || accepts(b, candidate)));
    }),
    RUNS,
  );
});

test("value sets are a lattice: commutative, associative, idempotent, absorbing", () => {
  fc.assert(
    fc.property(set, set, set, (a, b, c) => {
      expect(intersectValues(a, b)).toEqual(intersectValues(b, a));
      expect(uniteValues(a, b)).toEqual(uniteValues(b, a));
      expect(intersectValues(intersectValues(a, b), c)).toEqual(intersectValues(a, intersectValues(b, c)));
      expect(uniteValues(uniteValues(a, b), c)).toEqual(uniteValues(a, uniteValues(b, c)));
      expect(intersectValues(a, a)).toEqual(a);
      expect(uniteValues(a, a)).toEqual(a);
      expect(uniteValues(a, intersectValues(a, b))).toEqual(a);
      expect(intersectValues(a, uniteValues(a, b))).toEqual(a);
      expect(intersectValues(a, uniteValues(b, c))).toEqual(uniteValues(intersectValues(a, b), intersectValues(a, c)));
    }),
    RUNS,
  );
});

test("De Morgan's laws and double complement hold", () => {
  fc.assert(
    fc.property(set, set, (a, b) => {
      expect(complementOf(intersectValues(a, b))).toEqual(uniteValues(complementOf(a), complementOf(b)));
      expect(complementOf(uniteValues(a, b))).toEqual(intersectValues(complementOf(a), complementOf(b)));
      expect(complementOf(complementOf(a))).toEqual(a);
      expect(intersectValues(a, complementOf(a))).toEqual(EMPTY);
      expect(uniteValues(a, complementOf(a))).toEqual(ANYTHING);
    }),
    RUNS,
  );
});

test("equal sets are equal data, and survive JSON", () => {
  fc.assert(
    fc.property(set, set, (a, b) => {
      expect(equalSets(a, b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      expect(JSON.parse(JSON.stringify(a))).toEqual(a);
      expect(intersectValues(JSON.parse(JSON.stringify(a)), b)).toEqual(intersectValues(a, b));
      expect(complementOf(JSON.parse(JSON.stringify(a)))).toEqual(complementOf(a));
    }),
    RUNS,
  );
});

test("absence and presence part everything", () => {
  fc.assert(
    fc.property(set, (a) => {
      expect(intersectValues(a, ANYTHING)).toBe(a);
      expect(intersectValues(ANYTHING, a)).toBe(a);
      expect(intersectValues(a, EMPTY)).toEqual(EMPTY);
      expect(uniteValues(intersectValues(a, ABSENT), intersectValues(a, PRESENT))).toEqual(a);
    }),
    RUNS,
  );
});

test("finite sets are lists of their members", () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { maxLength: 12 }), (values) => {
      expect(membersOf(setOf(values))).toEqual([...new Set(values)].sort());
      for (const value of values) expect(hasValue(setOf(values), value)).toBe(true);
    }),
    RUNS,
  );
});

test("the generators make what the laws are about", () => {
  const pairs = fc.sample(fc.tuple(one, one), { numRuns: 2000, seed: 7 });
  const share = (holds: (pair: (typeof pairs)[number]) => boolean): number => pairs.filter(holds).length / pairs.length;
  const met = ([a, b]: (typeof pairs)[number]) => intersectValues(read(a), read(b));
  expect(share((pair) => !isEmptySet(met(pair)))).toBeGreaterThanOrEqual(0.3);
  expect(share((pair) => isEmptySet(met(pair)))).toBeGreaterThanOrEqual(0.2);
  expect(share(([a, b]) => /^[GL]te?$/.test(a.operator) || /^[GL]te?$/.test(b.operator))).toBeGreaterThanOrEqual(0.2);
  expect(share((pair) => met(pair).absent)).toBeGreaterThanOrEqual(0.05);
  expect(share(([a]) => read(a).absent)).toBeGreaterThanOrEqual(0.2);
  const deep = fc.sample(set, { numRuns: 1000, seed: 7 });
  expect(deep.filter(({ integers }) => integers.length > 1).length / deep.length).toBeGreaterThan(0.01);
});
