import { MAX_INT64, MIN_INT64 } from "./algebra.ts";

/** Binary search for long lists: instance-type lists hold hundreds of names. */
export function includes(sorted: readonly string[], value: string): boolean {
  if (sorted.length <= 8) return sorted.includes(value);
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as string) < value) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === value;
}

export function sortedUnique(values: readonly string[]): readonly string[] {
  return values.length <= 1 ? values : [...new Set(values)].sort();
}

export function within(value: string, gte: bigint | undefined, lte: bigint | undefined): boolean {
  if (gte === undefined && lte === undefined) return true;
  const integer = integerOf(value);
  return integer !== undefined && (gte === undefined || integer >= gte) && (lte === undefined || integer <= lte);
}

/** Go's strconv.Atoi: an optional sign and decimal digits that fit 64 bits. */
function integerOf(text: string): bigint | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const integer = BigInt(text.replace(/^\+/, ""));
  return integer > MAX_INT64 || integer < MIN_INT64 ? undefined : integer;
}

export function largest(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  return a === undefined ? b : b === undefined ? a : a > b ? a : b;
}

export function smallest(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  return a === undefined ? b : b === undefined ? a : a < b ? a : b;
}
