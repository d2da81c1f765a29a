import { ApiError } from "../port/api-error.ts";
import type { CreateFleetError, CreateFleetInput, CreateFleetOutput, FleetInstances, FleetOverride, LaunchTemplateSpecification } from "../port/create-fleet.ts";
import type { Ec2Instance } from "../port/ec2-instance.ts";
import type { CreateLaunchTemplateInput } from "../port/launch-template.ts";
import type { Ec2Subnet } from "../port/network.ts";

/** How many instances a pool still has; undefined: as many as asked for. */
export type PoolCapacity = (pool: { readonly type: string; readonly zone: string; readonly capacityType: string }) => number | undefined;

export interface FleetWorld {
  readonly template: (specification: LaunchTemplateSpecification) => CreateLaunchTemplateInput | undefined;
  readonly subnet: (id: string) => Ec2Subnet | undefined;
  readonly capacity: PoolCapacity;
  readonly take: (pool: { readonly type: string; readonly zone: string; readonly capacityType: string }, subnet: string | undefined) => void;
  readonly newId: (prefix: string) => string;
  readonly add: (instance: Ec2Instance) => void;
  /** Free addresses of a subnet. */
  readonly addresses: (subnet: string) => number;
}

interface Candidate {
  readonly override: FleetOverride;
  readonly specification: LaunchTemplateSpecification;
  readonly template: CreateLaunchTemplateInput;
}

/**
 * An instant fleet: unit by unit from the pool of the lowest priority that has stock, ties by type and zone; every pool that was wanted and had none is an error.
 *
 * EC2 API reference, CreateFleet. `atMost` stops early, as a fleet that is fulfilled in part.
 */
export function createFleet(input: CreateFleetInput, world: FleetWorld, { atMost = Number.POSITIVE_INFINITY, silent = false }: { readonly atMost?: number; readonly silent?: boolean } = {}): CreateFleetOutput {
  const { TotalTargetCapacity: wanted, DefaultTargetCapacityType: target } = input.TargetCapacitySpecification;
  const capacityType = target === "spot" ? "spot" : target === "on-demand" && !isReserved(input, world) ? "on-demand" : "reserved";
  const candidates = input.LaunchTemplateConfigs.flatMap(({ LaunchTemplateSpecification: specification, Overrides }): Candidate[] => {
    const template = world.template(specification);
    if (template === undefined) throw new ApiError("InvalidLaunchTemplateName.NotFoundException", "At least one of the launch templates specified in the request does not exist.");
    return Overrides.map((override) => ({ override, specification, template }));
  }).sort((a, b) => (a.override.Priority ?? 0) - (b.override.Priority ?? 0) || order(poolOf(a, capacityType), poolOf(b, capacityType)));
  const lifecycle = capacityType === "spot" ? "spot" : "on-demand";
  const errors = new Map<Candidate, CreateFleetError>();
  const groups = new Map<Candidate, string[]>();
  for (let unit = 0; unit < Math.min(wanted, atMost); unit++) {
    const chosen = candidates.find((candidate) => {
      const code = missing(candidate, capacityType, world);
      if (code !== undefined) errors.set(candidate, { ErrorCode: code, ErrorMessage: message(code), Lifecycle: lifecycle, LaunchTemplateAndOverrides: { LaunchTemplateSpecification: candidate.specification, Overrides: candidate.override } });
      return code === undefined;
    });
    if (chosen === undefined) break;
    const instance = instanceOf(chosen, input, capacityType, world);
    world.add(instance);
    world.take(poolOf(chosen, capacityType), chosen.override.SubnetId);
    groups.set(chosen, [...(groups.get(chosen) ?? []), instance.InstanceId]);
  }
  if (atMost < wanted && !silent) {
    for (const candidate of candidates) if (!errors.has(candidate)) errors.set(candidate, { ErrorCode: "InsufficientInstanceCapacity", ErrorMessage: message("InsufficientInstanceCapacity"), Lifecycle: lifecycle, LaunchTemplateAndOverrides: { LaunchTemplateSpecification: candidate.specification, Overrides: candidate.override } });
  }
  const Instances = [...groups].map(([{ override, specification }, InstanceIds]): FleetInstances => ({ InstanceIds, InstanceType: override.InstanceType, Lifecycle: lifecycle, LaunchTemplateAndOverrides: { LaunchTemplateSpecification: specification, Overrides: override } }));
  return { FleetId: world.newId("fleet-"), Instances, Errors: silent ? [] : [...errors.values()] };
}

function isReserved(input: CreateFleetInput, world: FleetWorld): boolean {
  return input.LaunchTemplateConfigs.some(({ LaunchTemplateSpecification: specification }) => world.template(specification)?.LaunchTemplateData.CapacityReservationSpecification?.CapacityReservationTarget !== undefined);
}

function missing(candidate: Candidate, capacityType: string, world: FleetWorld): string | undefined {
  const { SubnetId } = candidate.override;
  if ((world.capacity(poolOf(candidate, capacityType)) ?? 1) < 1) return capacityType === "reserved" ? "ReservationCapacityExceeded" : "InsufficientInstanceCapacity";
  return SubnetId !== undefined && world.addresses(SubnetId) < 1 ? "InsufficientFreeAddressesInSubnet" : undefined;
}

function poolOf({ override }: Candidate, capacityType: string): { readonly type: string; readonly zone: string; readonly capacityType: string } {
  return { type: override.InstanceType, zone: override.AvailabilityZone ?? "", capacityType };
}

function instanceOf({ override, template }: Candidate, input: CreateFleetInput, capacityType: string, world: FleetWorld): Ec2Instance {
  const { LaunchTemplateData: data } = template;
  const subnet = override.SubnetId === undefined ? undefined : world.subnet(override.SubnetId);
  const InstanceId = world.newId("i-");
  const reservation = data.CapacityReservationSpecification?.CapacityReservationTarget?.CapacityReservationId;
  return {
    InstanceId,
    InstanceType: override.InstanceType,
    ImageId: override.ImageId ?? data.ImageId,
    ...(override.SubnetId === undefined ? {} : { SubnetId: override.SubnetId }),
    Placement: {
      AvailabilityZone: override.AvailabilityZone ?? subnet?.AvailabilityZone ?? "",
      ...(subnet?.AvailabilityZoneId === undefined ? {} : { AvailabilityZoneId: subnet.AvailabilityZoneId }),
      Tenancy: data.Placement.Tenancy,
      ...(data.Placement.PartitionNumber === undefined ? {} : { PartitionNumber: data.Placement.PartitionNumber }),
    },
    PrivateDnsName: `ip-${InstanceId.slice(2, 14)}.ec2.internal`,
    ...(capacityType === "spot" ? { InstanceLifecycle: "spot", SpotInstanceRequestId: world.newId("sir-") } : {}),
    ...(reservation === undefined ? {} : { CapacityReservationId: reservation }),
    CapacityReservationSpecification: { CapacityReservationPreference: data.CapacityReservationSpecification?.CapacityReservationPreference ?? "open" },
    SecurityGroups: (data.NetworkInterfaces[0]?.Groups ?? []).map((GroupId) => ({ GroupId })),
    NetworkInterfaces: data.NetworkInterfaces.map(({ InterfaceType = "interface" }) => ({ InterfaceType })),
    Tags: input.TagSpecifications.find(({ ResourceType }) => ResourceType === "instance")?.Tags ?? [],
  };
}

function message(code: string): string {
  if (code === "InsufficientFreeAddressesInSubnet") return "There are not enough free addresses in the subnet to satisfy the requested number of instances.";
  return code === "ReservationCapacityExceeded" ? "The reservation does not have enough instances left." : "We currently do not have sufficient capacity in the Availability Zone you requested.";
}

function order(a: { readonly type: string; readonly zone: string }, b: { readonly type: string; readonly zone: string }): number {
  const [left, right] = [`${a.type}/${a.zone}`, `${b.type}/${b.zone}`];
  return left < right ? -1 : left > right ? 1 : 0;
}
