import type { NodeSelectorRequirementWithMinValues } from "@groupless/api";
import fc from "fast-check";
import { expect, test } from "vitest";
import { compatible, incompatibilities } from "../../src/requirements/compatible.ts";
import { UNCONSTRAINED, fromLabels, has, implies, intersect, isEmpty, meets, requirements } from "../../src/requirements/requirements.ts";
import { RUNS, accepts, requirementList, universe } from "../arbitrary-requirement.ts";

const KEYS = ["a", "b", "c"];
const about = (list: readonly NodeSelectorRequirementWithMinValues[], key: string) => list.filter((requirement) => requirement.key === key);
const satisfiable = (list: readonly NodeSelectorRequirementWithMinValues[], candidates: readonly (string | undefined)[]) => candidates.some((candidate) => list.every((requirement) => accepts(requirement, candidate)));

test("requirements are a product: a key at a time, nothing and everything at the ends", () => {
  fc.assert(
    fc.property(requirementList, requirementList, (a, b) => {
      const both = intersect(requirements(a), requirements(b));
      expect(both).toEqual(requirements([...a, ...b]));
      expect(isEmpty(both)).toBe(KEYS.some((key) => !satisfiable(about([...a, ...b], key), universe(...a, ...b))));
      const wrong = KEYS.flatMap((key) => universe(...a, ...b).filter((candidate) => has(both, key, candidate) !== about([...a, ...b], key).every((requirement) => accepts(requirement, candidate))));
      expect(wrong).toEqual([]);
    }),
    RUNS,
  );
});

test("intersection is commutative, associative and idempotent, with no requirements as its neutral element", () => {
  fc.assert(
    fc.property(requirementList.map((list) => requirements(list)), requirementList.map((list) => requirements(list)), requirementList.map((list) => requirements(list)), (a, b, c) => {
      expect(intersect(a, b)).toEqual(intersect(b, a));
      expect(intersect(intersect(a, b), c)).toEqual(intersect(a, intersect(b, c)));
      expect(intersect(a, a)).toEqual(a);
      expect(intersect(a, UNCONSTRAINED)).toEqual(a);
      expect(implies(intersect(a, b), a)).toBe(true);
      expect(implies(a, UNCONSTRAINED)).toBe(true);
    }),
    RUNS,
  );
});

test("implication is: every node that meets the first meets the second", () => {
  fc.assert(
    fc.property(requirementList, requirementList, (a, b) => {
      const candidates = universe(...a, ...b);
      const possible = (key: string) => candidates.filter((candidate) => about(a, key).every((requirement) => accepts(requirement, candidate)));
      const empty = KEYS.some((key) => possible(key).length === 0);
      expect(implies(requirements(a), requirements(b))).toBe(empty || KEYS.every((key) => possible(key).every((candidate) => about(b, key).every((requirement) => accepts(requirement, candidate)))));
    }),
    RUNS,
  );
});

test("compatibility is: some node of the one side meets the other, an undefined key being absent or free", () => {
  fc.assert(
    fc.property(requirementList, requirementList, fc.subarray(KEYS), (existing, incoming, free) => {
      const candidates = universe(...existing, ...incoming);
      const expected = KEYS.every((key) => {
        const possible = about(existing, key).length > 0 || free.includes(key) ? candidates : [undefined];
        return satisfiable([...about(existing, key), ...about(incoming, key)], possible);
      });
      const [left, right] = [requirements(existing), requirements(incoming)];
      expect(compatible(left, right, new Set(free))).toBe(expected);
      expect(incompatibilities(left, right, new Set(free)).length === 0).toBe(expected);
    }),
    RUNS,
  );
});

test("a node meets requirements exactly if its labels are compatible with them", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...KEYS), fc.constantFrom("", "A", "1", "5", "05")), requirementList, (labels, list) => {
      const expected = list.every((requirement) => accepts(requirement, labels[requirement.key]));
      expect(meets(labels, requirements(list))).toBe(expected);
      expect(compatible(fromLabels(labels), requirements(list))).toBe(expected);
    }),
    RUNS,
  );
});

test("the generators reach both answers", () => {
  const pairs = fc.sample(fc.tuple(requirementList, requirementList), { numRuns: 1000, seed: 7 });
  const share = pairs.filter(([a, b]) => compatible(requirements(a), requirements(b))).length / pairs.length;
  expect(share).toBeGreaterThan(0.1);
  expect(pairs.filter(([a, b]) => !isEmpty(intersect(requirements(a), requirements(b)))).length / pairs.length).toBeGreaterThan(0.3);
});
