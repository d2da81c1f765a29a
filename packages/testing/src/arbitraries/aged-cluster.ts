import type { KubeObject, NodePool, PodDisruptionBudget } from "@groupless/api";
import type { Cluster } from "@groupless/bin-packer";
import * as fc from "fast-check";
import { type ClusterOptions, clusters } from "./cluster.ts";
import { aged, nodeAges } from "./node-age.ts";
import { podStates, withPodStates } from "./pod-age.ts";
import { volumes, withVolumes } from "./volumes.ts";

/**
 * Clusters that have run for a while: nodes are not ready, cordoned, leaving, still starting, protected or drifted; pods leave, have finished or
 * may not be moved; some wait for volumes; PodDisruptionBudgets have a status, some of which let a pod go; a pool may count its nodes.
 */
export function agedClusters(options: ClusterOptions = {}): fc.Arbitrary<Cluster> {
  const { maxPods = 12, maxNodes = 4 } = options;
  return fc
    .record({ cluster: clusters(options), ages: nodeAges(maxNodes), states: podStates(maxPods), stores: volumes(maxPods), allowed: fc.nat(1), mostNodes: fc.option(fc.integer({ min: 0, max: maxNodes + 1 }), { freq: 5, nil: undefined }), spotToSpot: fc.boolean() })
    .map(({ cluster, ages, states, stores, allowed, mostNodes, spotToSpot }) => {
      const objects = withVolumes(withPodStates(cluster.objects, states), stores).map((object): KubeObject => (object.kind === "PodDisruptionBudget" ? counted(object, allowed) : object));
      const nodePools = cluster.nodePools.map((pool, index): NodePool => (index > 0 || mostNodes === undefined ? pool : { ...pool, spec: { ...pool.spec, limits: { ...pool.spec.limits, nodes: String(mostNodes) } } }));
      return aged({ ...cluster, nodePools, objects, options: { featureGates: { SpotToSpotConsolidation: spotToSpot } } }, ages);
    });
}

/** One that never lets a pod go has none to let go now. */
function counted(budget: PodDisruptionBudget, allowed: number): PodDisruptionBudget {
  const disruptionsAllowed = budget.spec.maxUnavailable === 0 ? 0 : allowed;
  return { ...budget, status: { disruptionsAllowed, currentHealthy: 2, desiredHealthy: 2 - disruptionsAllowed, expectedPods: 2 } };
}
