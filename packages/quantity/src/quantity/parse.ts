import type { QuantityText } from "@groupless/api";
import { type Integer, dividedByPowerOf10, isMultiple, narrow, times, timesPowerOf10 } from "./integer.ts";
import { QuantityError } from "./quantity-error.ts";
import { type Quantity, makeQuantity } from "./quantity.ts";
import { LARGEST_EXPONENT, type Suffix, readSuffix } from "./suffix.ts";

/** Longer texts are refused. */
const LARGEST_LENGTH = 4096;
const LARGEST_BINARY = 2n ** 63n - 1n;
const EXPECTED = "digits, at most one point, then a suffix (n u m k M G T P E Ki Mi Gi Ti Pi Ei) or a decimal exponent (e3)";

const ZERO = 48;
const PLUS = 43;
const MINUS = 45;
const POINT = 46;
const isDigit = (code: number): boolean => code >= ZERO && code <= ZERO + 9;
const SUFFIX_LETTERS: ReadonlySet<number> = new Set([..."eEinumkKMGTP"].map((letter) => letter.charCodeAt(0)));

/**
 * Reads a Kubernetes quantity, as the API server does: signs, fractions (`1.5Gi`), decimal and binary suffixes, exponents (`12e6`).
 *
 * Fractions finer than a nano move away from zero to a whole nano, and binary quantities end at 2^63-1 (apimachinery
 * pkg/api/resource/quantity.go); all else is exact.
 *
 * @throws QuantityError `quantity-format`, `quantity-suffix` or `quantity-numeric`, with the column at which the text goes wrong.
 *
 * @example
 * ```ts
 * import { formatQuantity, parseQuantity } from "@groupless/quantity";
 * formatQuantity(parseQuantity("1.5Gi")); // => "1536Mi"
 * formatQuantity(parseQuantity("0.1")); // => "100m"
 * ```
 */
export function parseQuantity(text: QuantityText): Quantity {
  if (typeof text !== "string") throw new QuantityError("quantity-format", `a ${text === null ? "null" : typeof text} is no quantity text`, EXPECTED);
  const end = text.length;
  if (end === 0) throw failure("quantity-format", text, 0);
  if (end > LARGEST_LENGTH) throw failure("quantity-format", text, LARGEST_LENGTH);
  // Reading past the end would be NaN, and slow: every step looks at the length first.
  const first = text.charCodeAt(0);
  const negative = first === MINUS;
  const start = negative || first === PLUS ? 1 : 0;
  let at = start;
  while (at < end && text.charCodeAt(at) === ZERO) at += 1;
  // Up to 15 digits the sum below is exact; longer numbers are read again.
  let small = 0;
  const whole = at;
  for (; at < end && isDigit(text.charCodeAt(at)); at++) small = small * 10 + text.charCodeAt(at) - ZERO;
  const wholeEnd = at;
  let fraction = at;
  if (at < end && text.charCodeAt(at) === POINT) {
    at += 1;
    fraction = at;
    for (; at < end && isDigit(text.charCodeAt(at)); at++) small = small * 10 + text.charCodeAt(at) - ZERO;
  }
  const numberEnd = at;
  if (at < end) at = suffixEnd(text, at);
  if (at < end) throw failure("quantity-format", text, at);
  const suffix = readSuffix(text, numberEnd);
  if (suffix === undefined) throw failure("quantity-suffix", text, numberEnd);

  const wholeDigits = wholeEnd - whole;
  const fractionDigits = numberEnd - fraction;
  const mantissa: Integer = wholeDigits + fractionDigits <= 15 ? small : narrow(BigInt(text.slice(whole, wholeEnd) + text.slice(fraction, numberEnd)));
  // Kubernetes holds a number in an int64 if it is certain from its length that it fits.
  if (fitsShort(suffix, Math.max(wholeDigits, 1), fractionDigits)) {
    const binary = suffix.format === "BinarySI";
    const exponent = binary ? 0 : suffix.exponent - fractionDigits;
    const amount = binary ? times(mantissa, suffix.factor) : mantissa;
    const asItCame = binary ? !isMultiple(mantissa, 8) : exponent % 3 === 0 && wholeDigits > 0 && !isMultiple(mantissa, 1000);
    return makeQuantity(signed(amount, negative), exponent, suffix.format, false, asItCame ? text : undefined);
  }
  if (whole === start && wholeDigits + fractionDigits === 0) throw failure("quantity-numeric", text, start);
  return parseWide(mantissa, suffix, fractionDigits, negative);
}

/** Where letters, a sign and digits end that could be a suffix. */
function suffixEnd(text: string, from: number): number {
  const end = text.length;
  let at = from;
  while (at < end && SUFFIX_LETTERS.has(text.charCodeAt(at))) at += 1;
  if (at < end && (text.charCodeAt(at) === PLUS || text.charCodeAt(at) === MINUS)) at += 1;
  while (at < end && isDigit(text.charCodeAt(at))) at += 1;
  return at;
}

/** apimachinery's own test, with its rough count of the decimal digits of a power of two. */
function fitsShort(suffix: Suffix, wholeDigits: number, fractionDigits: number): boolean {
  if (suffix.format === "BinarySI") return fractionDigits === 0 && 14 - wholeDigits - (suffix.exponent * 3) / 10 >= 0;
  return wholeDigits + fractionDigits <= 18 && suffix.exponent - fractionDigits >= -9;
}

function parseWide(mantissa: Integer, suffix: Suffix, fractionDigits: number, negative: boolean): Quantity {
  const binary = suffix.format === "BinarySI";
  const exponent = binary ? -fractionDigits : suffix.exponent - fractionDigits;
  if (mantissa === 0) return makeQuantity(0, exponent, suffix.format, true);
  const unscaled = binary ? times(mantissa, suffix.factor) : mantissa;
  const nanos = exponent >= -9 ? timesPowerOf10(unscaled, exponent + 9) : dividedByPowerOf10(unscaled, -9 - exponent);
  if (binary && nanos > LARGEST_BINARY * 1_000_000_000n) return makeQuantity(signed(LARGEST_BINARY, negative), 0, suffix.format, true);
  // A binary amount below one has no binary form.
  return makeQuantity(signed(nanos, negative), -9, binary && nanos < 1_000_000_000 ? "DecimalSI" : suffix.format, true);
}

function signed(value: Integer, negative: boolean): Integer {
  return negative && value !== 0 ? -value : value;
}

function failure(code: string, text: string, at: number): QuantityError {
  const shown = JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
  const problems: Record<string, string> = {
    "quantity-format": text.length > LARGEST_LENGTH ? `${shown} is longer than ${LARGEST_LENGTH} characters` : `${shown} is no quantity`,
    "quantity-suffix": `${shown} has no known suffix`,
    "quantity-numeric": `${shown} has no digits`,
  };
  return new QuantityError(code, problems[code] as string, `${EXPECTED}, exponents within ±${LARGEST_EXPONENT}`, { column: at + 1 });
}
