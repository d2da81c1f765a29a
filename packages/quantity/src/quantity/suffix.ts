import type { Integer } from "./integer.ts";
import type { QuantityFormat } from "./quantity.ts";

/** What a suffix multiplies by: a power of ten, or of two for the binary ones. */
export interface Suffix {
  readonly format: QuantityFormat;
  readonly exponent: number;
  /** The power of two; 1 for the others. */
  readonly factor: Integer;
}

/** Larger powers of ten than this are refused: no machine has that much, and an exact number of that size would only be slow. */
export const LARGEST_EXPONENT = 4096;

// Kubernetes apimachinery pkg/api/resource/suffix.go lists these and no others: no `K`, no upper-case binary ones, no `Zi`.
const decimal: readonly (readonly [string, number])[] = [["n", -9], ["u", -6], ["m", -3], ["", 0], ["k", 3], ["M", 6], ["G", 9], ["T", 12], ["P", 15], ["E", 18]];
const binary: readonly (readonly [string, number])[] = [["Ki", 10], ["Mi", 20], ["Gi", 30], ["Ti", 40], ["Pi", 50], ["Ei", 60]];

const suffixes: ReadonlyMap<string, Suffix> = new Map<string, Suffix>([
  ...decimal.map(([text, exponent]) => [text, { format: "DecimalSI", exponent, factor: 1 }] as const),
  ...binary.map(([text, exponent]) => [text, { format: "BinarySI", exponent, factor: exponent < 53 ? 2 ** exponent : 2n ** BigInt(exponent) }] as const),
]);

const NONE = suffixes.get("") as Suffix;

/** What the suffix that begins there means; undefined if it is none. */
export function readSuffix(whole: string, start: number): Suffix | undefined {
  if (start === whole.length) return NONE;
  const text = whole.slice(start);
  const known = suffixes.get(text);
  if (known !== undefined) return known;
  if (!/^[eE][+-]?[0-9]+$/.test(text)) return undefined;
  const exponent = Number(text.slice(1));
  return Math.abs(exponent) <= LARGEST_EXPONENT ? { format: "DecimalExponent", exponent: exponent + 0, factor: 1 } : undefined;
}

const decimalByExponent: ReadonlyMap<number, string> = new Map(decimal.map(([text, exponent]) => [exponent, text]));
const binaryByExponent: ReadonlyMap<number, string> = new Map(binary.map(([text, exponent]) => [exponent, text]));

/** The suffix of a power of ten or, for `BinarySI`, of two; undefined where the format has none. */
export function writeSuffix(exponent: number, format: QuantityFormat): string | undefined {
  if (exponent === 0) return "";
  if (format === "DecimalExponent") return `e${exponent}`;
  return (format === "BinarySI" ? binaryByExponent : decimalByExponent).get(exponent);
}
