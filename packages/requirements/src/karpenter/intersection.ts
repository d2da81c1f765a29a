import { type Int64, compareInt64 } from "../values/int64.ts";
import { includesText, keepTexts, uniteTexts } from "../values/sorted-texts.ts";
import { type Requirement, doesNotExist, has, makeRequirement, withinBounds } from "./requirement.ts";

const higher = (a: Int64 | undefined, b: Int64 | undefined): Int64 | undefined => (a === undefined ? b : b === undefined || compareInt64(a, b) >= 0 ? a : b);
const lower = (a: Int64 | undefined, b: Int64 | undefined): Int64 | undefined => (a === undefined ? b : b === undefined || compareInt64(a, b) <= 0 ? a : b);

/**
 * Both requirements in one (of the first's key). `minValues` is the larger of the two, also of an empty result.
 *
 * Bounds remove excluded values outside of them, which absence had satisfied: `NotIn [A]` with `Gt 1` is plain `>=2`.
 */
export function intersection(a: Requirement, b: Requirement): Requirement {
  const gte = higher(a.gte, b.gte);
  const lte = lower(a.lte, b.lte);
  const minValues = a.minValues === undefined ? b.minValues : b.minValues === undefined || a.minValues >= b.minValues ? a.minValues : b.minValues;
  if (gte !== undefined && lte !== undefined && compareInt64(gte, lte) > 0) return doesNotExist(a.key, minValues);
  if (a.complement && b.complement) {
    const excluded = keepTexts(uniteTexts(a.values, b.values), (value) => withinBounds(value, gte, lte));
    return makeRequirement(a.key, true, excluded, gte, lte, minValues);
  }
  const [listed, other] = a.complement ? [b, a] : [a, b];
  return makeRequirement(a.key, false, keepTexts(listed.values, (value) => has(other, value)), undefined, undefined, minValues);
}

/**
 * Whether the two have a value in common, without making the intersection. Two complements always do unless their bounds cross, even if
 * every integer between the bounds is excluded: an integer has other spellings.
 */
export function hasIntersection(a: Requirement, b: Requirement): boolean {
  if (a.complement && b.complement) {
    const gte = higher(a.gte, b.gte);
    const lte = lower(a.lte, b.lte);
    return gte === undefined || lte === undefined || compareInt64(gte, lte) <= 0;
  }
  if (!a.complement && !b.complement) {
    const [few, many] = a.values.length <= b.values.length ? [a.values, b.values] : [b.values, a.values];
    return few.some((value) => includesText(many, value));
  }
  const [listed, other] = a.complement ? [b, a] : [a, b];
  return listed.values.some((value) => has(other, value));
}
