import type { CapacityType } from "@groupless/api";
import type { InstanceType, OfferingPlace } from "@groupless/catalog";
import type { CreateFleetError } from "../port/create-fleet.ts";
import { classifyFleetError } from "./fleet-error.ts";
import type { LaunchPlan } from "./launch-plan.ts";
import { launchReason } from "./launch-reason.ts";
import { capacityTypeOf, reservationOf, zoneOf, type Reservation } from "./offering.ts";
import type { LaunchRefusal } from "./refusal.ts";
import type { StockOuts } from "./stock-out.ts";

/**
 * What the errors of a fleet's answer say is out of stock. An error that does not say which pool it is about teaches nothing.
 *
 * Karpenter pkg/providers/instance updateUnavailableOfferingsCache.
 */
export function stockOutsOf(errors: readonly CreateFleetError[], plan: LaunchPlan): StockOuts & { readonly spotRoleMissing: boolean } {
  const pools: OfferingPlace[] = [];
  const capacityTypes: CapacityType[] = [];
  const subnets: string[] = [];
  const reservations: string[] = [];
  for (const error of errors) {
    const is = classifyFleetError(error);
    const { InstanceType: type = "", AvailabilityZone: zone = "", SubnetId: subnet = "" } = error.LaunchTemplateAndOverrides?.Overrides ?? {};
    if (is.insufficientFreeAddresses && subnet !== "") subnets.push(subnet);
    if (plan.capacityType === "reserved") {
      const reservation = is.unfulfillableCapacity && !is.spreadPlacementGroupLimit ? reservationAt(plan.types, type, zone) : undefined;
      if (reservation !== undefined) reservations.push(reservation.id);
      continue;
    }
    if (is.serviceLinkedRole) capacityTypes.push("spot");
    if (!is.unfulfillableCapacity || error.LaunchTemplateAndOverrides?.Overrides === undefined) continue;
    const { capacityType, placement } = plan;
    const pool = { zone, capacityType, ...(placement === undefined ? {} : { placementGroupId: placement.group }) };
    // A spread group is full a zone at a time, whatever the type.
    if (is.spreadPlacementGroupLimit && placement !== undefined) pools.push(...plan.types.map(({ name }) => ({ instanceType: name, ...pool })));
    else pools.push({ instanceType: type, ...pool, ...(placement?.partition === undefined ? {} : { placementGroupPartition: placement.partition }) });
  }
  return { pools, capacityTypes: [...new Set(capacityTypes)], subnets, reservations: [...new Set(reservations)], spotRoleMissing: capacityTypes.length > 0 };
}

/** Why an answer without an instance for this claim is one. Karpenter pkg/providers/instance combineFleetErrors. */
export function refusalOf(errors: readonly CreateFleetError[]): LaunchRefusal {
  const texts = [...new Set(errors.map(({ ErrorCode = "", ErrorMessage = "" }) => `${ErrorCode}: ${ErrorMessage}`))].sort();
  const errorCodes = [...new Set(errors.map(({ ErrorCode = "" }) => ErrorCode))].sort();
  const message = texts.join("; ");
  if (errors.length === 0) return { kind: "create", reason: { code: "too-few-instances", canResolve: true }, message: "too few instances returned", condition: launchReason("") };
  const allOutOfStock = errors.every((error) => classifyFleetError(error).unfulfillableCapacity || classifyFleetError(error).serviceLinkedRole);
  if (allOutOfStock) return { kind: "insufficient-capacity", reason: { code: "out-of-capacity", canResolve: true, errorCodes }, message: `with fleet error(s), ${message}` };
  return { kind: "create", reason: { code: "fleet-refused", canResolve: true, errorCodes }, message, condition: launchReason(message) };
}

/** The reservation behind a type's reserved offering in a zone; the filters left one. */
export function reservationAt(types: readonly InstanceType[], type: string, zone: string): Reservation | undefined {
  const offering = types.find(({ name }) => name === type)?.offerings.find((one) => capacityTypeOf(one) === "reserved" && zoneOf(one) === zone);
  return offering === undefined ? undefined : reservationOf(offering);
}
