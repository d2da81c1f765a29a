import { dividedByPowerOf10, powerOf10, timesPowerOf10 } from "./integer.ts";
import { compareQuantities } from "./compare.ts";
import { type Quantity, makeQuantity } from "./quantity.ts";

/** A rounded quantity, and whether rounding changed nothing. */
export interface Rounded {
  readonly quantity: Quantity;
  readonly exact: boolean;
}

/**
 * Rounds away from zero to a multiple of `10^exponent`: -3 for milli, 0 for whole, 6 for mega.
 *
 * @example
 * ```ts
 * import { formatQuantity, parseQuantity, roundUp } from "@groupless/quantity";
 * formatQuantity(roundUp(parseQuantity("1500m"), 0).quantity); // => "2"
 * ```
 */
export function roundUp(quantity: Quantity, exponent: number): Rounded {
  const shift = quantity.exponent - exponent;
  if (shift >= 0 && !quantity.wide) return { quantity, exact: true };
  const mantissa = shift >= 0 ? timesPowerOf10(quantity.mantissa, shift) : dividedByPowerOf10(quantity.mantissa, -shift);
  const rounded = makeQuantity(mantissa, exponent, quantity.format, quantity.wide);
  return { quantity: rounded, exact: compareQuantities(rounded, quantity) === 0 };
}

const MOST_NEGATIVE = -(2n ** 63n);

/**
 * The amount in units of `10^exponent` as the 64-bit integer Kubernetes computes (`Value`, `MilliValue`, `ScaledValue`), as decimal text.
 *
 * Parts of a unit count as one. Where the amount does not fit, the answer is what Kubernetes' arithmetic leaves: for exact work at any
 * size use `toScaledInteger`.
 *
 * @example
 * ```ts
 * import { int64Value, parseQuantity } from "@groupless/quantity";
 * int64Value(parseQuantity("1500m"), 0); // => "2"
 * ```
 */
export function int64Value(quantity: Quantity, exponent: number): string {
  const mantissa = BigInt(quantity.mantissa);
  return `${BigInt.asIntN(64, quantity.wide ? wideValue(mantissa, exponent - quantity.exponent) : shortValue(quantity, exponent))}`;
}

function shortValue(quantity: Quantity, exponent: number): bigint {
  const shift = quantity.exponent - exponent;
  if (shift <= 0) return BigInt(dividedByPowerOf10(quantity.mantissa, -shift));
  const mantissa = BigInt(quantity.mantissa);
  const exact = mantissa * powerOf10(shift);
  if (BigInt.asIntN(64, exact) === exact) return exact;
  // apimachinery pkg/api/resource/math.go multiplies at once by the usual powers and wraps, by the others digit by digit and gives up.
  return [1, 2, 3, 6, 9].includes(shift) ? exact : 0n;
}

/** apimachinery pkg/api/resource/scale_int.go. */
function wideValue(mantissa: bigint, shift: number): bigint {
  // Beyond 10^18 the power itself overflows, to the most negative integer.
  if (shift <= 0) return mantissa * (shift >= -18 ? powerOf10(-shift) : MOST_NEGATIVE);
  const divisor = powerOf10(shift);
  if (mantissa < -MOST_NEGATIVE - 1n && shift < 19) {
    const low = BigInt.asIntN(64, mantissa);
    return low / divisor + (low % divisor === 0n ? 0n : 1n);
  }
  const rest = ((mantissa % divisor) + divisor) % divisor;
  return (mantissa - rest) / divisor + (rest === 0n ? 0n : 1n);
}
