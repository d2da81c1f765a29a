import type { QuantityText } from "@groupless/api";
import { type Integer, dividedByPowerOf10, narrow, timesPowerOf10 } from "./integer.ts";
import { QuantityError } from "./quantity-error.ts";
import { type Quantity, makeQuantity } from "./quantity.ts";
import { LARGEST_EXPONENT, type Suffix, readSuffix } from "./suffix.ts";

/** Longer texts are refused. */
const LARGEST_LENGTH = 4096;
const LARGEST_BINARY = 2n ** 63n - 1n;
const EXPECTED = "digits, at most one point, then a suffix (n u m k M G T P E Ki Mi Gi Ti Pi Ei) or a decimal exponent (e3)";

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isSign = (code: number): boolean => code === 43 || code === 45;
const isSuffixLetter = (character: string): boolean => "eEinumkKMGTP".includes(character);

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
  let at = 0;
  const negative = text.charCodeAt(0) === 45;
  if (isSign(text.charCodeAt(0))) at += 1;
  const start = at;
  while (text.charCodeAt(at) === 48) at += 1;
  // Up to 15 digits the sum below is exact; longer numbers are read again.
  let small = 0;
  const whole = at;
  for (let code = text.charCodeAt(at); isDigit(code); code = text.charCodeAt(++at)) small = small * 10 + code - 48;
  const wholeEnd = at;
  let fraction = at;
  if (text.charCodeAt(at) === 46) {
    at += 1;
    fraction = at;
    for (let code = text.charCodeAt(at); isDigit(code); code = text.charCodeAt(++at)) small = small * 10 + code - 48;
  }
  const numberEnd = at;
  while (at < end && isSuffixLetter(text.charAt(at))) at += 1;
  if (isSign(text.charCodeAt(at))) at += 1;
  while (isDigit(text.charCodeAt(at))) at += 1;
  if (at < end) throw failure("quantity-format", text, at);
  const suffix = readSuffix(text.slice(numberEnd));
  if (suffix === undefined) throw failure("quantity-suffix", text, numberEnd);

  const wholeDigits = wholeEnd - whole;
  const fractionDigits = numberEnd - fraction;
  const mantissa: Integer = wholeDigits + fractionDigits <= 15 ? small : narrow(BigInt(text.slice(whole, wholeEnd) + text.slice(fraction, numberEnd)));
  // Kubernetes holds a number in an int64 if it is certain from its length that it fits.
  if (fitsShort(suffix, Math.max(wholeDigits, 1), fractionDigits)) {
    const binary = suffix.format === "BinarySI";
    const exponent = binary ? 0 : suffix.exponent - fractionDigits;
    const amount = binary ? narrow(BigInt(mantissa) << BigInt(suffix.exponent)) : mantissa;
    const asItCame = binary ? BigInt(mantissa) % 8n !== 0n : exponent % 3 === 0 && wholeDigits > 0 && BigInt(mantissa) % 1000n !== 0n;
    return makeQuantity(signed(amount, negative), exponent, suffix.format, false, asItCame ? text : undefined);
  }
  if (whole === start && wholeDigits + fractionDigits === 0) throw failure("quantity-numeric", text, start);
  return parseWide(mantissa, suffix, fractionDigits, negative);
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
  const unscaled = binary ? narrow(BigInt(mantissa) << BigInt(suffix.exponent)) : mantissa;
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
