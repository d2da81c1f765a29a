import type { BlockDeviceMapping, CapacityReservation, EC2NodeClass, KubeletConfiguration, NetworkInterface } from "@groupless/api";
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
  readonly id?: string;
  readonly subnetIds: readonly string[];
}

/** The settings of a node class; without one, those of AL2023 with everything at its default. */
export function nodeSettings(nodeClass?: EC2NodeClass): NodeSettings {
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
    zones: nodeClass?.status?.subnets === undefined ? undefined : subnetZones(nodeClass.status.subnets),
  };
}

/** Subnets by zone id, as Karpenter groups them; a zone without an id stands for itself. */
function subnetZones(subnets: readonly { readonly id: string; readonly zone: string; readonly zoneID?: string }[]): readonly SubnetZone[] {
  const zones = new Map<string, { name: string; id?: string; subnetIds: string[] }>();
  for (const subnet of subnets) {
    const key = subnet.zoneID ?? "";
    const zone = zones.get(key);
    if (zone === undefined) zones.set(key, { name: subnet.zone, ...(subnet.zoneID === undefined ? {} : { id: subnet.zoneID }), subnetIds: [subnet.id] });
    else zone.subnetIds.push(subnet.id);
  }
  return [...zones.values()];
}
