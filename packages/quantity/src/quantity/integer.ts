/** An integer of any size: a number while that is exact, a bigint beyond. */
export type Integer = number | bigint;

/** The largest power of ten a number holds exactly. */
export const LARGEST_EXACT_POWER = 22;
/** Powers of ten that numbers hold exactly; looking one up is cheaper than `10 ** n`. */
export const POWERS_OF_10: readonly number[] = Array.from({ length: LARGEST_EXACT_POWER + 1 }, (_, exponent) => Number(`1e${exponent}`));

const powers: bigint[] = [1n];

/** 10 to the power of a non-negative integer. */
export function powerOf10(exponent: number): bigint {
  for (let i = powers.length; i <= exponent; i++) powers.push((powers[i - 1] as bigint) * 10n);
  return powers[exponent] as bigint;
}

/** The same integer as a number, if that is exact. */
export function narrow(value: bigint): Integer {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

export function plus(a: Integer, b: Integer): Integer {
  if (typeof a === "number" && typeof b === "number") {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return narrow(BigInt(a) + BigInt(b));
}

export function times(a: Integer, b: Integer): Integer {
  if (typeof a === "number" && typeof b === "number") {
    const product = a * b;
    // Adding 0 turns a negative zero into zero.
    if (Number.isSafeInteger(product)) return product + 0;
  }
  return narrow(BigInt(a) * BigInt(b));
}

export function isMultiple(value: Integer, factor: number): boolean {
  return typeof value === "number" ? value % factor === 0 : value % BigInt(factor) === 0n;
}

export function timesPowerOf10(value: Integer, exponent: number): Integer {
  if (exponent === 0) return value;
  if (exponent <= 15) return times(value, POWERS_OF_10[exponent] as number);
  return narrow(BigInt(value) * powerOf10(exponent));
}

/** Divides by a power of ten; what is not exact moves away from zero. */
export function dividedByPowerOf10(value: Integer, exponent: number): Integer {
  if (exponent === 0) return value;
  if (typeof value === "number" && exponent <= 15) {
    const divisor = POWERS_OF_10[exponent] as number;
    const rest = value % divisor;
    return rest === 0 ? value / divisor + 0 : (value - rest) / divisor + (value > 0 ? 1 : -1);
  }
  const wide = BigInt(value);
  const divisor = powerOf10(exponent);
  const quotient = wide / divisor;
  return narrow(quotient * divisor === wide ? quotient : quotient + (wide > 0n ? 1n : -1n));
}

/** Takes out every factor of ten: the rest, and how many there were. */
export function withoutTens(value: Integer): { readonly rest: Integer; readonly tens: number } {
  let rest = value;
  let tens = 0;
  if (rest == 0) return { rest: 0, tens };
  while (typeof rest === "bigint" && rest % 10n === 0n) {
    rest = narrow(rest / 10n);
    tens += 1;
  }
  while (typeof rest === "number" && rest % 10 === 0) {
    rest /= 10;
    tens += 1;
  }
  return { rest, tens };
}
