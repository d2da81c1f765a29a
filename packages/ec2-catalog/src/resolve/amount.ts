import { formatQuantity, int64Value, parseQuantity } from "@groupless/quantity";
import type { QuantityText } from "@groupless/api";

const binarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/** Bytes as Kubernetes writes them in canonical form, with the largest binary suffix that leaves a whole number. */
export function bytesText(bytes: number): QuantityText {
  return binaryText(bytes, 0);
}

/** Whole MiB in canonical form. */
export function mebibytesText(mebibytes: number): QuantityText {
  return binaryText(mebibytes, 2);
}

/** By plain arithmetic: a catalog prints thousands of these. */
function binaryText(amount: number, suffix: number): QuantityText {
  if (amount === 0) return "0";
  while (amount % 1024 === 0 && suffix < binarySuffixes.length - 1) {
    amount /= 1024;
    suffix += 1;
  }
  return `${amount}${binarySuffixes[suffix]}`;
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
