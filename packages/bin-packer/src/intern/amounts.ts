import type { Amounts } from "./resources.ts";

/** Adds the second list to the first, in place. */
export function add(into: Amounts, amounts: Amounts): void {
  for (let column = 0; column < into.length; column++) (into[column] as number) += amounts[column] as number;
}

/** Takes the second list from the first, in place. */
export function subtract(from: Amounts, amounts: Amounts): void {
  for (let column = 0; column < from.length; column++) (from[column] as number) -= amounts[column] as number;
}

/** Raises the first list to the second where that is larger, in place. */
export function raise(into: Amounts, amounts: Amounts): void {
  for (let column = 0; column < into.length; column++) if ((amounts[column] as number) > (into[column] as number)) into[column] = amounts[column] as number;
}

export function anyNegative(amounts: Amounts): boolean {
  for (let column = 0; column < amounts.length; column++) if ((amounts[column] as number) < 0) return true;
  return false;
}
