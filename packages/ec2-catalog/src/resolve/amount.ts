import { formatQuantity, int64Value, parseQuantity, quantityOf } from "@groupless/quantity";
import type { QuantityText } from "@groupless/api";

/** Bytes as Kubernetes writes them in canonical form, with the largest binary suffix that leaves a whole number. */
export function bytesText(bytes: number): QuantityText {
  return formatQuantity(quantityOf(bytes, 0, "BinarySI"));
}

/** Whole MiB in canonical form. */
export function mebibytesText(mebibytes: number): QuantityText {
  // The common case by itself: a catalog prints thousands of these.
  return mebibytes > 0 && mebibytes % 1024 !== 0 ? `${mebibytes}Mi` : bytesText(mebibytes * 1_048_576);
}

/** Millicores in canonical form. */
export function millicoresText(millicores: number): QuantityText {
  return millicores % 1000 === 0 ? String(millicores / 1000) : `${millicores}m`;
}

/**
 * Bytes of a quantity, rounded up.
 *
 * @throws {InputError} when the quantity is invalid
 */
export function bytesOf(quantity: QuantityText): number {
  return Number(int64Value(parseQuantity(quantity), 0));
}

/** A quantity in canonical form; memory and storage with binary suffixes. */
export function canonicalText(resource: string, quantity: QuantityText): QuantityText {
  const parsed = parseQuantity(quantity);
  return formatQuantity(parsed, resource === "memory" || resource === "ephemeral-storage" ? "BinarySI" : "DecimalSI");
}
