import { type EC2NodeClass, type NodePool, ZONE_LABEL } from "@groupless/api";
import type { CallOptions, Ec2Port } from "../port/ec2-port.ts";
import { ZONE_ID_LABEL } from "../node-class/label.ts";
import { allows, requirementSet } from "../launch/requirement-set.ts";

/** How often Karpenter asks ARC for the shifts of the cluster, in milliseconds. */
export const ZONAL_SHIFT_CHECK_MS = 30_000;

/** One shift as ARC's `GetManagedResource` lists it for the cluster. */
export interface ZonalShift {
  /** Zone id, such as `usw2-az1`. */
  readonly awayFrom: string;
  readonly expiresMs: number;
  /** AppliedStatus is `APPLIED`. */
  readonly applied: boolean;
}

/** The shifts known, by zone id. */
export type ZonalShifts = Readonly<Record<string, Omit<ZonalShift, "awayFrom">>>;

/**
 * What is known after ARC was asked.
 *
 * Karpenter pkg/providers/arczonalshift: as long as ARC lists any shift, those it no longer lists stay until they expire; once it lists none, all are forgotten.
 */
export function withZonalShifts(known: ZonalShifts, listed: readonly ZonalShift[]): ZonalShifts {
  if (listed.length === 0) return {};
  return { ...known, ...Object.fromEntries(listed.map(({ awayFrom, expiresMs, applied }) => [awayFrom, { expiresMs, applied }])) };
}

/** Ids of zones that traffic is shifted away from now: for the catalog's and the fleet's `shiftedZoneIds`. */
export function shiftedZoneIds(known: ZonalShifts, nowMs: number): readonly string[] {
  return Object.entries(known).filter(([, { expiresMs, applied }]) => applied && expiresMs > nowMs).map(([id]) => id).sort();
}

/**
 * Asks ARC for the shifts of a cluster.
 *
 * @throws ApiError `ResourceNotFoundException` for a cluster that is not registered with ARC, `NoZonalShiftClient` if the SDK's client is not installed
 */
export async function listedZonalShifts(clusterArn: string, port: Ec2Port, options: CallOptions = {}): Promise<readonly ZonalShift[]> {
  const { zonalShifts = [] } = await port.call("GetManagedResource", { resourceIdentifier: clusterArn }, options);
  return zonalShifts.flatMap(({ appliedStatus, awayFrom, expiryTime }) => (awayFrom === undefined || expiryTime === undefined ? [] : [{ awayFrom, expiresMs: Date.parse(expiryTime), applied: appliedStatus === "APPLIED" }]));
}

/** A Kubernetes event about a NodePool. */
export interface ZonalShiftEvent {
  /** `NodePool/name` */
  readonly object: string;
  readonly eventType: "Normal" | "Warning";
  readonly reason: "ZonalShiftActive" | "ZonalShiftCleared";
  readonly message: string;
}

/**
 * Events for every NodePool that can launch in a zone which was shifted away from, or is so no longer, since the last look.
 *
 * Karpenter pkg/controllers/arczonalshift. A NodePool whose node class has no subnet in the zone, or that does not want the zone, is left alone.
 */
export function zonalShiftEvents(before: readonly string[], now: readonly string[], nodePools: readonly NodePool[], nodeClasses: readonly EC2NodeClass[]): readonly ZonalShiftEvent[] {
  return nodePools.flatMap((nodePool): ZonalShiftEvent[] => {
    const { name } = nodePool.metadata;
    const { nodeClassRef, requirements } = nodePool.spec.template.spec;
    const subnets = nodeClasses.find(({ metadata }) => metadata.name === nodeClassRef.name)?.status?.subnets ?? [];
    const wanted = requirementSet(requirements);
    const zoneOf = (id: string): string | undefined => {
      const zone = subnets.find(({ zoneID }) => zoneID === id)?.zone;
      return zone !== undefined && allows(wanted, ZONE_LABEL, zone) && allows(wanted, ZONE_ID_LABEL, id) ? zone : undefined;
    };
    const about = (ids: readonly string[], event: (zone: string, id: string) => Omit<ZonalShiftEvent, "object">): ZonalShiftEvent[] =>
      ids.flatMap((id) => {
        const zone = zoneOf(id);
        return zone === undefined ? [] : [{ object: `NodePool/${name}`, ...event(zone, id) }];
      });
    return [
      ...about(now.filter((id) => !before.includes(id)), (zone, id) => ({ eventType: "Warning", reason: "ZonalShiftActive", message: `Zonal shift detected: offerings in zone ${zone} (${id}) are unavailable for this NodePool` })),
      ...about(before.filter((id) => !now.includes(id)), (zone, id) => ({ eventType: "Normal", reason: "ZonalShiftCleared", message: `Zonal shift cleared: offerings in zone ${zone} (${id}) are restored for this NodePool` })),
    ];
  });
}
