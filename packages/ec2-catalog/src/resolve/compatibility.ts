import type { InstanceTypeFacts } from "../facts/instance-type-facts.ts";
import type { NodeSettings } from "./node-settings.ts";

/** A placement group that nodes of a class are launched into. */
export interface PlacementGroup {
  readonly id: string;
  readonly strategy: "cluster" | "partition" | "spread";
  /** Of partition groups. */
  readonly partitionCount?: number;
}

/** `"1"` to the number of partitions; empty for groups of another strategy. */
export function partitionsOf(group: PlacementGroup | undefined): readonly string[] {
  return group?.strategy === "partition" ? Array.from({ length: group.partitionCount ?? 0 }, (_, index) => String(index + 1)) : [];
}

/**
 * Whether nodes of a type can run under a node class: its network interfaces fit, AL2023 does not run on a1, nested
 * virtualization, placement strategy and connection tracking are supported.
 *
 * Source: Karpenter, pkg/providers/instancetype/compatibility.
 */
export function isCompatible(facts: InstanceTypeFacts, settings: NodeSettings, placementGroup?: PlacementGroup): boolean {
  return (
    interfacesFit(facts, settings) &&
    !(settings.traits.family === "AL2023" && facts.name.startsWith("a1.")) &&
    (!settings.nestedVirtualization || facts.processorFeatures.includes("nested-virtualization")) &&
    (placementGroup === undefined || facts.placementStrategies.includes(placementGroup.strategy)) &&
    // Connection tracking is set on the interfaces of nitro instances; bare metal reports no hypervisor.
    (!settings.connectionTracking || facts.hypervisor === "nitro")
  );
}

function interfacesFit(facts: InstanceTypeFacts, settings: NodeSettings): boolean {
  const { networkInterfaces } = settings;
  if (networkInterfaces === undefined) return true;
  if (!facts.enaSupported) return false;
  if (networkInterfaces.some((each) => each.deviceIndex >= (facts.interfacesByCard[each.networkCardIndex] ?? 0))) return false;
  const efaOnly = networkInterfaces.filter((each) => each.interfaceType === "efa-only").length;
  return efaOnly <= (facts.maxEfaInterfaces ?? 0);
}
