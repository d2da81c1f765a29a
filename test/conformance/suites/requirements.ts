import * as exact from "@groupless/requirements";
import {
  type Requirement,
  type Requirements,
  compatibilityProblems,
  explain,
  fromPod,
  fromPodStrict,
  fromSelectorRequirements,
  has,
  hasIntersection,
  hasMinValues,
  hasPreferredNodeAffinity,
  intersection,
  intersectionProblems,
  isCompatible,
  intersects,
  lengthOf,
  listRequirements,
  operatorOf,
  requirementOf,
  requirementText,
  requirementsText,
  toSelectorRequirements,
} from "@groupless/requirements/karpenter";
import type { Line, Suite } from "../suite.ts";

const WELL_KNOWN: ReadonlySet<string> = new Set(exact.CORE_LABELS.wellKnown);

const describe = (requirement: Requirement) => ({
  operator: operatorOf(requirement),
  length: lengthOf(requirement),
  string: requirementText(requirement),
  api: toSelectorRequirements(requirement),
});

const describeAll = (all: Requirements) => listRequirements(all).map(describe).sort(byString);
const byString = (a: { string: string }, b: { string: string }) => (a.string < b.string ? -1 : 1);

/** The line's second half: what set theory says, held against the exact algebra. */
function demand(line: Line, what: string, expected: unknown, actual: boolean): void {
  if (expected !== actual) throw new Error(`exact algebra: ${what} is ${String(actual)}, brute force says ${String(expected)} (${line.id})`);
}

const exactOf = (line: Line) => (line as Line & { exact?: any }).exact;

function verdict(problems: readonly Parameters<typeof explain>[0][], ok: boolean) {
  if (ok !== (problems.length === 0)) throw new Error("the fast answer differs from the one with reasons");
  if (ok) return { ok };
  const first = problems[0]?.code === "undefined-key" ? "undefined-key" : "incompatible";
  return { ok, error: { class: first, message: problems.map(explain).sort().join("; ") } };
}

/** Suite `requirements`: Karpenter's algebra, and beside it the exact one. */
export const requirements: Suite = {
  functions: {
    "requirement.describe": ({ requirement, probes }) => {
      const built = requirementOf(requirement);
      return { key: built.key, requirement: describe(built), has: Object.fromEntries(probes.map((probe: string) => [probe, has(built, probe)])) };
    },
    "requirement.intersection": ({ a, b }, line) => {
      const both = exact.intersectRequirement(exact.requirementOf(a), exact.requirementOf(b));
      const wanted = exactOf(line);
      if (wanted !== undefined) demand(line, "satisfiable", wanted.satisfiable, !exact.isEmptySet(both.values));
      const [left, right] = [requirementOf(a), requirementOf(b)];
      return { intersection: describe(intersection(left, right)), hasIntersection: hasIntersection(left, right) };
    },
    "requirements.new": ({ requirements: list }) => {
      const all = fromSelectorRequirements(list);
      return { requirements: describeAll(all), string: requirementsText(all), hasMinValues: hasMinValues(all) };
    },
    "requirements.compatible": ({ existing, incoming }, line) => {
      const wanted = exactOf(line);
      if (wanted !== undefined) {
        const [left, right] = [exact.requirements(existing), exact.requirements(incoming)];
        demand(line, "strictly compatible", wanted.strict.satisfiable, exact.compatible(left, right));
        demand(line, "compatible", wanted.allowUndefinedWellKnown.satisfiable, exact.compatible(left, right, WELL_KNOWN));
        demand(line, "reasons", wanted.strict.satisfiable, exact.incompatibilities(left, right).length === 0);
      }
      const [left, right] = [fromSelectorRequirements(existing), fromSelectorRequirements(incoming)];
      return {
        strict: verdict(compatibilityProblems(left, right), isCompatible(left, right)),
        allowUndefinedWellKnown: verdict(compatibilityProblems(left, right, WELL_KNOWN), isCompatible(left, right, WELL_KNOWN)),
        intersects: verdict(intersectionProblems(left, right), intersects(left, right)),
      };
    },
    "requirements.fromPod": ({ podSpec: spec }) => ({ all: describeAll(fromPod({ spec })), strict: describeAll(fromPodStrict({ spec })), hasPreferred: hasPreferredNodeAffinity({ spec }) }),
  },
};
