import { type Int64, atMost } from "../values/int64.ts";
import { type SortedTexts, keepTexts, textsMeet, uniteTexts } from "../values/sorted-texts.ts";
import { type Requirement, doesNotExist, has, makeRequirement, withinBounds } from "./requirement.ts";

const higher = (a: Int64 | undefined, b: Int64 | undefined): Int64 | undefined => (a === undefined ? b : b === undefined || atMost(b, a) ? a : b);
const lower = (a: Int64 | undefined, b: Int64 | undefined): Int64 | undefined => (a === undefined ? b : b === undefined || atMost(a, b) ? a : b);

/**
 * Both requirements in one (of the first's key). `minValues` is the larger of the two, also of an empty result.
 *
 * Bounds remove excluded values outside of them, which absence had satisfied: `NotIn [A]` with `Gt 1` is plain `>=2`.
 */
export function intersection(a: Requirement, b: Requirement): Requirement {
  const gte = higher(a.gte, b.gte);
  const lte = lower(a.lte, b.lte);
  const minValues = a.minValues === undefined ? b.minValues : b.minValues === undefined || a.minValues >= b.minValues ? a.minValues : b.minValues;
  if (gte !== undefined && lte !== undefined && !atMost(gte, lte)) return doesNotExist(a.key, minValues);
  if (a.complement && b.complement) {
    const either = uniteTexts(a.values, b.values);
    const excluded = gte === undefined && lte === undefined ? either : keepTexts(either, (value) => withinBounds(value, gte, lte));
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
    return gte === undefined || lte === undefined || atMost(gte, lte);
  }
  if (!a.complement && !b.complement) return textsMeet(a.values, b.values);
  return a.complement ? someAllowed(b.values, a) : someAllowed(a.values, b);
}

function someAllowed(values: SortedTexts, other: Requirement): boolean {
  for (let i = 0; i < values.length; i++) if (has(other, values[i] as string)) return true;
  return false;
}
