import type { BlockDeviceMapping, CapacityReservation, EC2NodeClass, KubeletConfiguration, NetworkInterface } from "@groupless/api";
import type { Zone } from "../snapshot/region-snapshot.ts";
import { type AmiFamilyTraits, amiFamilyOf, amiFamilyTraits } from "./ami-family.ts";

/** What a node class says about the types it launches, resolved once for all of them. */
export interface NodeSettings {
  readonly traits: AmiFamilyTraits;
  readonly kubelet: KubeletConfiguration;
  readonly blockDeviceMappings: readonly BlockDeviceMapping[];
  readonly raid0: boolean;
  readonly networkInterfaces: readonly NetworkInterface[] | undefined;
  readonly ipPrefixCount: number | undefined;
  readonly connectionTracking: boolean;
  readonly nestedVirtualization: boolean;
  readonly capacityReservations: readonly CapacityReservation[];
  /** Zones the class has subnets in, one entry a zone; undefined: not resolved yet, any zone of the region. */
  readonly zones: readonly SubnetZone[] | undefined;
}

export interface SubnetZone {
  readonly name: string;
  readonly id: string;
  readonly subnetIds: readonly string[];
}

/**
 * The settings of a node class; without one, those of AL2023 with everything at its default.
 *
 * @param regionZones where to look up the zone ids that the class's subnets leave out
 */
export function nodeSettings(nodeClass?: EC2NodeClass, regionZones: readonly Zone[] = []): NodeSettings {
  const spec = nodeClass?.spec;
  const networkInterfaces = spec?.networkInterfaces;
  return {
    traits: amiFamilyTraits(nodeClass === undefined ? "AL2023" : amiFamilyOf(nodeClass)),
    kubelet: spec?.kubelet ?? {},
    blockDeviceMappings: spec?.blockDeviceMappings ?? [],
    raid0: spec?.instanceStorePolicy === "RAID0",
    networkInterfaces,
    ipPrefixCount: spec?.ipPrefixCount,
    connectionTracking: spec?.connectionTracking !== undefined,
    nestedVirtualization: spec?.cpuOptions?.nestedVirtualization === "enabled",
    capacityReservations: nodeClass?.status?.capacityReservations ?? [],
    zones: nodeClass?.status?.subnets === undefined ? undefined : subnetZones(nodeClass.status.subnets, regionZones),
  };
}

/**
 * Subnets by zone id, as Karpenter groups them: subnets whose zone has no id, neither here nor in the region, count as
 * one zone, that of the first, with an empty id.
 */
function subnetZones(subnets: readonly { readonly id: string; readonly zone: string; readonly zoneID?: string }[], regionZones: readonly Zone[]): readonly SubnetZone[] {
  const zones = new Map<string, SubnetZone & { readonly subnetIds: string[] }>();
  for (const subnet of subnets) {
    const id = subnet.zoneID ?? regionZones.find((zone) => zone.name === subnet.zone)?.id ?? "";
    const zone = zones.get(id);
    if (zone === undefined) zones.set(id, { name: subnet.zone, id, subnetIds: [subnet.id] });
    else zone.subnetIds.push(subnet.id);
  }
  return [...zones.values()];
}
