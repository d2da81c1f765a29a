import type { CapacityReservation, EC2NodeClass } from "@groupless/api";
import type { InstanceType } from "@groupless/catalog";
import { factsKarpenterHas } from "../facts/facts-karpenter-has.ts";
import type { RegionSnapshot, RegionType } from "../snapshot/region-snapshot.ts";
import { capacityOf, DEFAULT_VM_MEMORY_OVERHEAD, memoryMiB } from "./capacity.ts";
import type { CatalogOptions } from "./catalog-options.ts";
import { discoveredMemoryOf } from "./discovered-memory.ts";
import { ephemeralStorageBytes } from "./ephemeral-storage.ts";
import { labelMaker, type Placement } from "./labels.ts";
import { type NodeSettings, nodeSettings } from "./node-settings.ts";
import { type OfferingZone, offeringZones } from "./offering-zones.ts";
import { overheadMaker } from "./overhead.ts";
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

type Described = Omit<InstanceType, "offerings">;

/** Describes the labels, capacity and overhead of types. */
export function typeDescriber(context: NodeContext): (type: RegionType, reservations: readonly CapacityReservation[]) => Described {
  const { settings, options, nodeClass } = context;
  const { discoveredMemory, nowMs = 0, vmMemoryOverhead = DEFAULT_VM_MEMORY_OVERHEAD, reservedEnis = 0 } = options;
  const labels = labelMaker(context.region, settings.traits, options.placementGroup, context.table);
  const overheadOf = overheadMaker(settings);
  const usable = context.zones.filter((zone) => zone.usable);
  // Many types are offered in the same zones, and then share the list of them.
  const placements = new Map<readonly string[], Placement>();
  const placementOf = (offeredIn: readonly string[], reservations: readonly CapacityReservation[]): Placement => {
    let found = placements.get(offeredIn);
    if (found === undefined) {
      const zones = usable.filter((zone) => offeredIn.includes(zone.name));
      placements.set(offeredIn, (found = { zones: zones.map((zone) => zone.name), zoneIds: zones.flatMap((zone) => zone.id ?? []), reservations: [] }));
    }
    return reservations.length === 0 ? found : { ...found, reservations };
  };
  return (type, reservations) => {
    const facts = options.tables === "latest" ? type.facts : factsKarpenterHas(type.facts);
    const amounts = { memoryMiB: memoryMiB(facts, vmMemoryOverhead), storageBytes: ephemeralStorageBytes(facts, settings), pods: podCapacity(facts, settings, reservedEnis) };
    const capacity = capacityOf(facts, settings, amounts);
    // Eviction thresholds in percent stay with the estimate, as in Karpenter.
    const discovered = discoveredMemory && nodeClass && discoveredMemoryOf(discoveredMemory, facts.name, nodeClass, nowMs);
    return {
      name: facts.name,
      requirements: labels(facts, placementOf(type.zones, reservations)),
      capacity: discovered === undefined ? capacity : { ...capacity, memory: discovered },
      overhead: overheadOf(facts, amounts),
    };
  };
}

/**
 * One type by itself, without offerings, also one that is no candidate for nodes, such as a Mac.
 *
 * @throws {InputError} an invalid quantity in the node class
 */
export function describeType(region: Pick<RegionSnapshot, "region" | "zones">, type: RegionType, nodeClass?: EC2NodeClass, options: CatalogOptions = {}): Described {
  const settings = nodeSettings(nodeClass, region.zones);
  const reservations = settings.capacityReservations.filter((each) => each.instanceType === type.facts.name);
  const zones = offeringZones(region.zones, settings.zones, options.shiftedZoneIds);
  return typeDescriber({ region: region.region, zones, settings, nodeClass, options, table: requirementTable() })(type, reservations);
}
