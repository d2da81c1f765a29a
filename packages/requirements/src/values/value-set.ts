import { parseInt64 } from "./int64.ts";
import { ALL_INTEGERS, type Int64Ranges, NO_INTEGERS, complementRanges, intersectRanges, rangesInclude, rangesMeet } from "./int64-ranges.ts";
import { type SortedTexts, includesText, keepTexts, sortedTexts, textsMeet, uniteTexts } from "./sorted-texts.ts";

/**
 * A set of what a label may be: absent, or any text. Exact, closed under intersection, union and complement, and one set has one form,
 * so that equal sets are equal data.
 *
 * Texts fall into those that spell a 64-bit integer (`5`, `05`, `+5` spell the same one) and all others.
 */
export interface ValueSet {
  /** Whether the label may be missing. */
  readonly absent: boolean;
  /** Whether texts that spell no integer belong, but for the exceptions. */
  readonly others: boolean;
  /** The integers whose spellings belong, but for the exceptions. */
  readonly integers: Int64Ranges;
  /** Texts to which the opposite of the above applies. */
  readonly except: SortedTexts;
}

const make = (absent: boolean, others: boolean, integers: Int64Ranges, except: SortedTexts): ValueSet => ({ absent, others, integers, except });
const NO_TEXTS: SortedTexts = sortedTexts([]);
const isFinite = (set: ValueSet): boolean => !set.others && set.integers.length === 0;

/** Nothing: neither a value nor absence. */
export const EMPTY: ValueSet = Object.freeze(make(false, false, NO_INTEGERS, NO_TEXTS));
/** Everything: any value, or absence. */
export const ANYTHING: ValueSet = Object.freeze(make(true, true, ALL_INTEGERS, NO_TEXTS));
/** Absence only (`DoesNotExist`). */
export const ABSENT: ValueSet = Object.freeze(make(true, false, NO_INTEGERS, NO_TEXTS));
/** Any value, but not absence (`Exists`). */
export const PRESENT: ValueSet = Object.freeze(make(false, true, ALL_INTEGERS, NO_TEXTS));

/** Exactly these values. */
export function setOf(values: readonly string[]): ValueSet {
  return values.length === 0 ? EMPTY : make(false, false, NO_INTEGERS, sortedTexts(values));
}

/** Every text that spells one of these integers. */
export function integerSet(integers: Int64Ranges): ValueSet {
  return integers.length === 0 ? EMPTY : make(false, false, integers, NO_TEXTS);
}

function baseHas(set: ValueSet, value: string): boolean {
  const { others, integers } = set;
  // Where integers go the way of other texts, there is nothing to read.
  if (others ? integers === ALL_INTEGERS : integers.length === 0) return others;
  const integer = parseInt64(value);
  return integer === undefined ? others : rangesInclude(integers, integer);
}

/**
 * Whether the set holds the value; `undefined` asks for absence.
 *
 * @example
 * ```ts
 * import { complementOf, hasValue, setOf } from "@groupless/requirements";
 * hasValue(setOf(["a", "b"]), "a"); // => true
 * hasValue(complementOf(setOf(["a"])), undefined); // => true
 * ```
 */
export function hasValue(set: ValueSet, value: string | undefined): boolean {
  return value === undefined ? set.absent : includesText(set.except, value) !== baseHas(set, value);
}

/** What both sets hold. */
export function intersectValues(a: ValueSet, b: ValueSet): ValueSet {
  if (a === b || b === ANYTHING) return a;
  if (a === ANYTHING) return b;
  if (isFinite(a)) return make(a.absent && b.absent, false, NO_INTEGERS, keepTexts(a.except, (value) => hasValue(b, value)));
  if (isFinite(b)) return make(a.absent && b.absent, false, NO_INTEGERS, keepTexts(b.except, (value) => hasValue(a, value)));
  const integers = intersectRanges(a.integers, b.integers);
  const both = make(a.absent && b.absent, a.others && b.others, integers, uniteTexts(a.except, b.except));
  // What neither of two nearly full sets holds is what either leaves out; elsewhere an exception may have become the rule.
  if (both.except.length === 0 || (both.others && integers === ALL_INTEGERS)) return both;
  const except = keepTexts(both.except, (value) => (hasValue(a, value) && hasValue(b, value)) !== baseHas(both, value));
  return except === both.except ? both : make(both.absent, both.others, integers, except);
}

/** What the set does not hold. */
export function complementOf(set: ValueSet): ValueSet {
  return make(!set.absent, !set.others, complementRanges(set.integers), set.except);
}

/** What either set holds. */
export function uniteValues(a: ValueSet, b: ValueSet): ValueSet {
  return complementOf(intersectValues(complementOf(a), complementOf(b)));
}

/** What the first set holds and the second does not. */
export function subtractValues(a: ValueSet, b: ValueSet): ValueSet {
  return intersectValues(a, complementOf(b));
}

/** Whether the set holds neither a value nor absence. An integer has infinitely many spellings, so a range is never empty. */
export function isEmptySet(set: ValueSet): boolean {
  return !set.absent && isFinite(set) && set.except.length === 0;
}

/** Whether one of the first set's exceptions is in both. */
function exceptionMeets(a: ValueSet, b: ValueSet): boolean {
  const { except } = a;
  for (let i = 0; i < except.length; i++) {
    const value = except[i] as string;
    if (hasValue(b, value) && !baseHas(a, value)) return true;
  }
  return false;
}

/** Whether both hold something in common, without making the intersection. */
export function valuesMeet(a: ValueSet, b: ValueSet): boolean {
  // Of infinitely many texts finitely many exceptions leave some.
  if ((a.absent && b.absent) || (a.others && b.others)) return true;
  if (isFinite(a)) return isFinite(b) ? textsMeet(a.except, b.except) : exceptionMeets(a, b);
  if (isFinite(b)) return exceptionMeets(b, a);
  return rangesMeet(a.integers, b.integers) || exceptionMeets(a, b) || exceptionMeets(b, a);
}

/** Whether everything in the first set is in the second. */
export function implies(a: ValueSet, b: ValueSet): boolean {
  return isEmptySet(subtractValues(a, b));
}

/** Whether the two hold the same. */
export function equalSets(a: ValueSet, b: ValueSet): boolean {
  return implies(a, b) && implies(b, a);
}

/** The values of a set that has finitely many, in order; undefined if it has infinitely many. Absence is not counted. */
export function membersOf(set: ValueSet): readonly string[] | undefined {
  return isFinite(set) ? set.except : undefined;
}
