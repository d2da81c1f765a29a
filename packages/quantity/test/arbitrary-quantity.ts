import fc from "fast-check";

export const RUNS = { numRuns: Number(process.env["LAWS_RUNS"] ?? 300) };

const digits = (min: number, max: number) => fc.array(fc.integer({ min: 0, max: 9 }), { minLength: min, maxLength: max }).map((list) => list.join(""));
const number = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 20_000 }).map(String) },
  { weight: 2, arbitrary: fc.tuple(digits(1, 4), digits(1, 4)).map(([whole, rest]) => `${whole}.${rest}`) },
  { weight: 1, arbitrary: digits(1, 40) },
  { weight: 1, arbitrary: fc.tuple(digits(0, 3), digits(1, 20)).map(([whole, rest]) => `${whole}.${rest}`) },
);
const suffix = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("", "m", "k", "M", "G", "Ki", "Mi", "Gi") },
  { weight: 1, arbitrary: fc.constantFrom("n", "u", "T", "P", "E", "Ti", "Pi", "Ei") },
  { weight: 1, arbitrary: fc.integer({ min: -12, max: 30 }).map((exponent) => `e${exponent}`) },
);

/** Text of the whole grammar, mostly of the sizes pods and nodes have. */
export const quantityText = fc.tuple(fc.constantFrom("", "", "", "-", "+"), number, suffix).map((parts) => parts.join(""));

/** Amounts that no quantity has to be rounded or capped for. */
export const plainText = fc.tuple(fc.constantFrom("", "", "-"), fc.bigInt({ min: 0n, max: 10n ** 25n }), fc.constantFrom("n", "u", "m", "", "k", "M", "G")).map((parts) => parts.join(""));

const powers: Record<string, bigint> = { n: 1n, u: 10n ** 3n, m: 10n ** 6n, "": 10n ** 9n, k: 10n ** 12n, M: 10n ** 15n, G: 10n ** 18n, T: 10n ** 21n, P: 10n ** 24n, E: 10n ** 27n };
const binary: Record<string, bigint> = { Ki: 2n ** 10n, Mi: 2n ** 20n, Gi: 2n ** 30n, Ti: 2n ** 40n, Pi: 2n ** 50n, Ei: 2n ** 60n };
const LARGEST = (2n ** 63n - 1n) * 10n ** 9n;

/** What a text means, in nanos, worked out the long way: the brute force to compare with. */
export function nanosOf(text: string): bigint {
  const [, sign, whole = "", rest = "", unit = ""] = /^([+-]?)([0-9]*)\.?([0-9]*)(.*)$/.exec(text) as unknown as string[];
  const scaled = BigInt(`${whole}${rest}` || "0");
  const exponent = /^e([+-]?[0-9]+)$/.exec(unit);
  let top = scaled * 10n ** 9n;
  let bottom = 10n ** BigInt(rest.length);
  if (exponent !== null) {
    const power = BigInt(exponent[1] as string);
    if (power >= 0n) top *= 10n ** power;
    else bottom *= 10n ** -power;
  } else top = (scaled * (binary[unit] === undefined ? (powers[unit] as bigint) : binary[unit] * 10n ** 9n));
  const up = (top + bottom - 1n) / bottom;
  const capped = binary[unit] !== undefined && up > LARGEST ? LARGEST : up;
  return sign === "-" ? -capped : capped;
}
