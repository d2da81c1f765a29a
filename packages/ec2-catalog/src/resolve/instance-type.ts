import type { CapacityReservation, EC2NodeClass } from "@groupless/api";
import type { InstanceType } from "@groupless/catalog";
import { factsKarpenterHas } from "../facts/facts-karpenter-has.ts";
import type { RegionSnapshot, RegionType } from "../snapshot/region-snapshot.ts";
import { capacityOf, DEFAULT_VM_MEMORY_OVERHEAD, memoryMiB } from "./capacity.ts";
import type { CatalogOptions } from "./catalog-options.ts";
import { discoveredMemoryOf } from "./discovered-memory.ts";
import { ephemeralStorageBytes } from "./ephemeral-storage.ts";
import { labelRequirements } from "./labels.ts";
import { type NodeSettings, nodeSettings } from "./node-settings.ts";
import { type OfferingZone, offeringZones } from "./offering-zones.ts";
import { overheadOf } from "./overhead.ts";
import { podCapacity } from "./pods.ts";
import { requirementTable, type RequirementTable } from "./requirement-table.ts";

/** What every type of a catalog is described with. */
export interface NodeContext {
  readonly region: string;
  readonly zones: readonly OfferingZone[];
  readonly settings: NodeSettings;
  readonly nodeClass: EC2NodeClass | undefined;
  readonly options: CatalogOptions;
  readonly table: RequirementTable;
}

/** The labels, capacity and overhead of one type. */
export function describeInstanceType(type: RegionType, reservations: readonly CapacityReservation[], context: NodeContext): Omit<InstanceType, "offerings"> {
  const facts = context.options.tables === "latest" ? type.facts : factsKarpenterHas(type.facts);
  const { settings, options } = context;
  const usable = context.zones.filter((zone) => zone.usable && type.zones.includes(zone.name));
  const amounts = {
    memoryMiB: memoryMiB(facts, options.vmMemoryOverhead ?? DEFAULT_VM_MEMORY_OVERHEAD),
    storageBytes: ephemeralStorageBytes(facts, settings),
    pods: podCapacity(facts, settings, options.reservedEnis ?? 0),
  };
  const placement = { region: context.region, zones: usable.map((zone) => zone.name), zoneIds: usable.flatMap((zone) => zone.id ?? []), reservations, placementGroup: options.placementGroup };
  const capacity = capacityOf(facts, settings, amounts);
  // Eviction thresholds in percent stay with the estimate, as in Karpenter.
  const discovered = options.discoveredMemory && context.nodeClass && discoveredMemoryOf(options.discoveredMemory, facts.name, context.nodeClass, options.nowMs ?? 0);
  return {
    name: facts.name,
    requirements: labelRequirements(facts, settings.traits, placement, context.table),
    capacity: discovered === undefined ? capacity : { ...capacity, memory: discovered },
    overhead: overheadOf(facts, settings, amounts),
  };
}

/**
 * One type by itself, without offerings, also one that is no candidate for nodes, such as a Mac.
 *
 * @throws {InputError} an invalid quantity in the node class
 */
export function describeType(region: Pick<RegionSnapshot, "region" | "zones">, type: RegionType, nodeClass?: EC2NodeClass, options: CatalogOptions = {}): Omit<InstanceType, "offerings"> {
  const settings = nodeSettings(nodeClass, region.zones);
  const reservations = settings.capacityReservations.filter((each) => each.instanceType === type.facts.name);
  const zones = offeringZones(region.zones, settings.zones, options.shiftedZoneIds);
  return describeInstanceType(type, reservations, { region: region.region, zones, settings, nodeClass, options, table: requirementTable() });
}
