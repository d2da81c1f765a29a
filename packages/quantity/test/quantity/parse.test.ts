import { expect, test } from "vitest";
import { decimalText, formatQuantity, kubernetesText } from "../../src/quantity/format.ts";
import { parseQuantity } from "../../src/quantity/parse.ts";
import { QuantityError } from "../../src/quantity/quantity-error.ts";

const shown = (text: string) => formatQuantity(parseQuantity(text));

function errorOf(text: unknown): QuantityError {
  try {
    parseQuantity(text as string);
  } catch (error) {
    if (error instanceof QuantityError) return error;
  }
  throw new Error(`${String(text)} was let pass`);
}

test("P-045 every suffix is understood, and the largest that fits is printed", () => {
  const amounts = { "1000n": "1u", "1500u": "1500u", "1000m": "1", "1500m": "1500m", "1000": "1k", "1000k": "1M", "1000M": "1G", "1000G": "1T", "1000T": "1P", "1000P": "1E" };
  for (const [text, canonical] of Object.entries(amounts)) expect(shown(text)).toBe(canonical);
  for (const [small, large] of [["Ki", "Mi"], ["Mi", "Gi"], ["Gi", "Ti"], ["Ti", "Pi"], ["Pi", "Ei"]]) expect(shown(`1024${small}`)).toBe(`1${large}`);
});

test("signs, leading zeros, bare points and exponents are read", () => {
  expect(shown("+5")).toBe("5");
  expect(shown("-007")).toBe("-7");
  expect(shown("5.")).toBe("5");
  expect(shown(".5")).toBe("500m");
  expect(shown("1.5Gi")).toBe("1536Mi");
  expect(shown("12e6")).toBe("12e6");
  expect(shown("12E-3")).toBe("12e-3");
  expect(shown("1e+2")).toBe("100");
  expect(shown("5E")).toBe("5E");
  expect(shown("00.50")).toBe("500m");
});

test("Kubernetes reads a sign or a point alone as zero, and so do we", () => {
  for (const text of ["-", "+", ".", "-.", "m", ".k", "-Ki", "e3"]) expect(shown(text)).toBe("0");
  // Where the amount would not fit an int64 it looks for digits, and finds none.
  expect(errorOf(".Ei").code).toBe("quantity-numeric");
  expect(errorOf("-Pi")).toMatchObject({ code: "quantity-numeric", location: { column: 2 } });
  expect(errorOf("-Pi").message).toContain('"-Pi" has no digits');
  expect(shown("0Ei")).toBe("0");
  expect(shown("0.Pi")).toBe("0");
});

test("fractions finer than a nano move away from zero", () => {
  expect(shown("0.0000000001")).toBe("1n");
  expect(shown("-0.1234567891")).toBe("-123456790n");
  expect(shown("1e-10")).toBe("1e-9");
  expect(shown("0.1n")).toBe("1n");
});

test("binary amounts end at the largest int64, decimal ones do not end", () => {
  expect(shown("8Ei")).toBe("9223372036854775807");
  expect(shown("-9Ei")).toBe("-9223372036854775807");
  expect(shown("7Ei")).toBe("7Ei");
  expect(shown("1e30")).toBe("1e30");
  expect(shown("18446744073709551616")).toBe("18446744073709551616");
  expect(shown("9223372036854775808")).toBe("9223372036854775808");
});

test("a binary amount below one is decimal", () => {
  expect(parseQuantity("0.0001Ki")).toMatchObject({ format: "DecimalSI" });
  expect(parseQuantity("0.5Gi")).toMatchObject({ format: "BinarySI" });
  expect(parseQuantity("0.0009765625Ki")).toMatchObject({ format: "BinarySI" });
  expect(parseQuantity("0.0Ki")).toMatchObject({ format: "BinarySI" });
});

test("a text that passes for canonical is kept as it came", () => {
  expect(parseQuantity("+1").text).toBe("+1");
  expect(parseQuantity("1.000").text).toBeUndefined();
  expect(parseQuantity("1.500").text).toBe("1.500");
  expect(parseQuantity("1.501").text).toBe("1.501");
  expect(parseQuantity("0.5").text).toBeUndefined();
  expect(parseQuantity("1025Ki").text).toBe("1025Ki");
  expect(parseQuantity("1024Ki").text).toBeUndefined();
  expect(parseQuantity("1000").text).toBeUndefined();
  expect(parseQuantity("10e1").text).toBeUndefined();
  expect(parseQuantity("123456789012345678").text).toBe("123456789012345678");
  expect(parseQuantity("1234567890123456789").text).toBeUndefined();
});

test("numbers are held as Kubernetes holds them: short to 18 digits, in nanos beyond", () => {
  expect(decimalText(parseQuantity("123456789012345678"))).toBe("123456789012345678");
  expect(decimalText(parseQuantity("1234567890123456789"))).toBe("1234567890123456789.000000000");
  expect(decimalText(parseQuantity("1.5"))).toBe("1.5");
  expect(decimalText(parseQuantity("1.5Ki"))).toBe("1536.000000000");
  expect(decimalText(parseQuantity("999999999999999.9999"))).toBe("999999999999999.999900000");
  expect(decimalText(parseQuantity("0.123456789"))).toBe("0.123456789");
  expect(decimalText(parseQuantity("99999999999Ki"))).toBe("102399999998976");
  expect(decimalText(parseQuantity("999999999999Ki"))).toBe("1023999999998976.000000000");
  expect(decimalText(parseQuantity("9Ti"))).toBe("9895604649984");
  expect(decimalText(parseQuantity("99Ti"))).toBe("108851651149824");
  expect(decimalText(parseQuantity("999Ti"))).toBe("1098412116148224.000000000");
  expect(decimalText(parseQuantity("1Pi"))).toBe("1125899906842624.000000000");
});

test("an invalid text is refused with the column at which it goes wrong", () => {
  const places: Record<string, [string, number]> = {
    "": ["quantity-format", 1],
    "1 ": ["quantity-format", 2],
    " 1": ["quantity-format", 1],
    "0x10": ["quantity-format", 2],
    "1,000": ["quantity-format", 2],
    "1..2": ["quantity-format", 3],
    "1e1.5": ["quantity-format", 4],
    "1Gib": ["quantity-format", 4],
    NaN: ["quantity-format", 1],
    "1K": ["quantity-suffix", 2],
    "12mM": ["quantity-suffix", 3],
    "--1": ["quantity-suffix", 2],
    "1e": ["quantity-suffix", 2],
    "1e+": ["quantity-suffix", 2],
    "1ki": ["quantity-suffix", 2],
    "1-5": ["quantity-suffix", 2],
    "1e99999": ["quantity-suffix", 2],
    "1e-4097": ["quantity-suffix", 2],
  };
  for (const [text, [code, column]] of Object.entries(places)) expect(errorOf(text), text).toMatchObject({ code, location: { column }, name: "QuantityError" });
  expect(errorOf("1K").message).toBe(
    '"1K" has no known suffix; expected digits, at most one point, then a suffix (n u m k M G T P E Ki Mi Gi Ti Pi Ei) or a decimal exponent (e3), exponents within ±4096',
  );
  expect(errorOf("1x").message).toContain('"1x" is no quantity; expected digits');
  expect(errorOf(`1x${"y".repeat(50)}`).message).toContain(`"1x${"y".repeat(38)}…" is no quantity`);
  expect(errorOf(`x${"y".repeat(39)}`).message).toContain(`"x${"y".repeat(39)}" is no quantity`);
});

test("the largest exponents and lengths that are let pass", () => {
  expect(shown("1e4096")).toBe("10e4095");
  expect(shown("1e-4096")).toBe("1e-9");
  expect(shown("1".repeat(4096))).toBe("1".repeat(4096));
  expect(errorOf("1".repeat(4097))).toMatchObject({ code: "quantity-format", location: { column: 4097 } });
  expect(errorOf("1".repeat(4097)).message).toContain("is longer than 4096 characters");
});

test("what is no text is refused", () => {
  expect(errorOf(2).message).toContain("a number is no quantity text");
  expect(errorOf(null).message).toContain("a null is no quantity text");
  expect(errorOf(undefined).code).toBe("quantity-format");
});

test("how a quantity is held follows from its length: zeros in front do not count, nanos fit", () => {
  expect(parseQuantity("0000000000000000000001").wide).toBe(false);
  expect(parseQuantity("1n").wide).toBe(false);
  expect(parseQuantity("0.1n").wide).toBe(true);
  expect(parseQuantity("99999999999Ei")).toMatchObject({ mantissa: 9223372036854775807n, exponent: 0, wide: true });
  // Exactly the largest: not cut off, so it keeps its nanos.
  expect(decimalText(parseQuantity("9007199254740991.9990234375Ki"))).toBe("9223372036854775807.000000000");
});

test("Kubernetes gives back a text as it came only if digits stand before the point and thousands are not spelled out", () => {
  expect(kubernetesText(parseQuantity(".500"))).toBe("500m");
  expect(kubernetesText(parseQuantity("1.500"))).toBe("1.500");
  expect(kubernetesText(parseQuantity("100000000000000000"))).toBe("100P");
  expect(kubernetesText(parseQuantity("100000000000000001"))).toBe("100000000000000001");
});

test("a text is too long from 4,097 characters on", () => {
  expect(() => parseQuantity("x".repeat(4096))).toThrow("is no quantity");
  expect(() => parseQuantity("x".repeat(4097))).toThrow("is longer than 4096 characters");
});
