import type { KubeObject, PodDisruptionBudget } from "@groupless/api";
import type { Cluster } from "@groupless/bin-packer";
import * as fc from "fast-check";
import { type ClusterOptions, clusters } from "./cluster.ts";

/** Clusters that have run for a while: some NodeClaims have drifted, PodDisruptionBudgets have a status, some of which let a pod go. */
export function agedClusters(options: ClusterOptions = {}): fc.Arbitrary<Cluster> {
  return fc.tuple(clusters(options), fc.subarray([0, 1, 2, 3]), fc.nat(1)).map(([cluster, drifted, allowed]) => {
    let claims = 0;
    const objects = cluster.objects.map((object): KubeObject => {
      if (object.kind === "PodDisruptionBudget") return counted(object, allowed);
      if (object.kind !== "NodeClaim" || !drifted.includes(claims++)) return object;
      return { ...object, status: { ...object.status, conditions: [...(object.status?.conditions ?? []), { type: "Drifted", status: "True", reason: "NodePoolDrifted", message: "", lastTransitionTime: "2026-09-01T12:30:00Z" }] } };
    });
    return { ...cluster, objects };
  });
}

/** One that never lets a pod go has none to let go now. */
function counted(budget: PodDisruptionBudget, allowed: number): PodDisruptionBudget {
  const disruptionsAllowed = budget.spec.maxUnavailable === 0 ? 0 : allowed;
  return { ...budget, status: { disruptionsAllowed, currentHealthy: 2, desiredHealthy: 2 - disruptionsAllowed, expectedPods: 2 } };
}
