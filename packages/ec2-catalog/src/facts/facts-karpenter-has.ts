import type { InstanceTypeFacts } from "./instance-type-facts.ts";
import { branchInterfaces, networkBandwidthMbps } from "./karpenter-tables.ts";

const branchesOf: ReadonlyMap<string, number | null> = new Map(Object.entries(branchInterfaces));
const bandwidthOf: ReadonlyMap<string, number | null> = new Map(Object.entries(networkBandwidthMbps));

/** The facts with the trunking limit and network bandwidth that Karpenter 1.14 goes by; the same value if they agree. */
export function factsKarpenterHas(facts: InstanceTypeFacts): InstanceTypeFacts {
  const branches = branchesOf.get(facts.name);
  const bandwidth = bandwidthOf.get(facts.name);
  if (branches === undefined && bandwidth === undefined) return facts;
  const { branchInterfaces: latestBranches, networkBandwidthMbps: latestBandwidth, ...rest } = facts;
  const branch = branches === undefined ? latestBranches : (branches ?? undefined);
  const mbps = bandwidth === undefined ? latestBandwidth : (bandwidth ?? undefined);
  return { ...rest, ...(branch === undefined ? {} : { branchInterfaces: branch }), ...(mbps === undefined ? {} : { networkBandwidthMbps: mbps }) };
}
