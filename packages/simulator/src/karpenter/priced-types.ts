import { CAPACITY_TYPE_LABEL, ZONE_LABEL } from "@groupless/api";
import type { InstanceType, Offering } from "@groupless/catalog";
import type { SpotPrices } from "../chance/spot-prices.ts";

/** The types with what their spot offerings cost now. */
export function withSpotPrices(types: readonly InstanceType[], prices: SpotPrices, nowMs: number): readonly InstanceType[] {
  return types.map((type) => {
    const onDemand = Math.min(...type.offerings.filter((offering) => valueOf(offering, CAPACITY_TYPE_LABEL) === "on-demand").map(({ price }) => price));
    return {
      ...type,
      offerings: type.offerings.map((offering) => {
        if (valueOf(offering, CAPACITY_TYPE_LABEL) !== "spot") return offering;
        const price = prices.price({ instanceType: type.name, zone: valueOf(offering, ZONE_LABEL) }, offering.price, onDemand, nowMs);
        return price === offering.price ? offering : { ...offering, price };
      }),
    };
  });
}

const valueOf = ({ requirements }: Offering, label: string): string => requirements.find(({ key }) => key === label)?.values?.[0] ?? "";
