import { type Cluster, prepare, solve } from "@groupless/bin-packer";
import { disrupt } from "@groupless/disruption";
import { placementInvariants, planInvariants, planViolations, violations, violationText } from "@groupless/testing";
import { same } from "./same.ts";

/** By the exact rules a plan holds to every invariant without exception, in any order of objects, and so does what is to be disrupted. */
export function exactWrongs(cluster: Cluster, nowMs: number): readonly string[] {
  const prepared = prepare(cluster, { nowMs, profile: "exact" });
  const packing = solve(prepared);
  const mirrored: Cluster = { ...cluster, nodePools: cluster.nodePools.toReversed(), objects: cluster.objects.toReversed() };
  return [
    ...violations(cluster, packing, placementInvariants).map((violation) => `exact: ${violationText(violation)}`),
    ...same("the order of objects changes the exact plan", solve(prepare(mirrored, { nowMs, profile: "exact" })), packing),
    ...planViolations({ before: cluster, commands: disrupt(prepared), nowMs }, planInvariants).map((violation) => `exact: ${violationText(violation)}`),
  ];
}
