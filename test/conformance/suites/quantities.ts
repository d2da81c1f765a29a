import {
  type Quantity,
  type QuantityFormat,
  QuantityError,
  addQuantities,
  compareQuantities,
  decimalText,
  int64Value,
  kubernetesCanonicalText,
  kubernetesText,
  negateQuantity,
  parseQuantity,
  quantityOf,
  roundUp,
  signOf,
  subtractQuantities,
} from "@groupless/quantity";
import type { Suite } from "../suite.ts";

const show = (quantity: Quantity) => ({
  canonical: kubernetesCanonicalText(quantity),
  format: quantity.format,
  sign: signOf(quantity),
  value: int64Value(quantity, 0),
  milliValue: int64Value(quantity, -3),
  decimal: decimalText(quantity),
});

/** Suite `quantities`: the Kubernetes grammar and arithmetic. */
export const quantities: Suite = {
  functions: {
    "quantity.parse": ({ text }: { text: string }) => {
      try {
        const quantity = parseQuantity(text);
        const scaled = Object.fromEntries([-9, -6, 3, 6, 9, 18].map((exponent) => [exponent, int64Value(quantity, exponent)]));
        return { ...show(quantity), string: kubernetesText(quantity), scaled };
      } catch (error) {
        if (!(error instanceof QuantityError)) throw error;
        return { error: error.code.replace("quantity-", "") };
      }
    },
    "quantity.arithmetic": (args: { a: string; b: string }) => {
      const a = parseQuantity(args.a);
      const b = parseQuantity(args.b);
      const cmp = compareQuantities(a, b);
      return { cmp, equal: cmp === 0, add: show(addQuantities(a, b)), sub: show(subtractQuantities(a, b)), neg: kubernetesCanonicalText(negateQuantity(a)) };
    },
    "quantity.sum": ({ from, terms }: { from: string; terms: string[] }) =>
      show(terms.map(parseQuantity).reduce(addQuantities, from === "" ? quantityOf(0, 0, "DecimalSI") : parseQuantity(from))),
    "quantity.fromValue": ({ value, format }: { value: string; format: QuantityFormat }) => show(quantityOf(BigInt(value), 0, format)),
    "quantity.fromMilli": ({ value, format }: { value: string; format: QuantityFormat }) => show(quantityOf(BigInt(value), -3, format)),
    "quantity.roundUp": ({ text, scale }: { text: string; scale: number }) => {
      const { quantity, exact } = roundUp(parseQuantity(text), scale);
      return { exact, result: show(quantity) };
    },
  },
};
