import type { CapacityType } from "@groupless/api";
import type { CreateFleetInput, LaunchTemplateConfig, TargetCapacityType } from "../port/create-fleet.ts";
import { tagList } from "../port/tag.ts";
import type { Reservation } from "./offering.ts";

export interface FleetRequestOptions {
  readonly capacityType: CapacityType;
  readonly tags: Readonly<Record<string, string>>;
  readonly configs: readonly LaunchTemplateConfig[];
  /** Of a reserved launch. */
  readonly reservation?: Omit<Reservation, "id">;
  /** A NodeOverlay set prices, so EC2 is to follow the priorities. */
  readonly priceOverlay?: boolean;
  /** EC2's reserved "Context" field. */
  readonly context?: string;
}

/** The CreateFleet of one claim. Karpenter pkg/providers/instance CreateFleetInputBuilder. */
export function fleetRequest({ capacityType, tags, configs, reservation, priceOverlay = false, context }: FleetRequestOptions): CreateFleetInput {
  return {
    Type: "instant",
    ...(context === undefined ? {} : { Context: context }),
    LaunchTemplateConfigs: configs,
    TargetCapacitySpecification: { DefaultTargetCapacityType: targetCapacityType(capacityType, reservation), TotalTargetCapacity: 1 },
    ...allocation(capacityType, reservation, priceOverlay),
    TagSpecifications: ["instance", "volume", "fleet"].map((ResourceType) => ({ ResourceType, Tags: tagList(tags) })),
  };
}

function targetCapacityType(capacityType: CapacityType, reservation: Omit<Reservation, "id"> | undefined): TargetCapacityType {
  if (capacityType !== "reserved") return capacityType;
  if (reservation?.type === "capacity-block") return "capacity-block";
  return reservation?.interruptible === true ? "reserved-capacity" : "on-demand";
}

function allocation(capacityType: CapacityType, reservation: Omit<Reservation, "id"> | undefined, priceOverlay: boolean): Pick<CreateFleetInput, "SpotOptions" | "OnDemandOptions" | "ReservedCapacityOptions"> {
  if (capacityType === "spot") return { SpotOptions: { AllocationStrategy: priceOverlay ? "capacity-optimized-prioritized" : "price-capacity-optimized" } };
  if (reservation?.interruptible === true) return { ReservedCapacityOptions: { ReservationTypes: ["interruptible-capacity-reservation"] } };
  if (reservation?.type === "capacity-block") return {};
  return { OnDemandOptions: { AllocationStrategy: priceOverlay ? "prioritized" : "lowest-price" } };
}
