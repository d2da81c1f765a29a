import { InputError } from "@groupless/api";

/** Powers of ten and of two by quantity suffix, over the nano unit in which Kubernetes keeps its finest amounts. */
const DECIMAL: Readonly<Record<string, bigint>> = { n: 1n, u: 1_000n, m: 1_000_000n, "": 1_000_000_000n, k: 10n ** 12n, M: 10n ** 15n, G: 10n ** 18n, T: 10n ** 21n, P: 10n ** 24n, E: 10n ** 27n };
const BINARY: Readonly<Record<string, bigint>> = { Ki: 1n << 10n, Mi: 1n << 20n, Gi: 1n << 30n, Ti: 1n << 40n, Pi: 1n << 50n, Ei: 1n << 60n };
const ONE = 1_000_000_000n;
const FORM = /^([+-]?)(\d*)(?:\.(\d*))?(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d+))?$/;

/**
 * A Kubernetes quantity as an exact count of nano units; anything finer is rounded away from zero, as the API server does.
 *
 * @throws InputError `bad-quantity`
 */
export function nanoOf(text: string): bigint {
  const match = FORM.exec(text);
  const [, sign = "", whole = "", fraction = "", suffix = "", exponent] = match ?? [];
  if (match === null || whole + fraction === "") throw new InputError("bad-quantity", `${JSON.stringify(text)} is no quantity`, { expected: "a number with an optional suffix, such as 500m, 2 or 4Gi" });
  let digits = BigInt(whole + fraction);
  let divisor = 10n ** BigInt(fraction.length);
  if (exponent !== undefined) {
    const power = Number(exponent);
    if (power >= 0) digits *= 10n ** BigInt(Math.min(power, 100));
    else divisor *= 10n ** BigInt(Math.min(-power, 100));
    digits *= ONE;
  } else digits *= suffix in BINARY ? (BINARY[suffix] as bigint) * ONE : (DECIMAL[suffix] as bigint);
  const nano = (digits + divisor - 1n) / divisor;
  return sign === "-" ? -nano : nano;
}

const DECIMAL_STEPS: readonly (readonly [string, bigint])[] = (["E", "P", "T", "G", "M", "k", "", "m", "u"] as const).map((suffix) => [suffix, DECIMAL[suffix] as bigint]);
const BINARY_STEPS: readonly (readonly [string, bigint])[] = (["Ei", "Pi", "Ti", "Gi", "Mi", "Ki"] as const).map((suffix) => [suffix, (BINARY[suffix] as bigint) * ONE]);

/** Kubernetes' canonical text: the largest suffix that leaves a whole number; binary suffixes for memory and storage. */
export function textOfNano(nano: bigint, resource: string): string {
  if (nano === 0n) return "0";
  const binary = isBinary(resource) && (nano >= 1024n * ONE || nano <= -1024n * ONE);
  let amount = nano;
  if (binary && amount % ONE !== 0n) amount = amount > 0n ? (amount / ONE + 1n) * ONE : (amount / ONE - 1n) * ONE;
  for (const [suffix, unit] of binary ? BINARY_STEPS : DECIMAL_STEPS) if (amount % unit === 0n) return `${amount / unit}${suffix}`;
  return binary ? String(amount / ONE) : `${amount}n`;
}

/** Is it printed with binary suffixes? */
export function isBinary(resource: string): boolean {
  return resource === "memory" || resource === "ephemeral-storage" || resource === "storage" || resource.startsWith("hugepages-");
}
