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

/** Reads a decimal integer as Go's strconv.ParseInt does: any number of leading zeros, a sign, nothing else. */
export function readInt64(text: string): Int64Reading {
  const first = text.charCodeAt(0);
  const negative = first === 45;
  let at = negative || first === 43 ? 1 : 0;
  const end = text.length;
  if (at === end) return { status: "syntax" };
  while (at < end - 1 && text.charCodeAt(at) === 48) at += 1;
  const start = at;
  let small = 0;
  for (; at < end; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return { status: "syntax" };
    small = small * 10 + digit;
  }
  if (end - start <= 15) return { status: "valid", value: (negative ? -small : small) + 0 };
  if (end - start <= 19) {
    const digits = BigInt(text.slice(start));
    const value = negative ? -digits : digits;
    if (value >= MIN && value <= MAX) return { status: "valid", value: fromBigInt(value) };
  }
  return { status: negative ? "below" : "above" };
}

/** The 64-bit integer a label value spells, if it does: `5`, `05` and `+5` are the same. */
export function parseInt64(text: string): Int64 | undefined {
  const reading = readInt64(text);
  return reading.status === "valid" ? reading.value : undefined;
}

/** Negative, zero or positive as the first is less than, equal to or more than the second. */
export function compareInt64(a: Int64, b: Int64): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (a === b) return 0;
  return BigInt(a) < BigInt(b) ? -1 : 1;
}

/** The next integer; the largest has none. */
export function nextInt64(value: Int64): Int64 | undefined {
  return value === MAX_INT64 ? undefined : fromBigInt(BigInt(value) + 1n);
}

/** The integer before; the smallest has none. */
export function previousInt64(value: Int64): Int64 | undefined {
  return value === MIN_INT64 ? undefined : fromBigInt(BigInt(value) - 1n);
}
