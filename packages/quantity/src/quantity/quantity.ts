import { type Integer, dividedByPowerOf10, narrow, timesPowerOf10, withoutTens } from "./integer.ts";
import { QuantityError } from "./quantity-error.ts";

/** The three ways Kubernetes writes quantities: `12M`, `12Mi`, `12e6`. */
export type QuantityFormat = "DecimalSI" | "BinarySI" | "DecimalExponent";

/**
 * An exact amount: `mantissa × 10^exponent`, at any size.
 *
 * Opaque: made by `parseQuantity` and `quantityOf`, read by the functions of this package. Across packages and in JSON quantities
 * travel as text.
 */
export interface Quantity {
  readonly mantissa: Integer;
  readonly exponent: number;
  /** How it was written; sums keep the format of their first operand that is not zero. */
  readonly format: QuantityFormat;
  /** Whether Kubernetes would hold it as a big decimal rather than as an int64 with a scale: the two show different trailing zeros. */
  readonly wide: boolean;
  /** The text it was parsed from, where Kubernetes gives that back as it came. */
  readonly text: string | undefined;
}

/** Makes a quantity of its parts; nothing is checked or rounded. */
export function makeQuantity(mantissa: Integer, exponent: number, format: QuantityFormat, wide: boolean, text?: string): Quantity {
  return { mantissa, exponent, format, wide, text };
}

const LARGEST_INT64 = 2n ** 63n - 1n;

/** Whether a mantissa fits the 64-bit integer in which Kubernetes holds ordinary quantities. */
export function fitsInt64(mantissa: Integer): boolean {
  return typeof mantissa === "number" || (mantissa <= LARGEST_INT64 && mantissa >= -LARGEST_INT64 - 1n);
}

/**
 * A quantity from an integer and a power of ten.
 *
 * @example
 * ```ts
 * import { formatQuantity, quantityOf } from "@groupless/quantity";
 * formatQuantity(quantityOf(3150, -3, "DecimalSI")); // => "3150m"
 * formatQuantity(quantityOf(2 ** 31, 0, "BinarySI")); // => "2Gi"
 * ```
 */
export function quantityOf(mantissa: number | bigint, exponent: number, format: QuantityFormat): Quantity {
  if (typeof mantissa === "number" && !Number.isSafeInteger(mantissa)) {
    throw new QuantityError("quantity-not-an-integer", `${mantissa} is no exact integer`, "a safe integer or a bigint");
  }
  const integer = typeof mantissa === "bigint" ? narrow(mantissa) : mantissa + 0;
  return makeQuantity(integer, exponent, format, !fitsInt64(integer));
}

/** Whether the amount is nothing. */
export function isZero(quantity: Quantity): boolean {
  return quantity.mantissa === 0;
}

/** -1, 0 or 1. */
export function signOf(quantity: Quantity): -1 | 0 | 1 {
  return quantity.mantissa > 0 ? 1 : quantity.mantissa < 0 ? -1 : 0;
}

/**
 * The largest power of ten of which the amount is a whole multiple: 0 for `3`, -2 for `250m`, 3 for `2k`; 0 for zero.
 * The finest of a set of quantities is a scale at which all of them are integers.
 */
export function exponentOf(quantity: Quantity): number {
  const { rest, tens } = withoutTens(quantity.mantissa);
  return rest === 0 ? 0 : quantity.exponent + tens;
}

/**
 * The amount as an integer count of `10^exponent`: a number while that is exact (below 2^53), a bigint beyond.
 *
 * @throws QuantityError `quantity-not-exact` when the amount is no whole multiple of that power.
 *
 * @example
 * ```ts
 * import { parseQuantity, toScaledInteger } from "@groupless/quantity";
 * toScaledInteger(parseQuantity("250m"), -3); // => 250
 * toScaledInteger(parseQuantity("1Gi"), 0); // => 1073741824
 * ```
 */
export function toScaledInteger(quantity: Quantity, exponent: number): number | bigint {
  const shift = quantity.exponent - exponent;
  if (shift >= 0) return timesPowerOf10(quantity.mantissa, shift);
  const { rest, tens } = withoutTens(quantity.mantissa);
  if (rest !== 0 && tens < -shift) {
    throw new QuantityError("quantity-not-exact", `a quantity of ${quantity.mantissa}e${quantity.exponent} is no multiple of 1e${exponent}`, "a finer scale");
  }
  return dividedByPowerOf10(quantity.mantissa, -shift);
}
