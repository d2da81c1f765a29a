import { ARCH_LABEL, CAPACITY_TYPE_LABEL, type CapacityReservation, INSTANCE_TYPE_LABEL, type NodeSelectorRequirementWithMinValues, OS_LABEL, REGION_LABEL, WINDOWS_BUILD_LABEL, ZONE_LABEL } from "@groupless/api";
import type { InstanceTypeFacts } from "../facts/instance-type-facts.ts";
import type { AmiFamilyTraits } from "./ami-family.ts";
import { partitionsOf, type PlacementGroup } from "./compatibility.ts";
import * as key from "./label-keys.ts";
import type { RequirementTable } from "./requirement-table.ts";

/** Where a type can be had under a node class, and the reservations that cover it. */
export interface Placement {
  readonly region: string;
  /** Zones that both EC2 and the node class's subnets offer. */
  readonly zones: readonly string[];
  readonly zoneIds: readonly string[];
  readonly reservations: readonly CapacityReservation[];
  readonly placementGroup?: PlacementGroup | undefined;
}

/**
 * An instance type's labels as requirements: every fact has one value, and a fact the type lacks is `DoesNotExist`,
 * so that pods can also ask for its absence. Source: Karpenter, pkg/providers/instancetype.
 */
export function labelRequirements(facts: InstanceTypeFacts, traits: AmiFamilyTraits, placement: Placement, table: RequirementTable): readonly NodeSelectorRequirementWithMinValues[] {
  const { is, oneOf } = table;
  const arch = architectureLabel(facts);
  const [, category, , generation] = /^([a-z]+)(-[0-9]+tb)?([0-9]+).*\./u.exec(facts.name) ?? [];
  const nameParts = facts.name.split(".");
  const [family, size] = nameParts.length === 2 ? nameParts : [];
  const gpu = facts.gpus.length === 1 ? facts.gpus[0] : undefined;
  const accelerator = acceleratorOf(facts);
  const reservations = placement.reservations;
  const requirements = [
    is(INSTANCE_TYPE_LABEL, facts.name),
    is(ARCH_LABEL, arch),
    // Windows does not run on arm64: no operating system fits.
    oneOf(OS_LABEL, traits.windowsBuild === undefined ? ["linux"] : arch === "amd64" ? ["windows"] : []),
    oneOf(ZONE_LABEL, placement.zones),
    is(REGION_LABEL, placement.region),
    is(WINDOWS_BUILD_LABEL, traits.windowsBuild),
    oneOf(CAPACITY_TYPE_LABEL, capacityTypesOf(facts, reservations)),
    is(key.INSTANCE_CPU_LABEL, String(facts.vcpus)),
    is(key.INSTANCE_CPU_MANUFACTURER_LABEL, kebab(facts.cpuManufacturer ?? "")),
    // Types whose clock EC2 does not state have 0, not no label: Karpenter's rule.
    is(key.INSTANCE_CPU_CLOCK_LABEL, String(facts.clockMHz ?? 0)),
    is(key.INSTANCE_MEMORY_LABEL, String(facts.memoryMiB)),
    is(key.INSTANCE_EBS_BANDWIDTH_LABEL, text(facts.ebsBandwidthMbps)),
    is(key.INSTANCE_NETWORK_BANDWIDTH_LABEL, text(facts.networkBandwidthMbps)),
    is(key.INSTANCE_CATEGORY_LABEL, category),
    is(key.INSTANCE_CAPABILITY_FLEX_LABEL, String(nameParts[0]!.includes("-flex"))),
    is(key.INSTANCE_FAMILY_LABEL, family),
    is(key.INSTANCE_GENERATION_LABEL, generation),
    is(key.INSTANCE_LOCAL_NVME_LABEL, facts.instanceStorage?.nvme === true ? String(facts.instanceStorage.totalGB) : undefined),
    is(key.INSTANCE_SIZE_LABEL, size),
    is(key.INSTANCE_GPU_NAME_LABEL, gpu && kebab(gpu.name)),
    is(key.INSTANCE_GPU_MANUFACTURER_LABEL, gpu && kebab(gpu.manufacturer)),
    is(key.INSTANCE_GPU_COUNT_LABEL, text(gpu?.count)),
    is(key.INSTANCE_GPU_MEMORY_LABEL, text(gpu?.memoryMiB)),
    is(key.INSTANCE_ACCELERATOR_NAME_LABEL, accelerator && kebab(accelerator.name)),
    is(key.INSTANCE_ACCELERATOR_MANUFACTURER_LABEL, accelerator && kebab(accelerator.manufacturer)),
    is(key.INSTANCE_ACCELERATOR_COUNT_LABEL, text(accelerator?.count)),
    is(key.INSTANCE_HYPERVISOR_LABEL, facts.hypervisor),
    is(key.INSTANCE_ENCRYPTION_IN_TRANSIT_LABEL, String(facts.encryptionInTransit)),
    oneOf(key.INSTANCE_TENANCY_LABEL, ["dedicated", "default"]),
  ];
  if (placement.zoneIds.length > 0) requirements.push(oneOf(key.ZONE_ID_LABEL, placement.zoneIds));
  const reserved = (label: string, value: (reservation: CapacityReservation) => string): NodeSelectorRequirementWithMinValues =>
    reservations.length === 0 ? is(label, undefined) : oneOf(label, [...new Set(reservations.map(value))].toSorted());
  requirements.push(
    reserved(key.CAPACITY_RESERVATION_ID_LABEL, (reservation) => reservation.id),
    reserved(key.CAPACITY_RESERVATION_TYPE_LABEL, (reservation) => reservation.reservationType),
    reserved(key.CAPACITY_RESERVATION_INTERRUPTIBLE_LABEL, (reservation) => String(reservation.interruptible ?? false)),
  );
  const group = placement.placementGroup;
  if (group !== undefined) {
    requirements.push(is(key.PLACEMENT_GROUP_ID_LABEL, group.id));
    if (partitionsOf(group).length > 0) requirements.push(oneOf(key.PLACEMENT_GROUP_PARTITION_LABEL, partitionsOf(group)));
  }
  return requirements;
}

/** The capacity types a type can be bought as; EC2's own `capacity-block` comes only with a reservation. */
export function capacityTypesOf(facts: InstanceTypeFacts, reservations: readonly CapacityReservation[]): readonly string[] {
  const bought = facts.usageClasses.filter((each) => each === "on-demand" || each === "spot");
  return reservations.length === 0 ? bought : [...bought, "reserved"];
}

/** `amd64` or `arm64`: the first that EC2 names; of a type that is neither, EC2's names in brackets. */
export function architectureLabel(facts: InstanceTypeFacts): string {
  for (const each of facts.architectures) {
    if (each === "x86_64") return "amd64";
    if (each === "arm64") return "arm64";
  }
  return `[${facts.architectures.join(" ")}]`;
}

/** Neuron devices come before what EC2 lists as inference accelerators, which also names them. */
function acceleratorOf(facts: InstanceTypeFacts): { readonly name: string; readonly manufacturer: string; readonly count: number } | undefined {
  const { neuronDevices, accelerators } = facts;
  if (neuronDevices !== undefined) return neuronDevices.length === 1 ? { ...neuronDevices[0]!, manufacturer: "aws" } : undefined;
  return accelerators.length === 1 ? accelerators[0] : undefined;
}

function kebab(name: string): string {
  return name.replaceAll(" ", "-").toLowerCase();
}

function text(value: number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}
