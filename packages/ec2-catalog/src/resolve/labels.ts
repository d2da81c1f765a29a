import { ARCH_LABEL, CAPACITY_TYPE_LABEL, type CapacityReservation, INSTANCE_TYPE_LABEL, type NodeSelectorRequirementWithMinValues, OS_LABEL, REGION_LABEL, WINDOWS_BUILD_LABEL, ZONE_LABEL } from "@groupless/api";
import type { InstanceTypeFacts } from "../facts/instance-type-facts.ts";
import type { AmiFamilyTraits } from "./ami-family.ts";
import { partitionsOf, type PlacementGroup } from "./compatibility.ts";
import * as key from "./label-keys.ts";
import type { Fact, LabelColumn, RequirementTable } from "./requirement-table.ts";

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
  const column = (label: string): LabelColumn["is"] => table.of(label).is;
  const absent = (labels: readonly string[]): readonly Requirement[] => labels.map((label) => column(label)(undefined));
  const [nameOf, archOf, osOf] = [table.of(INSTANCE_TYPE_LABEL).only, column(ARCH_LABEL), column(OS_LABEL)];
  const [zoneIn, zoneIdIn, capacityTypeIn] = [table.of(ZONE_LABEL).oneOf, table.of(key.ZONE_ID_LABEL).oneOf, table.of(CAPACITY_TYPE_LABEL).oneOf];
  const same = [column(REGION_LABEL)(region), column(WINDOWS_BUILD_LABEL)(traits.windowsBuild), table.of(key.INSTANCE_TENANCY_LABEL).oneOf(["dedicated", "default"])];
  const [cpu, manufacturer, clock, memory] = [column(key.INSTANCE_CPU_LABEL), column(key.INSTANCE_CPU_MANUFACTURER_LABEL), column(key.INSTANCE_CPU_CLOCK_LABEL), column(key.INSTANCE_MEMORY_LABEL)];
  const [ebs, network, nvme] = [column(key.INSTANCE_EBS_BANDWIDTH_LABEL), column(key.INSTANCE_NETWORK_BANDWIDTH_LABEL), column(key.INSTANCE_LOCAL_NVME_LABEL)];
  const [category, flex, familyName, generation, size] = [column(key.INSTANCE_CATEGORY_LABEL), column(key.INSTANCE_CAPABILITY_FLEX_LABEL), column(key.INSTANCE_FAMILY_LABEL), column(key.INSTANCE_GENERATION_LABEL), column(key.INSTANCE_SIZE_LABEL)];
  const [hypervisor, encryption] = [column(key.INSTANCE_HYPERVISOR_LABEL), column(key.INSTANCE_ENCRYPTION_IN_TRANSIT_LABEL)];
  const gpuOf = deviceReader(gpuLabels, table);
  const acceleratorOf = deviceReader(acceleratorLabels, table);
  const unreserved = absent(reservationLabels.map(([label]) => label));
  const grouped = group === undefined ? [] : [column(key.PLACEMENT_GROUP_ID_LABEL)(group.id), ...(partitionsOf(group).length === 0 ? [] : [table.of(key.PLACEMENT_GROUP_PARTITION_LABEL).oneOf(partitionsOf(group))])];
  const familyOf = familyReader();
  // Filled anew for every kind of type and then copied: a list that grew would be made several times.
  const sheet: Requirement[] = [];
  const likeNobody: Described = { facts: undefined, family: undefined, reservations: [], zoned: false, labels: [] };
  // What was last written, bare metal apart: sizes of a family differ in few labels, and most types come after another of their family.
  // These lists are not frozen: V8 copies frozen lists entry by entry.
  const last = { virtual: likeNobody, metal: likeNobody };
  const written = (facts: InstanceTypeFacts, family: Family, { reservations }: Placement, zoned: boolean): readonly Requirement[] => {
    const arch = architectureLabel(facts);
    let at = OWN_LABELS_FROM;
    sheet[1] = archOf(arch);
    // Windows does not run on arm64: no operating system fits.
    sheet[2] = osOf(traits.windowsBuild === undefined ? "linux" : arch === "amd64" ? "windows" : undefined);
    sheet[4] = capacityTypeIn(capacityTypesOf(facts, reservations));
    fill(sheet, 5, same);
    sheet[9] = manufacturer(facts.cpuManufacturer ?? "", kebab);
    // Types whose clock EC2 does not state have 0, not no label: Karpenter's rule.
    sheet[10] = clock(facts.clockMHz ?? 0);
    sheet[14] = category(family.category);
    sheet[15] = flex(family.flex);
    sheet[16] = familyName(family.name);
    sheet[17] = generation(family.generation);
    sheet[20] = hypervisor(facts.hypervisor);
    sheet[21] = encryption(facts.encryptionInTransit);
    at = fill(sheet, at, gpuOf(onlyGpu(facts)));
    at = fill(sheet, at, acceleratorOf(onlyAccelerator(facts)));
    if (zoned) at += 1;
    at = fill(sheet, at, reservations.length === 0 ? unreserved : reservationLabels.map(([label, valueOf]) => table.of(label).oneOf([...new Set(reservations.map(valueOf))].toSorted())));
    at = fill(sheet, at, grouped);
    return sheet.slice(0, at);
  };
  return (facts, placement) => {
    const family = familyOf(facts.name);
    const zoned = placement.zoneIds.length > 0;
    let kind = facts.bareMetal ? last.metal : last.virtual;
    if (!isOfKind(kind, facts, family, placement, zoned)) {
      kind = { facts, family, reservations: placement.reservations, zoned, labels: written(facts, family, placement, zoned) };
      last[facts.bareMetal ? "metal" : "virtual"] = kind;
    }
    const labels = kind.labels.slice();
    labels[0] = nameOf(facts.name);
    labels[3] = zoneIn(placement.zones);
    labels[8] = cpu(facts.vcpus);
    labels[11] = memory(facts.memoryMiB);
    labels[12] = ebs(facts.ebsBandwidthMbps);
    labels[13] = network(facts.networkBandwidthMbps);
    labels[18] = size(sizeOf(facts.name));
    labels[19] = nvme(facts.instanceStorage?.nvme === true ? facts.instanceStorage.totalGB : undefined);
    if (zoned) labels[ZONE_ID_AT] = zoneIdIn(placement.zoneIds);
    return Object.freeze(labels);
  };
}

/** Where the labels of devices begin, which come after those that every type has in its own place. */
const OWN_LABELS_FROM = 22;
const ZONE_ID_AT = 29;

/** A type and the labels it has. */
interface Described {
  readonly facts: InstanceTypeFacts | undefined;
  readonly family: Family | undefined;
  readonly reservations: readonly CapacityReservation[];
  readonly zoned: boolean;
  readonly labels: readonly Requirement[];
}

/** Whether a type has the labels of another but for its name, size and place. */
function isOfKind({ facts: other, family, reservations, zoned }: Described, facts: InstanceTypeFacts, ownFamily: Family, placement: Placement, ownZoned: boolean): boolean {
  return (
    other !== undefined &&
    family === ownFamily &&
    zoned === ownZoned &&
    reservations.length === 0 &&
    placement.reservations.length === 0 &&
    // Lists are shared by types that have them alike; of equal lists that are not, the labels are written again.
    other.architectures === facts.architectures &&
    other.usageClasses === facts.usageClasses &&
    other.cpuManufacturer === facts.cpuManufacturer &&
    other.clockMHz === facts.clockMHz &&
    other.hypervisor === facts.hypervisor &&
    other.encryptionInTransit === facts.encryptionInTransit &&
    other.gpus === facts.gpus &&
    other.accelerators === facts.accelerators &&
    other.neuronDevices === facts.neuronDevices
  );
}

/** Writes requirements from a place on; the place after them. */
function fill(sheet: Requirement[], at: number, requirements: readonly Requirement[]): number {
  for (let index = 0; index < requirements.length; index += 1) sheet[at + index] = requirements[index]!;
  return at + requirements.length;
}

/** What a type's name says of its family. */
interface Family {
  readonly category: string | undefined;
  readonly generation: string | undefined;
  readonly name: string | undefined;
  readonly flex: boolean;
}

/** `u-6tb1.112xlarge` is of category u, generation 1, family u-6tb1 and size 112xlarge. */
function familyReader(): (name: string) => Family {
  const families = new Map<string, Family>();
  // Types come by name, and so most are of the family of the one before.
  let lastPrefix = ".";
  let last: Family | undefined;
  return (name) => {
    if (last !== undefined && name.startsWith(lastPrefix) && name.indexOf(".", lastPrefix.length) === -1) return last;
    const whole = sizeOf(name) !== undefined;
    const prefix = name.includes(".") ? name.slice(0, name.indexOf(".")) : name;
    const id = whole ? prefix : name;
    let found = families.get(id);
    if (found === undefined) {
      const [, category, , generation] = /^([a-z]+)(-[0-9]+tb)?([0-9]+).*\./u.exec(name) ?? [];
      families.set(id, (found = { category, generation, name: whole ? prefix : undefined, flex: prefix.includes("-flex") }));
    }
    if (whole) {
      lastPrefix = `${prefix}.`;
      last = found;
    }
    return found;
  };
}

/** What follows the one dot of a name. */
function sizeOf(name: string): string | undefined {
  const dot = name.indexOf(".");
  return dot !== -1 && name.indexOf(".", dot + 1) === -1 ? name.slice(dot + 1) : undefined;
}

interface DeviceFacts {
  readonly name: string;
  readonly manufacturer: string;
  readonly count: number;
  readonly memoryMiB?: number;
}

const gpuLabels: readonly DeviceLabel[] = [
  [key.INSTANCE_GPU_NAME_LABEL, (device) => kebab(device.name)],
  [key.INSTANCE_GPU_MANUFACTURER_LABEL, (device) => kebab(device.manufacturer)],
  [key.INSTANCE_GPU_COUNT_LABEL, (device) => device.count],
  [key.INSTANCE_GPU_MEMORY_LABEL, (device) => device.memoryMiB],
];

const acceleratorLabels: readonly DeviceLabel[] = [
  [key.INSTANCE_ACCELERATOR_NAME_LABEL, (device) => kebab(device.name)],
  [key.INSTANCE_ACCELERATOR_MANUFACTURER_LABEL, (device) => kebab(device.manufacturer)],
  [key.INSTANCE_ACCELERATOR_COUNT_LABEL, (device) => device.count],
];

type DeviceLabel = readonly [label: string, factOf: (device: DeviceFacts) => Fact];

/** Makes the labels of a device; types that have none share the list that says so. */
function deviceReader(labels: readonly DeviceLabel[], table: RequirementTable): (device: DeviceFacts | undefined) => readonly Requirement[] {
  const without = labels.map(([label]) => table.of(label).is(undefined));
  return (device) => (device === undefined ? without : labels.map(([label, factOf]) => table.of(label).is(factOf(device))));
}

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
  const { architectures } = facts;
  for (let index = 0; index < architectures.length; index += 1) {
    if (architectures[index] === "x86_64") return "amd64";
    if (architectures[index] === "arm64") return "arm64";
  }
  return `[${architectures.join(" ")}]`;
}

/** GPU labels describe types with one kind of GPU. */
function onlyGpu({ gpus }: InstanceTypeFacts): DeviceFacts | undefined {
  return gpus.length === 1 ? gpus[0] : undefined;
}

/** Neuron devices come before what EC2 lists as inference accelerators, which also names them. */
function onlyAccelerator({ neuronDevices, accelerators }: InstanceTypeFacts): DeviceFacts | undefined {
  if (neuronDevices !== undefined) return neuronDevices.length === 1 ? { name: neuronDevices[0]!.name, manufacturer: "aws", count: neuronDevices[0]!.count } : undefined;
  return accelerators.length === 1 ? accelerators[0] : undefined;
}

function kebab(name: string): string {
  return name.replaceAll(" ", "-").toLowerCase();
}
