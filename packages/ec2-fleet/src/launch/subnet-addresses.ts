import { CAPACITY_TYPE_LABEL, type EC2NodeClassStatus, ZONE_LABEL } from "@groupless/api";
import type { InstanceType } from "@groupless/catalog";
import type { CreateFleetInput, CreateFleetOutput } from "../port/create-fleet.ts";
import { amount } from "./amount.ts";
import { servesClaim } from "./offering.ts";
import { requirementSet } from "./requirement-set.ts";

/** A subnet chosen for a zone, with the free addresses EC2 last reported for it. */
export interface ZonalSubnet {
  readonly id: string;
  readonly zone: string;
  readonly zoneID?: string;
  readonly freeAddresses: number;
}

/** Free addresses as EC2 last told them, and as the launches since then leave them. */
export interface SubnetAddresses {
  readonly reported: Readonly<Record<string, number>>;
  readonly inFlight: Readonly<Record<string, number>>;
}

export const NO_ADDRESSES: SubnetAddresses = { reported: {}, inFlight: {} };

type StatusSubnets = NonNullable<EC2NodeClassStatus["subnets"]>;

/**
 * The subnet with the most free addresses in each zone, debited by what a launch will use there at least: the fewest pods of any type offered in that zone.
 *
 * Karpenter pkg/providers/subnet ZonalSubnetsForLaunch. Equals keep the earlier subnet.
 */
export function debit(addresses: SubnetAddresses, subnets: StatusSubnets, types: readonly InstanceType[], capacityType: string): { readonly addresses: SubnetAddresses; readonly byZone: Readonly<Record<string, ZonalSubnet>> } {
  const byZone: Record<string, ZonalSubnet> = {};
  for (const { id, zone, zoneID } of subnets) {
    const freeAddresses = addresses.reported[id] ?? 0;
    const current = byZone[zone];
    if (current !== undefined && (addresses.inFlight[current.id] ?? current.freeAddresses) >= (addresses.inFlight[id] ?? freeAddresses)) continue;
    byZone[zone] = { id, zone, ...(zoneID === undefined ? {} : { zoneID }), freeAddresses };
  }
  const inFlight = { ...addresses.inFlight };
  for (const { id, zone, freeAddresses } of Object.values(byZone)) inFlight[id] = (inFlight[id] ?? freeAddresses) - fewestPods(types, capacityType, zone);
  return { addresses: { ...addresses, inFlight }, byZone };
}

/**
 * Gives back what was debited from subnets that the fleet was offered and did not take, unless EC2 has reported anew since.
 *
 * Karpenter pkg/providers/subnet UpdateInflightIPs.
 */
export function credit(addresses: SubnetAddresses, request: CreateFleetInput, answer: CreateFleetOutput | undefined, types: readonly InstanceType[], byZone: Readonly<Record<string, ZonalSubnet>>, capacityType: string): SubnetAddresses {
  const offered = new Set(request.LaunchTemplateConfigs.flatMap(({ Overrides }) => Overrides.map(({ SubnetId }) => SubnetId)));
  const taken = new Set((answer?.Instances ?? []).map(({ LaunchTemplateAndOverrides }) => LaunchTemplateAndOverrides?.Overrides?.SubnetId));
  const inFlight = { ...addresses.inFlight };
  for (const { id, zone, freeAddresses } of Object.values(byZone)) {
    const left = inFlight[id];
    if (left === undefined || !offered.has(id) || taken.has(id) || addresses.reported[id] !== freeAddresses) continue;
    inFlight[id] = left + fewestPods(types, capacityType, zone);
  }
  return { ...addresses, inFlight };
}

/** EC2 said that the subnet is full: last choice until EC2 reports anew. */
export function full(addresses: SubnetAddresses, subnet: string): SubnetAddresses {
  return refreshed(addresses, { [subnet]: 0 });
}

/** Takes over what EC2 reports; launches before the report are in it. */
export function refreshed(addresses: SubnetAddresses, reported: Readonly<Record<string, number>>): SubnetAddresses {
  return { reported: { ...addresses.reported, ...reported }, inFlight: Object.fromEntries(Object.entries(addresses.inFlight).filter(([id]) => !(id in reported))) };
}

const fewest = new WeakMap<readonly InstanceType[], Map<string, number>>();

// Asked before a launch and after it, and of one list for all launches that ask for the same.
function fewestPods(types: readonly InstanceType[], capacityType: string, zone: string): number {
  let known = fewest.get(types);
  if (known === undefined) fewest.set(types, (known = new Map()));
  const key = `${capacityType} ${zone}`;
  let pods = known.get(key);
  if (pods === undefined) known.set(key, (pods = fewestPodsOf(types, capacityType, zone)));
  return pods;
}

function fewestPodsOf(types: readonly InstanceType[], capacityType: string, zone: string): number {
  const wanted = requirementSet([
    { key: CAPACITY_TYPE_LABEL, operator: "In", values: [capacityType] },
    { key: ZONE_LABEL, operator: "In", values: [zone] },
  ]);
  const pods = types.filter(({ offerings }) => offerings.some((offering) => offering.available && servesClaim(wanted, offering))).map(({ capacity }) => amount(capacity["pods"]));
  return pods.length === 0 ? 0 : Math.min(...pods);
}
