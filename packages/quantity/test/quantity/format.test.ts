import { expect, test } from "vitest";
import { decimalText, formatQuantity, kubernetesCanonicalText, kubernetesText } from "../../src/quantity/format.ts";
import { parseQuantity } from "../../src/quantity/parse.ts";
import { quantityOf } from "../../src/quantity/quantity.ts";

const q = parseQuantity;

test("binary quantities that are small or not whole are printed in decimal", () => {
  expect(formatQuantity(quantityOf(1023, 0, "BinarySI"))).toBe("1023");
  expect(formatQuantity(quantityOf(1000, 0, "BinarySI"))).toBe("1k");
  expect(formatQuantity(quantityOf(1024, 0, "BinarySI"))).toBe("1Ki");
  expect(formatQuantity(quantityOf(-1024, 0, "BinarySI"))).toBe("-1Ki");
  expect(formatQuantity(quantityOf(-1023, 0, "BinarySI"))).toBe("-1023");
  expect(formatQuantity(quantityOf(15005, -1, "BinarySI"))).toBe("1500500m");
  expect(formatQuantity(quantityOf(20480, -1, "BinarySI"))).toBe("2Ki");
  expect(formatQuantity(quantityOf(2000, 0, "BinarySI"))).toBe("2000");
});

test("a quantity is printed in another format on request", () => {
  expect(formatQuantity(q("1073741824"), "BinarySI")).toBe("1Gi");
  expect(formatQuantity(q("1Ki"), "DecimalSI")).toBe("1024");
  expect(formatQuantity(q("1M"), "DecimalExponent")).toBe("1e6");
  expect(formatQuantity(q("10M"), "DecimalExponent")).toBe("10e6");
  expect(formatQuantity(q("100M"), "DecimalExponent")).toBe("100e6");
  expect(formatQuantity(q("0Gi"), "DecimalExponent")).toBe("0");
});

test("exponents are multiples of three, also below one", () => {
  expect(formatQuantity(q("0.1"))).toBe("100m");
  expect(formatQuantity(q("0.01"))).toBe("10m");
  expect(formatQuantity(q("0.001"))).toBe("1m");
  expect(formatQuantity(q("0.0001"))).toBe("100u");
  expect(formatQuantity(q("20k"))).toBe("20k");
  expect(formatQuantity(q("300000"))).toBe("300k");
});

test("beyond E and Ei the number grows where Kubernetes drops the exponent", () => {
  const huge = q("1000000000000000000E");
  expect(formatQuantity(huge)).toBe("1000000000000000000E");
  expect(kubernetesCanonicalText(huge)).toBe("1");
  const binary = quantityOf(2n ** 72n, 0, "BinarySI");
  expect(formatQuantity(binary)).toBe("4096Ei");
  expect(kubernetesCanonicalText(binary)).toBe("4");
  expect(formatQuantity(quantityOf(2n ** 60n, 0, "BinarySI"))).toBe("1Ei");
  expect(formatQuantity(q("1E"))).toBe("1E");
  expect(formatQuantity(q("1e30"))).toBe("1e30");
});

test("Kubernetes gives some texts back as they came", () => {
  expect(kubernetesText(q("+1"))).toBe("+1");
  expect(kubernetesText(q("1.000"))).toBe("1");
  expect(kubernetesText(q("1024Mi"))).toBe("1Gi");
});

test("decimal digits keep the zeros the amount is held with", () => {
  expect(decimalText(quantityOf(0, -3, "DecimalSI"))).toBe("0.000");
  expect(decimalText(quantityOf(0, 3, "DecimalSI"))).toBe("0");
  expect(decimalText(quantityOf(5, 3, "DecimalSI"))).toBe("5000");
  expect(decimalText(quantityOf(-5, -3, "DecimalSI"))).toBe("-0.005");
  expect(decimalText(quantityOf(-1500, -3, "DecimalSI"))).toBe("-1.500");
  expect(decimalText(quantityOf(7, 0, "DecimalSI"))).toBe("7");
});
