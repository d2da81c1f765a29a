import { expect, test } from "vitest";
import { parseQuantity } from "../../src/quantity/parse.ts";
import { exponentOf, quantityOf, toScaledInteger } from "../../src/quantity/quantity.ts";
import { int64Value, roundUp } from "../../src/quantity/round.ts";
import { decimalText } from "../../src/quantity/format.ts";

const q = parseQuantity;

test("the exponent of an amount is the coarsest scale at which it is whole", () => {
  expect(exponentOf(q("3"))).toBe(0);
  expect(exponentOf(q("250m"))).toBe(-2);
  expect(exponentOf(q("1.5Gi"))).toBe(0);
  expect(exponentOf(q("2k"))).toBe(3);
  expect(exponentOf(q("0m"))).toBe(0);
  expect(exponentOf(q("10000000000000000000000n"))).toBe(13);
});

test("amounts become integers at a scale: numbers up to 2^53, bigints beyond", () => {
  expect(toScaledInteger(q("250m"), -3)).toBe(250);
  expect(toScaledInteger(q("1Gi"), 0)).toBe(1073741824);
  expect(toScaledInteger(q("10000000Gi"), 0)).toBe(10737418240000000n);
  expect(toScaledInteger(q("9007199254740991"), 0)).toBe(9007199254740991);
  expect(toScaledInteger(q("9007199254740992"), 0)).toBe(9007199254740992n);
  expect(toScaledInteger(q("0"), 6)).toBe(0);
  expect(toScaledInteger(q("2000"), 3)).toBe(2);
  expect(toScaledInteger(q("1e30"), 12)).toBe(1000000000000000000n);
  expect(() => toScaledInteger(q("2001"), 3)).toThrow("a quantity of 2001e0 is no multiple of 1e3; expected a finer scale");
  expect(() => toScaledInteger(q("2001"), 1)).toThrowError(expect.objectContaining({ code: "quantity-not-exact" }));
});

test("a quantity is made of exact integers only", () => {
  expect(quantityOf(2 ** 53 - 1, 0, "DecimalSI").mantissa).toBe(9007199254740991);
  expect(quantityOf(5n, 0, "DecimalSI").mantissa).toBe(5);
  expect(() => quantityOf(0.5, 0, "DecimalSI")).toThrow("0.5 is no exact integer; expected a safe integer or a bigint");
  expect(() => quantityOf(2 ** 53, 0, "DecimalSI")).toThrowError(expect.objectContaining({ code: "quantity-not-an-integer" }));
  expect(quantityOf(2n ** 63n, 0, "DecimalSI").wide).toBe(true);
  expect(quantityOf(2n ** 63n - 1n, 0, "DecimalSI").wide).toBe(false);
  expect(quantityOf(-(2n ** 63n), 0, "DecimalSI").wide).toBe(false);
  expect(quantityOf(-(2n ** 63n) - 1n, 0, "DecimalSI").wide).toBe(true);
});

test("rounding a short quantity keeps it as it is, a wide one is brought to the scale", () => {
  const short = q("2k");
  expect(roundUp(short, 0)).toEqual({ quantity: short, exact: true });
  expect(roundUp(short, 0).quantity).toBe(short);
  expect(decimalText(roundUp(q("1.5Ki"), -3).quantity)).toBe("1536.000");
  expect(decimalText(roundUp(q("1.5Ki"), -12).quantity)).toBe("1536.000000000000");
  expect(roundUp(q("-1500m"), 0)).toMatchObject({ exact: false, quantity: { mantissa: -2 } });
  expect(roundUp(q("1n"), 6)).toMatchObject({ exact: false, quantity: { mantissa: 1, exponent: 6 } });
  expect(roundUp(q("2000000"), 6)).toMatchObject({ exact: true, quantity: { mantissa: 2, exponent: 6 } });
});

test("what does not fit 64 bits is what Kubernetes' arithmetic leaves of it", () => {
  // At once by the usual powers, wrapping …
  expect(int64Value(q("9223372036854775k"), -3)).toBe("-808000");
  expect(int64Value(q("99999999999999999"), -3)).toBe("7766279631452240920");
  // … digit by digit by others, giving up.
  expect(int64Value(q("1e30"), 0)).toBe("0");
  expect(int64Value(q("99999999999999999k"), -9)).toBe("0");
  expect(int64Value(quantityOf(-(2n ** 63n), 0, "DecimalSI"), -3)).toBe("0");
  expect(int64Value(quantityOf(-(2n ** 63n), 0, "DecimalSI"), 0)).toBe("-9223372036854775808");
  // Big decimals wrap; past 10^18 the power itself does.
  expect(int64Value(q("9223372036854775808"), 0)).toBe("-9223372036854775808");
  expect(int64Value(q("1.5Ki"), -28)).toBe("0");
  expect(int64Value(q("0.0000000001"), -28)).toBe("-9223372036854775808");
  expect(int64Value(q("0.0000000001"), -27)).toBe("1000000000000000000");
});

test("parts of a unit count as one; below zero a big decimal loses them", () => {
  expect(int64Value(q("1n"), 0)).toBe("1");
  expect(int64Value(q("-1500m"), 0)).toBe("-2");
  expect(int64Value(q("-1.5000000001"), 0)).toBe("0");
  expect(int64Value(q("1.5Ki"), 3)).toBe("2");
  expect(int64Value(q("1.5Ki"), 0)).toBe("1536");
  expect(int64Value(q("99999999999.5Gi"), 0)).toBe("9223372036854775807");
  expect(int64Value(q("9999999999.00000000051"), 0)).toBe("10000000000");
  expect(int64Value(q("-9999999999.00000000051"), 0)).toBe("8446744075");
  expect(int64Value(q("-1e30"), 21)).toBe("-1000000000");
  expect(int64Value(q("1"), -4)).toBe("10000");
  expect(int64Value(q("-1.5000000001"), 10)).toBe("0");
  expect(int64Value(quantityOf(2n ** 63n, 0, "DecimalSI"), 1)).toBe("922337203685477581");
  expect(int64Value(quantityOf(2n ** 63n + 1n, 0, "DecimalSI"), 1)).toBe("922337203685477581");
});
