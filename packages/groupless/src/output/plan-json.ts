import { CAPACITY_TYPE_LABEL, ZONE_LABEL } from "@groupless/api";
import { type Cluster, explain, type NewNodeClaim, type Packing, type PodError } from "@groupless/bin-packer";
import type { PriceSource } from "@groupless/catalog";
import { labelOf, pricedOffering } from "./price-source.ts";

/** A packing with what a reader wants to know beside it: where prices come from, and the reasons in English. */
export interface PlanJson extends Omit<Packing, "newNodeClaims" | "podErrors"> {
  readonly newNodeClaims: readonly (NewNodeClaim & { readonly priceSource: PriceSource | "unknown"; readonly cheapestZone?: string; readonly cheapestCapacityType?: string })[];
  readonly podErrors: readonly (PodError & { readonly explanations: readonly string[] })[];
}

/** The plan as one JSON document. */
export function planJson(packing: Packing, cluster: Cluster): PlanJson {
  return {
    ...packing,
    newNodeClaims: packing.newNodeClaims.map((claim) => {
      const offering = pricedOffering(claim, cluster);
      const [zone, capacityType] = [labelOf(offering, ZONE_LABEL), labelOf(offering, CAPACITY_TYPE_LABEL)];
      return { ...claim, priceSource: offering?.priceSource ?? ("unknown" as const), ...(zone === undefined ? {} : { cheapestZone: zone }), ...(capacityType === undefined ? {} : { cheapestCapacityType: capacityType }) };
    }),
    podErrors: packing.podErrors.map((error) => ({ ...error, explanations: error.reasons.map(explain) })),
  };
}
