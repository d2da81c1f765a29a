import type { QuantityText } from "@groupless/api";
import { compareQuantities } from "./compare.ts";
import { type Integer, narrow, times, timesPowerOf10, withoutTens } from "./integer.ts";
import { type Quantity, type QuantityFormat, quantityOf } from "./quantity.ts";
import { writeSuffix } from "./suffix.ts";

const KIBI: Quantity = quantityOf(1024, 0, "BinarySI");
const MINUS_KIBI: Quantity = quantityOf(-1024, 0, "BinarySI");

/**
 * The canonical Kubernetes text: no fraction, the largest suffix that loses nothing.
 *
 * Beyond `E` and `Ei`, where Kubernetes has no suffix left (and drops the exponent), the number in front grows: the text stays exact.
 *
 * @example
 * ```ts
 * import { formatQuantity, parseQuantity } from "@groupless/quantity";
 * formatQuantity(parseQuantity("1500m")); // => "1500m"
 * formatQuantity(parseQuantity("1024Mi")); // => "1Gi"
 * formatQuantity(parseQuantity("1073741824"), "BinarySI"); // => "1Gi"
 * ```
 */
export function formatQuantity(quantity: Quantity, format: QuantityFormat = quantity.format): QuantityText {
  const { digits, exponent, base } = canonicalParts(quantity, format);
  const largest = base === "BinarySI" ? 60 : base === "DecimalSI" ? 18 : Infinity;
  if (exponent <= largest) return `${digits}${writeSuffix(exponent, base) as string}`;
  const grown = base === "BinarySI" ? narrow(BigInt(digits) << BigInt(exponent - largest)) : timesPowerOf10(digits, exponent - largest);
  return `${grown}${writeSuffix(largest, base) as string}`;
}

/**
 * The text Kubernetes itself (1.35) prints for a parsed quantity: the text it came from where that passes for canonical (`+1`, `1.5k`),
 * else the canonical text; beyond `E` and `Ei` the exponent is lost (1000E prints as `1`). For comparing with recorded output only.
 */
export function kubernetesText(quantity: Quantity): string {
  return quantity.text ?? kubernetesCanonicalText(quantity);
}

/** As `kubernetesText`, without regard to the text the quantity came from. */
export function kubernetesCanonicalText(quantity: Quantity): string {
  const { digits, exponent, base } = canonicalParts(quantity, quantity.format);
  return `${digits}${writeSuffix(exponent, base) ?? ""}`;
}

/** Plain decimal digits, with as many after the point as Kubernetes keeps: `1.5` for `1.5`, `1.000000000` for what it holds in nanos. */
export function decimalText(quantity: Quantity): string {
  const { mantissa, exponent } = quantity;
  if (exponent >= 0) return `${timesPowerOf10(mantissa, exponent)}`;
  const digits = `${mantissa < 0 ? -mantissa : mantissa}`.padStart(1 - exponent, "0");
  return `${mantissa < 0 ? "-" : ""}${digits.slice(0, exponent)}.${digits.slice(exponent)}`;
}

interface CanonicalParts {
  readonly digits: Integer;
  /** Of ten, or of two for `BinarySI`. */
  readonly exponent: number;
  /** A binary quantity that is small or not whole is written in decimal. */
  readonly base: QuantityFormat;
}

function canonicalParts(quantity: Quantity, format: QuantityFormat): CanonicalParts {
  const { rest, tens } = withoutTens(quantity.mantissa);
  if (rest === 0) return { digits: 0, exponent: 0, base: "DecimalSI" };
  const exponent = quantity.exponent + tens;
  if (format === "BinarySI" && exponent >= 0 && (compareQuantities(quantity, KIBI) >= 0 || compareQuantities(quantity, MINUS_KIBI) <= 0)) {
    const { digits, exponent: kibis } = withoutKibis(timesPowerOf10(rest, exponent));
    return { digits, exponent: kibis, base: format };
  }
  const above = ((exponent % 3) + 3) % 3;
  return { digits: times(rest, 10 ** above), exponent: exponent - above, base: format === "BinarySI" ? "DecimalSI" : format };
}

function withoutKibis(value: Integer): { digits: Integer; exponent: number } {
  let digits = BigInt(value);
  let exponent = 0;
  while (digits % 1024n === 0n) {
    digits /= 1024n;
    exponent += 10;
  }
  return { digits: narrow(digits), exponent };
}
