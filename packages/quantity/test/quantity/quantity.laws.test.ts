import fc from "fast-check";
import { expect, test } from "vitest";
import { addQuantities, multiplyQuantity, negateQuantity, subtractQuantities } from "../../src/quantity/arithmetic.ts";
import { compareQuantities, maxQuantity, minQuantity } from "../../src/quantity/compare.ts";
import { decimalText, formatQuantity, kubernetesCanonicalText, kubernetesText } from "../../src/quantity/format.ts";
import { parseQuantity } from "../../src/quantity/parse.ts";
import { exponentOf, isZero, quantityOf, signOf, toScaledInteger } from "../../src/quantity/quantity.ts";
import { int64Value, roundUp } from "../../src/quantity/round.ts";
import { RUNS, nanosOf, plainText, quantityText } from "../arbitrary-quantity.ts";

const parsed = quantityText.map(parseQuantity);
const nanos = (quantity: ReturnType<typeof parseQuantity>) => BigInt(toScaledInteger(quantity, -9));
const sign = (value: bigint) => (value > 0n ? 1 : value < 0n ? -1 : 0);

test("P-045 parsing agrees with brute force on exact fractions", () => {
  fc.assert(fc.property(quantityText, (text) => { expect(nanos(parseQuantity(text))).toBe(nanosOf(text)); }), RUNS);
});

test("addition, subtraction and multiplication agree with integers", () => {
  fc.assert(
    fc.property(quantityText, quantityText, fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), (a, b, factor) => {
      const [left, right] = [parseQuantity(a), parseQuantity(b)];
      expect(nanos(addQuantities(left, right))).toBe(nanosOf(a) + nanosOf(b));
      expect(nanos(subtractQuantities(left, right))).toBe(nanosOf(a) - nanosOf(b));
      expect(nanos(multiplyQuantity(left, factor))).toBe(nanosOf(a) * factor);
      expect(nanos(negateQuantity(left))).toBe(-nanosOf(a));
    }),
    RUNS,
  );
});

test("quantities are ordered as their amounts", () => {
  fc.assert(
    fc.property(quantityText, quantityText, (a, b) => {
      const [left, right] = [parseQuantity(a), parseQuantity(b)];
      expect(compareQuantities(left, right)).toBe(sign(nanosOf(a) - nanosOf(b)));
      expect(signOf(left)).toBe(sign(nanosOf(a)));
      expect(isZero(left)).toBe(nanosOf(a) === 0n);
      expect(nanos(maxQuantity(left, right))).toBe(nanosOf(a) > nanosOf(b) ? nanosOf(a) : nanosOf(b));
      expect(nanos(minQuantity(left, right))).toBe(nanosOf(a) < nanosOf(b) ? nanosOf(a) : nanosOf(b));
    }),
    RUNS,
  );
});

test("what is printed reads back as the same amount, and prints the same again", () => {
  fc.assert(
    fc.property(parsed, (quantity) => {
      const text = formatQuantity(quantity);
      const again = parseQuantity(text);
      expect(compareQuantities(again, quantity)).toBe(0);
      expect(formatQuantity(again)).toBe(text);
    }),
    RUNS,
  );
});

test("a sum prints exactly, also beyond every suffix", () => {
  fc.assert(
    fc.property(fc.array(plainText, { minLength: 1, maxLength: 8 }), (texts) => {
      const sum = texts.map(parseQuantity).reduce(addQuantities);
      expect(nanos(parseQuantity(formatQuantity(sum, "DecimalSI")))).toBe(texts.map(nanosOf).reduce((a, b) => a + b));
    }),
    RUNS,
  );
});

test("addition is commutative and associative, with zero as its neutral element and negation as its inverse", () => {
  fc.assert(
    fc.property(parsed, parsed, parsed, (a, b, c) => {
      expect(compareQuantities(addQuantities(a, b), addQuantities(b, a))).toBe(0);
      expect(compareQuantities(addQuantities(addQuantities(a, b), c), addQuantities(a, addQuantities(b, c)))).toBe(0);
      expect(compareQuantities(addQuantities(a, quantityOf(0, 0, "DecimalSI")), a)).toBe(0);
      expect(isZero(addQuantities(a, negateQuantity(a)))).toBe(true);
    }),
    RUNS,
  );
});

test("multiplication distributes over addition", () => {
  fc.assert(
    fc.property(parsed, parsed, fc.integer({ min: -1000, max: 1000 }), (a, b, factor) => {
      const left = multiplyQuantity(addQuantities(a, b), factor);
      const right = addQuantities(multiplyQuantity(a, factor), multiplyQuantity(b, factor));
      expect(compareQuantities(left, right)).toBe(0);
    }),
    RUNS,
  );
});

test("order is kept by addition", () => {
  fc.assert(
    fc.property(parsed, parsed, parsed, (a, b, c) => {
      expect(compareQuantities(addQuantities(a, c), addQuantities(b, c))).toBe(compareQuantities(a, b));
    }),
    RUNS,
  );
});

test("rounding moves away from zero by less than a unit", () => {
  fc.assert(
    fc.property(parsed, fc.integer({ min: -9, max: 6 }), (quantity, exponent) => {
      const { quantity: rounded, exact } = roundUp(quantity, exponent);
      const unit = 10n ** BigInt(exponent + 9);
      const moved = (nanos(rounded) - nanos(quantity)) * BigInt(signOf(quantity) || 1);
      expect(nanos(rounded) % unit).toBe(0n);
      expect(moved >= 0n && moved < unit).toBe(true);
      expect(exact).toBe(moved === 0n);
    }),
    RUNS,
  );
});

test("a scaled integer counts exactly the units of its scale, and refuses where it cannot", () => {
  fc.assert(
    fc.property(parsed, fc.integer({ min: -12, max: 12 }), (quantity, exponent) => {
      const finest = exponentOf(quantity);
      if (isZero(quantity) || exponent <= finest) {
        const count = toScaledInteger(quantity, exponent);
        expect(BigInt(count) * 10n ** BigInt(exponent + 12)).toBe(nanos(quantity) * 1000n);
        expect(typeof count).toBe(Number.isSafeInteger(Number(count)) ? "number" : "bigint");
      } else expect(() => toScaledInteger(quantity, exponent)).toThrow("a finer scale");
    }),
    RUNS,
  );
});

test("where it fits 64 bits, the integer Kubernetes computes is the amount rounded up", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 10n ** 15n }), fc.constantFrom("n", "u", "m", "", "k"), fc.constantFrom(-9, -6, -3, 0, 3), (count, unit, exponent) => {
      const text = `${count}${unit}`;
      const size = 10n ** BigInt(exponent + 9);
      const expected = (nanosOf(text) + size - 1n) / size;
      fc.pre(expected < 2n ** 63n);
      expect(int64Value(parseQuantity(text), exponent)).toBe(`${expected}`);
    }),
    RUNS,
  );
});

test("decimal digits spell the amount", () => {
  fc.assert(
    fc.property(parsed, (quantity) => {
      const text = decimalText(quantity);
      expect(text).toMatch(/^-?[0-9]+(\.[0-9]+)?$/);
      expect(nanosOf(text)).toBe(nanos(quantity));
    }),
    RUNS,
  );
});

test("Kubernetes' own text is ours, but for what it loses beyond E and Ei", () => {
  fc.assert(
    fc.property(parsed, (quantity) => {
      fc.pre(signOf(quantity) === 0 || (nanos(quantity) < 10n ** 30n && nanos(quantity) > -(10n ** 30n)));
      expect(kubernetesCanonicalText(quantity)).toBe(formatQuantity(quantity));
      expect(compareQuantities(parseQuantity(kubernetesText(quantity)), quantity)).toBe(0);
    }),
    RUNS,
  );
});

test("the generators make what the laws are about", () => {
  const seen = fc.sample(quantityText, { numRuns: 1000, seed: 7 }).map(parseQuantity);
  const share = (holds: (quantity: (typeof seen)[number]) => boolean) => seen.filter(holds).length / seen.length;
  expect(share((quantity) => quantity.format === "BinarySI")).toBeGreaterThan(0.2);
  expect(share((quantity) => quantity.wide)).toBeGreaterThan(0.1);
  expect(share((quantity) => typeof quantity.mantissa === "bigint")).toBeGreaterThan(0.05);
  expect(share((quantity) => signOf(quantity) < 0)).toBeGreaterThan(0.1);
});
