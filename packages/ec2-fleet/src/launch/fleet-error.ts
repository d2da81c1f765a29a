import type { CreateFleetError } from "../port/create-fleet.ts";

const outOfCapacity = new Set([
  "InsufficientInstanceCapacity", "MaxSpotInstanceCountExceeded", "VcpuLimitExceeded", "UnfulfillableCapacity", "Unsupported", "InsufficientFreeAddressesInSubnet", "MaxFleetCountExceeded", "ReservationCapacityExceeded",
]);

/** What an error inside a fleet's answer says about the pool it is about. Karpenter pkg/errors. */
export interface FleetErrorClass {
  /** Capacity is not to be had for now: account limits, an empty pool, no addresses. */
  readonly unfulfillableCapacity: boolean;
  readonly serviceLinkedRole: boolean;
  readonly insufficientFreeAddresses: boolean;
  readonly spreadPlacementGroupLimit: boolean;
  readonly reservationCapacityExceeded: boolean;
}

/** Classifies an error of a fleet's answer. */
export function classifyFleetError({ ErrorCode = "", ErrorMessage = "" }: CreateFleetError): FleetErrorClass {
  return {
    unfulfillableCapacity: outOfCapacity.has(ErrorCode),
    serviceLinkedRole: ErrorCode === "AuthFailure.ServiceLinkedRoleCreationNotPermitted",
    insufficientFreeAddresses: ErrorCode === "InsufficientFreeAddressesInSubnet",
    spreadPlacementGroupLimit: ErrorMessage.includes("limit of instances in this spread placement group"),
    reservationCapacityExceeded: ErrorCode === "ReservationCapacityExceeded",
  };
}
