import { InputError } from "../input-error.ts";

const BINARY = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const DECIMAL = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];

/**
 * The canonical text of a quantity, as volume sizes enter the node class's hash: the largest suffix of the quantity's own kind that leaves a whole number.
 * (`@groupless/quantity` is the library for quantities; this package depends on nothing.)
 *
 * @throws InputError `invalid-quantity`
 */
export function canonicalQuantity(text: string): string {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:([KMGTPE]i)|([numkMGTPE]?)|[eE]([+-]?\d{1,3}))$/.exec(text.trim());
  const [, sign = "", whole = "", fraction = "", binary, decimal = "", exponent] = match ?? [];
  if (match === null || whole + fraction === "") throw new InputError("invalid-quantity", JSON.stringify(text.slice(0, 80)), { expected: "a quantity such as 20Gi" });
  // Whole nanounits, rounded up: Kubernetes keeps no more.
  const digits = BigInt(whole + fraction) * (binary === undefined ? 1n : 1024n ** BigInt(BINARY.indexOf(binary)));
  const power = (exponent === undefined ? (binary === undefined ? 3 * (DECIMAL.indexOf(decimal) - 3) : 0) : Number(exponent)) - fraction.length + 9;
  const nano = power >= 0 ? digits * 10n ** BigInt(power) : (digits + 10n ** BigInt(-power) - 1n) / 10n ** BigInt(-power);
  if (nano === 0n) return "0";
  const minus = sign === "-" ? "-" : "";
  // Below 1024 even a binary quantity is written in decimal; fractions too.
  if (binary !== undefined && nano >= 1024n * 10n ** 9n && nano % 10n ** 9n === 0n) {
    let value = nano / 10n ** 9n;
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
