import { InputError } from "@groupless/api";

/**
 * A price after a NodeOverlay's `price` (`"1.5"`) or `priceAdjustment` (`"+0.5"`, `"-10%"`), never below 0.
 *
 * An empty change changes nothing. The arithmetic is IEEE double, in Karpenter's order of operations.
 *
 * @throws {InputError} `bad-price-change` if the change is no number
 *
 * @example
 * ```ts
 * import { adjustedPrice } from "@groupless/catalog";
 * adjustedPrice(2, "-25%"); // => 1.5
 * ```
 */
export function adjustedPrice(price: number, change: string): number {
  if (change === "") return price;
  if (!change.startsWith("+") && !change.startsWith("-")) return numberOf(change, change);
  const adjusted = change.endsWith("%") ? price * (1 + numberOf(change.slice(0, -1), change) / 100) : price + numberOf(change, change);
  return adjusted >= 0 ? adjusted : 0;
}

function numberOf(text: string, change: string): number {
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/iu.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) throw new InputError("bad-price-change", `got "${change}"`, { path: "price", expected: 'a number such as "0.5", or with a sign and perhaps % such as "-10%"' });
  return value;
}
