import { ARCH_LABEL, CAPACITY_TYPE_LABEL, type CapacityReservation, INSTANCE_TYPE_LABEL, type NodeSelectorRequirementWithMinValues, OS_LABEL, REGION_LABEL, WINDOWS_BUILD_LABEL, ZONE_LABEL } from "@groupless/api";
import type { InstanceTypeFacts } from "../facts/instance-type-facts.ts";
import type { AmiFamilyTraits } from "./ami-family.ts";
import { partitionsOf, type PlacementGroup } from "./compatibility.ts";
import * as key from "./label-keys.ts";
import type { LabelColumn, RequirementTable } from "./requirement-table.ts";

/** Where a type can be had under a node class, and the reservations that cover it. */
export interface Placement {
  /** Zones that both EC2 and the node class's subnets offer. */
  readonly zones: readonly string[];
  readonly zoneIds: readonly string[];
  readonly reservations: readonly CapacityReservation[];
}

type Requirement = NodeSelectorRequirementWithMinValues;

/**
 * Makes an instance type's labels as requirements: every fact has one value, and a fact the type lacks is `DoesNotExist`,
 * so that pods can also ask for its absence. Source: Karpenter, pkg/providers/instancetype.
 */
export function labelMaker(region: string, traits: AmiFamilyTraits, group: PlacementGroup | undefined, table: RequirementTable): (facts: InstanceTypeFacts, placement: Placement) => readonly Requirement[] {
  const name = table.of(INSTANCE_TYPE_LABEL);
  const archLabel = table.of(ARCH_LABEL);
  const zone = table.of(ZONE_LABEL);
  const zoneId = table.of(key.ZONE_ID_LABEL);
  const capacityType = table.of(CAPACITY_TYPE_LABEL);
  const columnsOf = (columns: readonly FactColumn[]): readonly { readonly column: LabelColumn; readonly valueOf: FactColumn[1] }[] => columns.map(([label, valueOf]) => ({ column: table.of(label), valueOf }));
  const absentOf = (columns: readonly FactColumn[]): readonly Requirement[] => columns.map(([label]) => table.of(label).is(undefined));
  const [columns, gpus, accelerators] = [columnsOf(factColumns), columnsOf(gpuColumns), columnsOf(acceleratorColumns)];
  const [noGpu, noAccelerator] = [absentOf(gpuColumns), absentOf(acceleratorColumns)];
  const namesOf = nameReader();
  const linux = table.of(OS_LABEL).is("linux");
  const windows = { amd64: table.of(OS_LABEL).is("windows"), other: table.of(OS_LABEL).is(undefined) };
  const same = [table.of(REGION_LABEL).is(region), table.of(WINDOWS_BUILD_LABEL).is(traits.windowsBuild), table.of(key.INSTANCE_TENANCY_LABEL).oneOf(["dedicated", "default"])];
  const unreserved = reservationLabels.map(([label]) => table.of(label).is(undefined));
  const grouped = group === undefined ? [] : [table.of(key.PLACEMENT_GROUP_ID_LABEL).is(group.id), ...(partitionsOf(group).length === 0 ? [] : [table.of(key.PLACEMENT_GROUP_PARTITION_LABEL).oneOf(partitionsOf(group))])];
  return (facts, { zones, zoneIds, reservations }) => {
    const arch = architectureLabel(facts);
    const names = namesOf(facts.name);
    const places: readonly Requirement[] = [
      name.is(facts.name),
      archLabel.is(arch),
      // Windows does not run on arm64: no operating system fits.
      traits.windowsBuild === undefined ? linux : arch === "amd64" ? windows.amd64 : windows.other,
      zone.oneOf(zones),
      capacityType.oneOf(capacityTypesOf(facts, reservations)),
    ];
    const read = (some: typeof columns): readonly Requirement[] => some.map(({ column, valueOf }) => column.is(valueOf(facts, names)));
    const ofGpus = facts.gpus.length === 0 ? noGpu : read(gpus);
    const ofAccelerators = facts.accelerators.length === 0 && facts.neuronDevices === undefined ? noAccelerator : read(accelerators);
    const reserved = reservations.length === 0 ? unreserved : reservationLabels.map(([label, valueOf]) => table.of(label).oneOf([...new Set(reservations.map(valueOf))].toSorted()));
    return Object.freeze(places.concat(same, read(columns), ofGpus, ofAccelerators, zoneIds.length === 0 ? [] : zoneId.oneOf(zoneIds), reserved, grouped));
  };
}

interface NameParts {
  readonly category: string | undefined;
  readonly generation: string | undefined;
  readonly family: string | undefined;
  readonly size: string | undefined;
  readonly flex: boolean;
}

/** `u-6tb1.112xlarge` is of category u, generation 1, family u-6tb1 and size 112xlarge. */
function nameReader(): (name: string) => NameParts {
  const families = new Map<string, Omit<NameParts, "size">>();
  return (name) => {
    const dot = name.indexOf(".");
    const whole = dot !== -1 && name.indexOf(".", dot + 1) === -1;
    const prefix = dot === -1 ? name : name.slice(0, dot);
    const id = whole ? prefix : name;
    let found = families.get(id);
    if (found === undefined) {
      const [, category, , generation] = /^([a-z]+)(-[0-9]+tb)?([0-9]+).*\./u.exec(name) ?? [];
      families.set(id, (found = { category, generation, family: whole ? prefix : undefined, flex: prefix.includes("-flex") }));
    }
    return { category: found.category, generation: found.generation, family: found.family, flex: found.flex, size: whole ? name.slice(dot + 1) : undefined };
  };
}

type FactColumn = readonly [label: string, valueOf: (facts: InstanceTypeFacts, names: NameParts) => string | undefined];

const factColumns: readonly FactColumn[] = [
  [key.INSTANCE_CPU_LABEL, (facts) => String(facts.vcpus)],
  [key.INSTANCE_CPU_MANUFACTURER_LABEL, (facts) => kebab(facts.cpuManufacturer ?? "")],
  // Types whose clock EC2 does not state have 0, not no label: Karpenter's rule.
  [key.INSTANCE_CPU_CLOCK_LABEL, (facts) => String(facts.clockMHz ?? 0)],
  [key.INSTANCE_MEMORY_LABEL, (facts) => String(facts.memoryMiB)],
  [key.INSTANCE_EBS_BANDWIDTH_LABEL, (facts) => text(facts.ebsBandwidthMbps)],
  [key.INSTANCE_NETWORK_BANDWIDTH_LABEL, (facts) => text(facts.networkBandwidthMbps)],
  [key.INSTANCE_CATEGORY_LABEL, (_, names) => names.category],
  [key.INSTANCE_CAPABILITY_FLEX_LABEL, (_, names) => String(names.flex)],
  [key.INSTANCE_FAMILY_LABEL, (_, names) => names.family],
  [key.INSTANCE_GENERATION_LABEL, (_, names) => names.generation],
  [key.INSTANCE_SIZE_LABEL, (_, names) => names.size],
  [key.INSTANCE_LOCAL_NVME_LABEL, (facts) => (facts.instanceStorage?.nvme === true ? String(facts.instanceStorage.totalGB) : undefined)],
  [key.INSTANCE_HYPERVISOR_LABEL, (facts) => facts.hypervisor],
  [key.INSTANCE_ENCRYPTION_IN_TRANSIT_LABEL, (facts) => String(facts.encryptionInTransit)],
];

// Few types have devices: the others share the list that says so.
const gpuColumns: readonly FactColumn[] = [
  [key.INSTANCE_GPU_NAME_LABEL, (facts) => onlyGpu(facts) && kebab(onlyGpu(facts)!.name)],
  [key.INSTANCE_GPU_MANUFACTURER_LABEL, (facts) => onlyGpu(facts) && kebab(onlyGpu(facts)!.manufacturer)],
  [key.INSTANCE_GPU_COUNT_LABEL, (facts) => text(onlyGpu(facts)?.count)],
  [key.INSTANCE_GPU_MEMORY_LABEL, (facts) => text(onlyGpu(facts)?.memoryMiB)],
];

const acceleratorColumns: readonly FactColumn[] = [
  [key.INSTANCE_ACCELERATOR_NAME_LABEL, (facts) => acceleratorOf(facts) && kebab(acceleratorOf(facts)!.name)],
  [key.INSTANCE_ACCELERATOR_MANUFACTURER_LABEL, (facts) => acceleratorOf(facts) && kebab(acceleratorOf(facts)!.manufacturer)],
  [key.INSTANCE_ACCELERATOR_COUNT_LABEL, (facts) => text(acceleratorOf(facts)?.count)],
];

const reservationLabels: readonly (readonly [label: string, valueOf: (reservation: CapacityReservation) => string])[] = [
  [key.CAPACITY_RESERVATION_ID_LABEL, (reservation) => reservation.id],
  [key.CAPACITY_RESERVATION_TYPE_LABEL, (reservation) => reservation.reservationType],
  [key.CAPACITY_RESERVATION_INTERRUPTIBLE_LABEL, (reservation) => String(reservation.interruptible ?? false)],
];

/** The capacity types a type can be bought as; EC2's own `capacity-block` comes only with a reservation. */
export function capacityTypesOf(facts: InstanceTypeFacts, reservations: readonly CapacityReservation[]): readonly string[] {
  const { usageClasses } = facts;
  const bought = usageClasses.every(isBought) ? usageClasses : usageClasses.filter(isBought);
  return reservations.length === 0 ? bought : [...bought, "reserved"];
}

function isBought(usageClass: string): boolean {
  return usageClass === "on-demand" || usageClass === "spot";
}

/** `amd64` or `arm64`: the first that EC2 names; of a type that is neither, EC2's names in brackets. */
export function architectureLabel(facts: InstanceTypeFacts): string {
  for (const each of facts.architectures) {
    if (each === "x86_64") return "amd64";
    if (each === "arm64") return "arm64";
  }
  return `[${facts.architectures.join(" ")}]`;
}

/** GPU labels describe types with one kind of GPU. */
function onlyGpu({ gpus }: InstanceTypeFacts): InstanceTypeFacts["gpus"][number] | undefined {
  return gpus.length === 1 ? gpus[0] : undefined;
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
