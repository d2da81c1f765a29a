import { plus, times, timesPowerOf10 } from "./integer.ts";
import { type Quantity, fitsInt64, makeQuantity } from "./quantity.ts";

/**
 * The exact sum. Its format is that of the first operand unless that is zero, as in Kubernetes.
 *
 * @example
 * ```ts
 * import { addQuantities, formatQuantity, parseQuantity } from "@groupless/quantity";
 * formatQuantity(addQuantities(parseQuantity("1Gi"), parseQuantity("512Mi"))); // => "1536Mi"
 * ```
 */
export function addQuantities(a: Quantity, b: Quantity): Quantity {
  const format = a.mantissa === 0 ? b.format : a.format;
  const wide = a.wide || b.wide;
  if (!wide && b.mantissa === 0) return makeQuantity(a.mantissa, a.exponent, format, false);
  if (!wide && a.mantissa === 0) return makeQuantity(b.mantissa, b.exponent, format, false);
  const exponent = Math.min(a.exponent, b.exponent);
  const left = timesPowerOf10(a.mantissa, a.exponent - exponent);
  const right = timesPowerOf10(b.mantissa, b.exponent - exponent);
  const sum = plus(left, right);
  return makeQuantity(sum, exponent, format, wide || !(fitsInt64(left) && fitsInt64(right) && fitsInt64(sum)));
}

/** The exact difference; it may be negative. Its format is that of the first operand unless that is zero. */
export function subtractQuantities(a: Quantity, b: Quantity): Quantity {
  return addQuantities(a, negateQuantity(b));
}

/** The amount with its sign turned. */
export function negateQuantity(quantity: Quantity): Quantity {
  return makeQuantity(times(quantity.mantissa, -1), quantity.exponent, quantity.format, quantity.wide);
}

/** The exact product with an integer. */
export function multiplyQuantity(quantity: Quantity, factor: number | bigint): Quantity {
  const mantissa = times(quantity.mantissa, BigInt(factor));
  return makeQuantity(mantissa, quantity.exponent, quantity.format, quantity.wide || !fitsInt64(mantissa));
}
