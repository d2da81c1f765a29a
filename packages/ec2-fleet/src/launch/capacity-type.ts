import { CAPACITY_TYPE_LABEL, type CapacityType } from "@groupless/api";
import type { InstanceType } from "@groupless/catalog";
import { TENANCY_LABEL } from "../node-class/label.ts";
import { launchable } from "./offering.ts";
import { allows, withValues, type RequirementSet } from "./requirement-set.ts";

/** Reserved before spot before on-demand: the first that the claim allows and that has an available offering. Karpenter pkg/providers/instance getCapacityType. */
export function chooseCapacityType(types: readonly InstanceType[], claim: RequirementSet): CapacityType {
  for (const capacityType of ["reserved", "spot"] as const) {
    if (!allows(claim, CAPACITY_TYPE_LABEL, capacityType)) continue;
    const pinned = withValues(claim, CAPACITY_TYPE_LABEL, [capacityType]);
    if (types.some((type) => launchable(type, pinned).length > 0)) return capacityType;
  }
  return "on-demand";
}

/** Shared hardware where the claim allows it. */
export function chooseTenancy(claim: RequirementSet): "default" | "dedicated" {
  return !allows(claim, TENANCY_LABEL, "default") && allows(claim, TENANCY_LABEL, "dedicated") ? "dedicated" : "default";
}
