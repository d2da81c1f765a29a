import { InputError } from "../input-error.ts";

const BINARY = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const DECIMAL = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];

const LARGEST_BINARY = 2n ** 63n - 1n;

/**
 * The text that Kubernetes prints for a quantity it has read, as volume sizes enter the node class's hash: the quantity's own where that passes
 * for canonical, else the largest suffix of its kind that leaves a whole number.
 * (`@groupless/quantity` is the library for quantities; this package depends on nothing.)
 *
 * @throws InputError `invalid-quantity`
 */
export function printedQuantity(source: string): string {
  const text = source.trim();
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:([KMGTPE]i)|([numkMGTPE]?)|[eE]([+-]?\d{1,3}))$/.exec(text);
  const [, sign = "", whole = "", fraction = "", binary, decimal = "", exponent] = match ?? [];
  if (match === null || whole + fraction === "") throw new InputError("invalid-quantity", JSON.stringify(text.slice(0, 80)), { expected: "a quantity such as 20Gi" });
  const decimalExponent = exponent === undefined ? 3 * (DECIMAL.indexOf(decimal) - 3) : Number(exponent);
  if (passesForCanonical(whole.replace(/^0+/, "") || "0", fraction, binary, decimalExponent)) return text;
  // Whole nanounits, rounded up: Kubernetes keeps no more.
  const digits = BigInt(whole + fraction) * (binary === undefined ? 1n : 1024n ** BigInt(BINARY.indexOf(binary)));
  const power = (binary === undefined ? decimalExponent : 0) - fraction.length + 9;
  const nano = power >= 0 ? digits * 10n ** BigInt(power) : (digits + 10n ** BigInt(-power) - 1n) / 10n ** BigInt(-power);
  if (nano === 0n) return "0";
  const minus = sign === "-" ? "-" : "";
  // Below 1024 even a binary quantity is written in decimal; fractions too.
  if (binary !== undefined && nano >= 1024n * 10n ** 9n && nano % 10n ** 9n === 0n) {
    let value = nano / 10n ** 9n > LARGEST_BINARY ? LARGEST_BINARY : nano / 10n ** 9n;
    let step = 0;
    while (value % 1024n === 0n && step < BINARY.length - 1) {
      value /= 1024n;
      step++;
    }
    return `${minus}${value}${BINARY[step]}`;
  }
  let value = nano;
  let step = 0;
  while (value % 1000n === 0n && step < DECIMAL.length - 1) {
    value /= 1000n;
    step++;
  }
  if (exponent === undefined) return `${minus}${value}${DECIMAL[step]}`;
  return `${minus}${value}${step === 3 ? "" : `e${3 * (step - 3)}`}`;
}

// Kubernetes keeps the text of short quantities that it takes for canonical at a glance, though they may carry a sign or a bare point.
function passesForCanonical(whole: string, fraction: string, binary: string | undefined, exponent: number): boolean {
  const digits = whole + fraction;
  if (binary !== undefined) return fraction === "" && 15 - digits.length - Math.trunc(3 * BINARY.indexOf(binary)) - 1 >= 0 && (BigInt(digits) & 7n) !== 0n;
  const scale = exponent - fraction.length;
  return digits.length <= 18 && scale >= -9 && scale % 3 === 0 && !digits.endsWith("000") && !digits.startsWith("0");
}
