import { InputError, type NodeSelectorRequirement } from "@groupless/api";
import type { LabelTables } from "@groupless/requirements";
import type { InstanceType } from "../instance-type/instance-type.ts";
import type { Offering } from "../offering/offering.ts";
import { defaultLabels } from "../selection/requirement-lists.ts";
import { type OfferingRule, updateOfferings } from "./update-offerings.ts";

/** What a caller pays for the offerings whose labels, together with their type's, meet all requirements. */
export interface PriceRule {
  readonly requirements: readonly NodeSelectorRequirement[];
  /** USD an hour: a private rate. Exactly one of this and `factor`. */
  readonly priceUsdPerHour?: number;
  /** On the price known so far: 0.72 is a savings plan of 28 %. */
  readonly factor?: number;
}

/**
 * The types at the caller's prices; rules apply in order, each on what the ones before left. Types and offerings that no
 * rule meets are shared with the list that came in.
 *
 * A factor leaves an offering without a price alone; a price of its own makes no offering available.
 *
 * @throws {InputError} `bad-price-rule` if a rule has not exactly one of price and factor, or one below 0
 *
 * @example
 * ```ts
 * import { offeringPrice, withPrices } from "@groupless/catalog";
 * 
 * const offering = { requirements: [{ key: "karpenter.sh/capacity-type", operator: "In", values: ["on-demand"] }, { key: "topology.kubernetes.io/zone", operator: "In", values: ["a"] }], price: 2, available: true } as const;
 * const types = [{ name: "m5.large", requirements: [], capacity: {}, overhead: {}, offerings: [offering] }];
 * const [mine] = withPrices(types, [{ requirements: [{ key: "karpenter.sh/capacity-type", operator: "In", values: ["on-demand"] }], factor: 0.75 }]);
 * offeringPrice(mine!, "a", "on-demand"); // => 1.5
 * ```
 */
export function withPrices(types: readonly InstanceType[], rules: readonly PriceRule[], labels: LabelTables = defaultLabels): readonly InstanceType[] {
  return updateOfferings(types, rules.map(priceUpdate), labels);
}

function priceUpdate(rule: PriceRule, index: number): OfferingRule {
  const { priceUsdPerHour, factor } = rule;
  const value = priceUsdPerHour ?? factor;
  if ((priceUsdPerHour === undefined) === (factor === undefined) || value === undefined || !Number.isFinite(value) || value < 0) {
    throw new InputError("bad-price-rule", `got priceUsdPerHour ${String(priceUsdPerHour)} and factor ${String(factor)}`, { path: `rules[${index}]`, expected: "exactly one of the two, a number of at least 0" });
  }
  const update = (offering: Offering): Offering => {
    if (priceUsdPerHour !== undefined) return { ...offering, price: priceUsdPerHour, priceSource: "supplied" };
    return offering.price === 0 ? offering : { ...offering, price: offering.price * value, priceSource: "supplied" };
  };
  return { requirements: rule.requirements, update };
}
