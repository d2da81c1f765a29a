import type { EC2NodeClass } from "@groupless/api";
import type { InstanceType } from "@groupless/catalog";
import type { RegionSnapshot, RegionType } from "../snapshot/region-snapshot.ts";
import { capacityOf, DEFAULT_VM_MEMORY_OVERHEAD, memoryMiB } from "./capacity.ts";
import { ephemeralStorageBytes } from "./ephemeral-storage.ts";
import { architectureLabel, labelRequirements } from "./labels.ts";
import { type NodeSettings, nodeSettings } from "./node-settings.ts";
import { offeringMaker, type OfferingZone } from "./offerings.ts";
import { overheadOf } from "./overhead.ts";
import { podCapacity } from "./pods.ts";
import { requirementTable, type RequirementTable } from "./requirement-table.ts";

/** Karpenter's settings that bear on the catalog, with its defaults. */
export interface CatalogOptions {
  /** Share of memory the hypervisor and the kernel keep, 0 to 1. Default 0.075. */
  readonly vmMemoryOverhead?: number;
  /** ENIs that give pods no addresses. Default 0. */
  readonly reservedEnis?: number;
}

/**
 * The instance types of a region as nodes of a node class: labels, capacity, overhead and offerings, by name.
 *
 * A class whose status lists no subnets may use every zone of the region; without a class, AL2023's defaults hold.
 *
 * @example
 * instanceTypes(usWest2, nodeClass).find((type) => type.name === "r6gd.xlarge")?.capacity.pods // => "58"
 */
export function instanceTypes(region: RegionSnapshot, nodeClass?: EC2NodeClass, options: CatalogOptions = {}): readonly InstanceType[] {
  const settings = nodeSettings(nodeClass);
  const table = requirementTable();
  const zones = region.zones.map((zone): OfferingZone => {
    const subnet = settings.zones?.find((each) => each.name === zone.name);
    const id = settings.zones === undefined ? zone.id : subnet?.id;
    return { name: zone.name, ...(id === undefined ? {} : { id }), subnet: settings.zones === undefined || subnet !== undefined, shifted: false };
  });
  const offeringsOf = offeringMaker({ zones, reservationCounts: {}, isUnavailable: () => false, fallbackPrice: () => undefined }, table);
  const candidates = region.types.filter((type) => type.facts.hvm && !architectureLabel(type.facts).startsWith("["));
  return candidates.map((type) => ({
    ...describe(type, region.region, zones, settings, options, table),
    offerings: offeringsOf(type, [], true),
  }));
}

function describe(type: RegionType, region: string, zones: readonly OfferingZone[], settings: NodeSettings, options: CatalogOptions, table: RequirementTable): Omit<InstanceType, "offerings"> {
  const { facts } = type;
  const usable = zones.filter((zone) => zone.subnet && type.zones.includes(zone.name));
  const amounts = {
    memoryMiB: memoryMiB(facts, options.vmMemoryOverhead ?? DEFAULT_VM_MEMORY_OVERHEAD),
    storageBytes: ephemeralStorageBytes(facts, settings),
    pods: podCapacity(facts, settings, options.reservedEnis ?? 0),
  };
  return {
    name: facts.name,
    requirements: labelRequirements(facts, settings.traits, { region, zones: usable.map((zone) => zone.name), zoneIds: usable.flatMap((zone) => zone.id ?? []), reservations: [] }, table),
    capacity: capacityOf(facts, settings, amounts),
    overhead: overheadOf(facts, settings, amounts),
  };
}
