import { PRICE, PRICE_ADJUSTMENT, QUANTITY_TEXT } from "../patterns.ts";
import { all, has, keys } from "../rule-error.ts";
import { integer, mapOf, object, rule, type Schema, text } from "../schema.ts";
import { conditions } from "./node-template.ts";
import { requirements } from "./requirements.ts";
import type { RestrictedLabels } from "./restricted-labels.ts";

const FIXED_RESOURCES = ["cpu", "memory", "ephemeral-storage", "pods"];

/** `karpenter.sh/v1alpha1` NodeOverlay. */
export function nodeOverlay(restricted: RestrictedLabels): Schema {
  return object({
    spec: object(
      {
        capacity: mapOf({ type: "int-or-string", pattern: QUANTITY_TEXT }, { rules: [rule("invalid resource restricted", (self) => all(keys(self), (key) => !FIXED_RESOURCES.includes(key)))] }),
        price: text({ pattern: PRICE }),
        priceAdjustment: text({ pattern: PRICE_ADJUSTMENT }),
        requirements: requirements({ minValues: false, restricted: { ...restricted, nodePool: false } }),
        weight: integer(1, 10_000),
      },
      ["requirements"],
      { rules: [rule("cannot set both 'price' and 'priceAdjustment'", (self) => !has(self, "price") || !has(self, "priceAdjustment"))] },
    ),
    status: object({ conditions: conditions() }),
  }, ["spec"]);
}
