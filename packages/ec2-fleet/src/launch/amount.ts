import { decimalText, parseQuantity } from "@groupless/quantity";

/** A quantity as a number; for counts and sizes well below 2^53. An absent one is 0. */
export function amount(text: string | undefined): number {
  return text === undefined ? 0 : Number(decimalText(parseQuantity(text)));
}
