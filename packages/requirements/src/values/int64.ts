/** A 64-bit integer: a number while that is exact, decimal text beyond 2^53. One integer has one form. */
export type Int64 = number | string;

export const MIN_INT64 = "-9223372036854775808";
export const MAX_INT64 = "9223372036854775807";

const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;

const fromBigInt = (value: bigint): Int64 => {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : `${value}`;
};

/** What reading an integer came to: `valid`, `syntax` (no integer), or outside 64 bits on one side. */
export type Int64Reading = { readonly status: "valid"; readonly value: Int64 } | { readonly status: "syntax" | "below" | "above" };

const ZERO = 48;
const NINE = 57;
const MINUS = 45;
const PLUS = 43;

/** The 64-bit integer a label value spells, if it does: `5`, `05` and `+5` are the same. Go's strconv.ParseInt reads the same texts. */
export function parseInt64(text: string): Int64 | undefined {
  const end = text.length;
  if (end === 0) return undefined;
  const first = text.charCodeAt(0);
  // Most labels begin with a letter.
  if (first > NINE) return undefined;
  const negative = first === MINUS;
  let at = negative || first === PLUS ? 1 : 0;
  if (at === end) return undefined;
  while (at < end - 1 && text.charCodeAt(at) === ZERO) at += 1;
  const start = at;
  let small = 0;
  for (; at < end; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    small = small * 10 + digit;
  }
  if (end - start <= 15) return (negative ? -small : small) + 0;
  if (end - start > 19) return undefined;
  const digits = BigInt(text.slice(start));
  const value = negative ? -digits : digits;
  return value >= MIN && value <= MAX ? fromBigInt(value) : undefined;
}

/** Reads an integer and, where there is none of 64 bits, says why. */
export function readInt64(text: string): Int64Reading {
  const value = parseInt64(text);
  if (value !== undefined) return { status: "valid", value };
  if (!/^[+-]?[0-9]+$/.test(text)) return { status: "syntax" };
  return { status: text.startsWith("-") ? "below" : "above" };
}

/** Of an integer too large for a number; its sign alone orders it against every number. */
const isNegative = (text: string): boolean => text.charCodeAt(0) === MINUS;

/** Negative, zero or positive as the first is less than, equal to or more than the second. */
export function compareInt64(a: Int64, b: Int64): number {
  if (typeof a === "number") return typeof b === "number" ? a - b : isNegative(b) ? 1 : -1;
  if (typeof b === "number") return isNegative(a) ? -1 : 1;
  if (a === b) return 0;
  const negative = isNegative(a);
  if (negative !== isNegative(b)) return negative ? -1 : 1;
  // Of the same sign and without leading zeros the longer one is further from zero.
  const further = a.length === b.length ? a > b : a.length > b.length;
  return further === negative ? -1 : 1;
}

/** Whether the first is at most the second: what is asked most, for less than comparing costs. */
export function atMost(a: Int64, b: Int64): boolean {
  if (typeof a === "number") return typeof b === "number" ? a <= b : !isNegative(b);
  return typeof b === "number" ? isNegative(a) : compareInt64(a, b) <= 0;
}

/** The next integer; the largest has none. */
export function nextInt64(value: Int64): Int64 | undefined {
  return value === MAX_INT64 ? undefined : fromBigInt(BigInt(value) + 1n);
}

/** The integer before; the smallest has none. */
export function previousInt64(value: Int64): Int64 | undefined {
  return value === MIN_INT64 ? undefined : fromBigInt(BigInt(value) - 1n);
}
