import { type Int64, MAX_INT64, MIN_INT64, atMost, nextInt64, previousInt64 } from "./int64.ts";

/** Every integer from `gte` to `lte`, both included. */
export interface Int64Range {
  readonly gte: Int64;
  readonly lte: Int64;
}

/** A set of 64-bit integers: ranges in order that neither meet nor touch, so that one set has one form. */
export type Int64Ranges = readonly Int64Range[];

export const NO_INTEGERS: Int64Ranges = Object.freeze([]);
export const ALL_INTEGERS: Int64Ranges = Object.freeze([Object.freeze({ gte: MIN_INT64, lte: MAX_INT64 })]);

/** The integers from `gte` to `lte`; none if they cross. */
export function rangeOf(gte: Int64, lte: Int64): Int64Ranges {
  return atMost(gte, lte) ? Object.freeze([Object.freeze({ gte, lte })]) : NO_INTEGERS;
}

export function rangesInclude(ranges: Int64Ranges, value: Int64): boolean {
  if (ranges === ALL_INTEGERS) return true;
  for (let i = 0; i < ranges.length; i++) {
    const { gte, lte } = ranges[i] as Int64Range;
    if (atMost(gte, value) && atMost(value, lte)) return true;
  }
  return false;
}

export function intersectRanges(a: Int64Ranges, b: Int64Ranges): Int64Ranges {
  if (a === ALL_INTEGERS || b.length === 0) return b;
  if (b === ALL_INTEGERS || a.length === 0) return a;
  const both: Int64Range[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const left = a[i] as Int64Range;
    const right = b[j] as Int64Range;
    const gte = atMost(right.gte, left.gte) ? left.gte : right.gte;
    const leftEndsFirst = atMost(left.lte, right.lte);
    const lte = leftEndsFirst ? left.lte : right.lte;
    if (atMost(gte, lte)) both.push({ gte, lte });
    if (leftEndsFirst) i += 1;
    else j += 1;
  }
  return both;
}

/** Whether some integer is in both. */
export function rangesMeet(a: Int64Ranges, b: Int64Ranges): boolean {
  return intersectRanges(a, b).length > 0;
}

export function complementRanges(ranges: Int64Ranges): Int64Ranges {
  if (ranges === ALL_INTEGERS) return NO_INTEGERS;
  if (ranges.length === 0) return ALL_INTEGERS;
  const gaps: Int64Range[] = [];
  let from: Int64 | undefined = MIN_INT64;
  for (const { gte, lte } of ranges) {
    const last = previousInt64(gte);
    if (from !== undefined && last !== undefined && atMost(from, last)) gaps.push({ gte: from, lte: last });
    from = nextInt64(lte);
  }
  if (from !== undefined) gaps.push({ gte: from, lte: MAX_INT64 });
  return gaps;
}
