import { type Cluster, prepare, solve } from "@groupless/bin-packer";
import { disrupt } from "@groupless/disruption";
import { claimInvariants, firstFitInvariants, fromYaml, karpenterDeviations, placementInvariants, planInvariants, planViolations, violations, violationText } from "@groupless/testing";

/** When every scenario plays: an hour after its objects were made. */
export const NOW_MS: number = Date.UTC(2026, 8, 1, 13);

/** All that is wrong with what is decided about the cluster; empty if nothing is. */
export function wrongs(cluster: Cluster): readonly string[] {
  const prepared = prepare(cluster, { nowMs: NOW_MS });
  const packing = solve(prepared);
  const mirrored: Cluster = { ...cluster, nodePools: cluster.nodePools.toReversed(), objects: cluster.objects.toReversed(), instanceTypes: Object.fromEntries(Object.entries(cluster.instanceTypes).map(([pool, types]) => [pool, types.toReversed()])) };
  return [
    ...violations(cluster, packing, [...placementInvariants, ...firstFitInvariants, ...claimInvariants], { except: karpenterDeviations }).map(violationText),
    ...planViolations({ before: cluster, commands: disrupt(prepared), nowMs: NOW_MS }, planInvariants).map(violationText),
    ...(JSON.stringify(solve(prepare(mirrored, { nowMs: NOW_MS }))) === JSON.stringify(packing) ? [] : ["the order of objects or types changes the plan"]),
  ];
}

/** The same of a saved scenario. */
export function wrongsOf(yaml: string): readonly string[] {
  return wrongs(fromYaml(yaml));
}
