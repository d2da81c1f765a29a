import type { KubeObject, NodePool, Pod } from "@groupless/api";
import type { Cluster } from "@groupless/bin-packer";
import type { InstanceType } from "@groupless/catalog";
import { fits, podsRequests, subtractResources } from "@groupless/quantity";
import * as fc from "fast-check";
import { instanceTypes } from "../build/instance-type.ts";
import { bound, node, nodePool, pod, podDisruptionBudget } from "../build/objects.ts";
import { aged, nodeAges } from "./node-age.ts";
import { budgets } from "./node-pool.ts";
import { podStates, withPodStates } from "./pod-age.ts";
import { ZONES, app } from "./vocabulary.ts";

const POLICIES = ["WhenEmpty", "WhenEmptyOrUnderutilized", "WhenEmptyOrUnderutilized", "Balanced"] as const;

/** Clusters with more nodes than they need and little that waits: what disruption is for. Now and then a pool is static, or has too tight a budget. */
export function quietClusters({ maxNodes = 6 }: { readonly maxNodes?: number } = {}): fc.Arbitrary<Cluster> {
  const place = fc.record({ pool: fc.nat(1), type: fc.nat(11), zone: fc.constantFrom(...ZONES), capacityType: fc.constantFrom("on-demand", "on-demand", "spot"), pods: fc.array(fc.tuple(app(), fc.constantFrom("100m", "400m", "900m", "1900m")), { maxLength: 3 }) });
  const policy = fc.record({ consolidationPolicy: fc.constantFrom(...POLICIES), budgets: fc.option(budgets(), { freq: 4, nil: undefined }), consolidateAfter: fc.constantFrom("0s", "0s", "0s", "0s", "Never", "5m") });
  const mostly = fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: nodeAges(maxNodes) });
  return fc
    .record({ places: fc.array(place, { minLength: 1, maxLength: maxNodes }), policies: fc.tuple(policy, policy), replicas: fc.option(fc.nat(maxNodes), { freq: 3, nil: undefined }), ages: mostly, states: fc.oneof(fc.constant([]), podStates(8)), guarded: fc.option(fc.tuple(app(), fc.nat(1)), { freq: 3, nil: undefined }), waiting: fc.nat(2), spotToSpot: fc.boolean(), spotOnly: fc.boolean() })
    .map(({ places, policies, replicas, ages, states, guarded, waiting, spotToSpot, spotOnly }) => {
      const catalog = instanceTypes();
      const pools = policies.map(({ budgets: chosen, ...disruption }, index): NodePool => {
        const only = spotOnly && index === 0 ? [{ key: "karpenter.sh/capacity-type", operator: "In" as const, values: ["spot"] }] : [];
        return nodePool(index === 0 ? "default" : "other", { template: { requirements: only }, spec: { disruption: { ...disruption, budgets: chosen ?? [{ nodes: "100%" }] }, ...(index === 1 && replicas !== undefined ? { replicas, limits: { nodes: String(replicas + 1) } } : {}) } });
      });
      const objects: KubeObject[] = places.flatMap((where, index) => furnished(`n${index}`, catalog[where.type] as InstanceType, where, pools[where.pool] as NodePool));
      for (let index = 0; index < waiting; index++) objects.push(pod(`new-${index}`, { cpu: "500m", memory: "256Mi" }, { metadata: { labels: { app: "web" } } }));
      if (guarded !== undefined) objects.push({ ...podDisruptionBudget("guard", { matchLabels: { app: guarded[0] } }), status: { disruptionsAllowed: guarded[1], currentHealthy: 1, desiredHealthy: 1 - guarded[1], expectedPods: 1 } });
      return aged({ nodePools: pools, objects: withPodStates(objects, states), instanceTypes: { "*": catalog }, options: { featureGates: { SpotToSpotConsolidation: spotToSpot, StaticCapacity: true } } }, ages);
    });
}

function furnished(name: string, type: InstanceType, where: { readonly zone: string; readonly capacityType: string; readonly pods: readonly (readonly [string, string])[] }, pool: NodePool): readonly KubeObject[] {
  const allocatable = subtractResources(type.capacity, type.overhead.kubeReserved ?? {});
  const arch = type.requirements.find(({ key }) => key === "kubernetes.io/arch")?.values?.[0] ?? "amd64";
  const labels = { "node.kubernetes.io/instance-type": type.name, "kubernetes.io/arch": arch, "topology.kubernetes.io/zone": where.zone, "karpenter.sh/capacity-type": where.capacityType, "karpenter.k8s.aws/ec2nodeclass": "default" };
  const here: Pod[] = [];
  for (const [index, [label, cpu]] of where.pods.entries()) {
    const candidate = pod(`${name}-${index}`, { cpu, memory: "256Mi" }, { metadata: { labels: { app: label }, ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: label, uid: label, controller: true }] } });
    if (fits(podsRequests([...here, candidate]), allocatable)) here.push(candidate);
  }
  return [...node(name, { nodePool: pool.metadata.name, labels, allocatable, capacity: type.capacity }).objects, ...here.map((running) => bound(running, name))];
}
