import { expect, test } from "vitest";
import { addQuantities, multiplyQuantity, negateQuantity, subtractQuantities } from "../../src/quantity/arithmetic.ts";
import { decimalText, formatQuantity } from "../../src/quantity/format.ts";
import { parseQuantity } from "../../src/quantity/parse.ts";
import { quantityOf } from "../../src/quantity/quantity.ts";

const q = parseQuantity;
const sum = (a: string, b: string) => addQuantities(q(a), q(b));

test("P-050 a sum keeps the format of its first operand that is not zero", () => {
  expect(formatQuantity(sum("1Gi", "1Gi"))).toBe("2Gi");
  expect(formatQuantity(sum("0", "2Gi"))).toBe("2Gi");
  expect(formatQuantity(sum("2G", "1Gi"))).toBe("3073741824");
  expect(formatQuantity(sum("1e3", "1k"))).toBe("2e3");
  expect(formatQuantity(subtractQuantities(q("0"), q("1Gi")))).toBe("-1Gi");
  expect(sum("0.0", "0Gi").format).toBe("BinarySI");
  expect(sum("1", "0Gi").format).toBe("DecimalSI");
});

test("adding nothing changes no digit, adding to nothing takes over the digits", () => {
  expect(decimalText(sum("1.50", "0"))).toBe("1.50");
  expect(decimalText(sum("0", "1.50"))).toBe("1.50");
  expect(decimalText(sum("5", "0.000"))).toBe("5");
  expect(decimalText(sum("5", "0.0Ki"))).toBe("5.0");
  expect(decimalText(sum("0.0Ki", "5"))).toBe("5.0");
  expect(decimalText(sum("0.000", "5"))).toBe("5");
  expect(sum("5", "0").wide).toBe(false);
  expect(sum("0", "5").wide).toBe(false);
});

test("sums beyond 64 bits are exact and held wide", () => {
  expect(decimalText(sum("999999999999999999", "999999999999999999"))).toBe("1999999999999999998");
  const large = addQuantities(quantityOf(9223372036854775807n, 0, "DecimalSI"), q("1"));
  expect(large).toMatchObject({ mantissa: 9223372036854775808n, wide: true });
  expect(addQuantities(quantityOf(9223372036854775806n, 0, "DecimalSI"), q("1")).wide).toBe(false);
  expect(addQuantities(quantityOf(-9223372036854775807n, 0, "DecimalSI"), q("-1")).wide).toBe(false);
  expect(addQuantities(quantityOf(-9223372036854775807n, 0, "DecimalSI"), q("-2")).wide).toBe(true);
  // To bring an operand to the other's scale may leave 64 bits though the sum does not.
  expect(addQuantities(quantityOf(10n ** 18n, 0, "DecimalSI"), quantityOf(-1, -2, "DecimalSI")).wide).toBe(true);
  expect(addQuantities(quantityOf(-1, -2, "DecimalSI"), quantityOf(10n ** 18n, 0, "DecimalSI")).wide).toBe(true);
});

test("a sum that fits is held wide where an operand did not fit on the way", () => {
  const large = quantityOf(922337203685477581n, 0, "DecimalSI");
  const negative = quantityOf(-101, -1, "DecimalSI");
  expect(addQuantities(large, negative)).toMatchObject({ mantissa: 9223372036854775709n, wide: true });
  expect(addQuantities(negative, large)).toMatchObject({ mantissa: 9223372036854775709n, wide: true });
});

test("zero has no sign", () => {
  expect(Object.is(negateQuantity(q("0")).mantissa, 0)).toBe(true);
  expect(Object.is(q("-0").mantissa, 0)).toBe(true);
  expect(Object.is(q("-0.0Ki").mantissa, 0)).toBe(true);
  expect(Object.is(quantityOf(-0, 0, "DecimalSI").mantissa, 0)).toBe(true);
  expect(Object.is(multiplyQuantity(q("-3"), 0).mantissa, 0)).toBe(true);
});

test("products are exact at any size", () => {
  expect(formatQuantity(multiplyQuantity(q("250m"), 4))).toBe("1");
  expect(formatQuantity(multiplyQuantity(q("1Gi"), 10_000_000))).toBe("10000000Gi");
  expect(multiplyQuantity(q("3"), 10n ** 19n)).toMatchObject({ mantissa: 3n * 10n ** 19n, wide: true });
  expect(multiplyQuantity(q("3"), 2).wide).toBe(false);
  expect(multiplyQuantity(q("1.5Gi"), 2).wide).toBe(true);
});
