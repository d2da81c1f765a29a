import type { CapacityType } from "@groupless/api";
import type { Reservation } from "../launch/offering.ts";
import type { FleetInstances } from "../port/create-fleet.ts";
import type { Ec2Instance, InstanceStateName } from "../port/ec2-instance.ts";
import { tagRecord } from "../port/tag.ts";

/** An instance, whether EC2 described it or a fleet just made it. */
export interface CloudInstance {
  readonly id: string;
  readonly imageId: string;
  readonly type: string;
  readonly zone: string;
  readonly zoneId?: string;
  readonly state: InstanceStateName;
  readonly capacityType: CapacityType;
  readonly reservation?: Reservation;
  readonly tenancy: string;
  readonly subnetId?: string;
  readonly securityGroupIds?: readonly string[];
  readonly efaCount?: number;
  /** Of a partition placement group. */
  readonly partition?: number;
  readonly launchedMs?: number;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * An instance as described by EC2. It is spot where it has a spot request, and reserved only where it was launched to use nothing but a reservation:
 * one that found its way into an open reservation is on-demand.
 *
 * Karpenter pkg/providers/instance NewInstance.
 */
export function describedInstance(instance: Ec2Instance, { reservedCapacity = true }: { readonly reservedCapacity?: boolean } = {}): CloudInstance {
  const { Placement: placement = {} } = instance;
  const capacityType = capacityTypeOf(instance, reservedCapacity);
  const efaCount = (instance.NetworkInterfaces ?? []).filter(({ InterfaceType }) => InterfaceType === "efa" || InterfaceType === "efa-only").length;
  const groups = (instance.SecurityGroups ?? []).map(({ GroupId = "" }) => GroupId);
  return {
    id: instance.InstanceId,
    imageId: instance.ImageId ?? "",
    type: instance.InstanceType ?? "",
    zone: placement.AvailabilityZone ?? "",
    ...(placement.AvailabilityZoneId === undefined ? {} : { zoneId: placement.AvailabilityZoneId }),
    state: instance.State?.Name ?? "pending",
    capacityType,
    ...(capacityType === "reserved" ? { reservation: reservationOf(instance) } : {}),
    tenancy: placement.Tenancy === undefined || placement.Tenancy === "" ? "default" : placement.Tenancy,
    ...(instance.SubnetId === undefined ? {} : { subnetId: instance.SubnetId }),
    ...(groups.length === 0 ? {} : { securityGroupIds: groups }),
    ...(efaCount === 0 ? {} : { efaCount }),
    ...(placement.PartitionNumber === undefined || placement.PartitionNumber === 0 ? {} : { partition: placement.PartitionNumber }),
    ...(instance.LaunchTime === undefined ? {} : { launchedMs: Date.parse(instance.LaunchTime) }),
    tags: tagRecord(instance.Tags),
  };
}

/** What a fleet's answer says of an instance, and what the launch knows of it. */
export function launchedInstance(fleet: FleetInstances, id: string, known: Pick<CloudInstance, "capacityType" | "tenancy" | "tags"> & { readonly reservation?: Reservation; readonly efaCount?: number; readonly launchedMs: number }): CloudInstance {
  const { ImageId = "", AvailabilityZone = "", SubnetId, InstanceType = "" } = fleet.LaunchTemplateAndOverrides?.Overrides ?? {};
  const { reservation, efaCount = 0, ...rest } = known;
  return {
    id,
    imageId: ImageId,
    type: fleet.InstanceType ?? InstanceType,
    zone: AvailabilityZone,
    state: "pending",
    ...(SubnetId === undefined ? {} : { subnetId: SubnetId }),
    ...(reservation === undefined ? {} : { reservation }),
    ...(efaCount === 0 ? {} : { efaCount }),
    ...rest,
  };
}

function capacityTypeOf({ SpotInstanceRequestId, CapacityReservationId, CapacityReservationSpecification }: Ec2Instance, reservedCapacity: boolean): CapacityType {
  if (SpotInstanceRequestId !== undefined) return "spot";
  return reservedCapacity && CapacityReservationId !== undefined && CapacityReservationSpecification?.CapacityReservationPreference === "capacity-reservations-only" ? "reserved" : "on-demand";
}

function reservationOf({ CapacityReservationId = "", InstanceLifecycle }: Ec2Instance): Reservation {
  return { id: CapacityReservationId, type: InstanceLifecycle === "capacity-block" ? "capacity-block" : "default", interruptible: InstanceLifecycle === "interruptible-capacity-reservation" };
}
