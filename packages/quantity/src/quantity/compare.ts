import { LARGEST_EXACT_POWER, POWERS_OF_10, timesPowerOf10 } from "./integer.ts";
import type { Quantity } from "./quantity.ts";

/**
 * -1, 0 or 1 as the first amount is less than, equal to or more than the second. Formats do not matter.
 *
 * @example
 * ```ts
 * import { compareQuantities, parseQuantity } from "@groupless/quantity";
 * compareQuantities(parseQuantity("1000m"), parseQuantity("1")); // => 0
 * compareQuantities(parseQuantity("1G"), parseQuantity("1Gi")); // => -1
 * ```
 */
export function compareQuantities(a: Quantity, b: Quantity): -1 | 0 | 1 {
  const shift = a.exponent - b.exponent;
  let left = a.mantissa;
  let right = b.mantissa;
  if (typeof left === "number" && typeof right === "number" && shift <= LARGEST_EXACT_POWER && shift >= -LARGEST_EXACT_POWER) {
    // One side is exact, and a product that had to be rounded is beyond every exact integer, on the side where it belongs.
    if (shift > 0) left *= POWERS_OF_10[shift] as number;
    else if (shift < 0) right *= POWERS_OF_10[-shift] as number;
  } else if (shift > 0) left = timesPowerOf10(left, shift);
  else right = timesPowerOf10(right, -shift);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The larger amount; the first if they are equal. */
export function maxQuantity(a: Quantity, b: Quantity): Quantity {
  return compareQuantities(b, a) > 0 ? b : a;
}

/** The smaller amount; the first if they are equal. */
export function minQuantity(a: Quantity, b: Quantity): Quantity {
  return compareQuantities(b, a) < 0 ? b : a;
}
