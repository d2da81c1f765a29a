import { CAPACITY_TYPE_LABEL, type Condition, DO_NOT_DISRUPT_ANNOTATION, INSTANCE_TYPE_LABEL, type KubeObject, nameOf, NODE_POOL_LABEL, type NodeClaim, type NodePool, ZONE_LABEL } from "@groupless/api";
import type { Cluster, Prepared } from "@groupless/bin-packer";
import { clusterView } from "../cluster/cluster-view.ts";
import type { NodeRecord } from "../cluster/node-record.ts";
import type { Blocker } from "./blocker.ts";

/**
 * The cluster as it would be if somebody had taken that blocker of the node away, by the smallest change that does: an annotation less, a budget
 * opened, a condition true, a policy changed. Undefined where no change of the cluster can do it (the node is gone, on its way out, not Karpenter's).
 */
export function lift(prepared: Prepared, nodeName: string, blocker: Blocker): Cluster | undefined {
  const { cluster } = prepared;
  const node = clusterView(prepared).nodeOf.get(nodeName);
  if (node === undefined) return undefined;
  switch (blocker.code) {
    case "nominated":
      return { ...cluster, nominated: (cluster.nominated ?? []).filter((id) => id !== node.providerID) };
    case "node-do-not-disrupt":
      return withObjects(cluster, (object) => (object.kind === "Node" && object === node.node ? withoutAnnotation(object) : object));
    case "not-consolidatable":
      return withCondition(cluster, node, "Consolidatable");
    case "not-drifted":
      return withCondition(cluster, node, "Drifted");
    case "buffer-pods":
      return { ...cluster, bufferPods: Object.fromEntries(Object.entries(cluster.bufferPods ?? {}).filter(([id]) => id !== node.providerID)) };
    case "pod-do-not-disrupt":
      return withObjects(cluster, (object) => (object.kind === "Pod" && nameOf(object) === blocker.pod ? withoutAnnotation(object) : object));
    case "pod-disruption-budget":
    case "multiple-pod-disruption-budgets": {
      const gone = new Set(blocker.podDisruptionBudgets);
      return { ...cluster, objects: cluster.objects.filter((object) => object.kind !== "PodDisruptionBudget" || !gone.has(nameOf(object))) };
    }
    case "consolidation-disabled":
      return withPool(cluster, blocker.nodePool, (pool) => ({ ...pool, spec: { ...pool.spec, disruption: { ...pool.spec.disruption, consolidateAfter: "0s" } } }));
    case "consolidation-policy":
    case "balanced-score":
      return withPool(cluster, blocker.nodePool, (pool) => ({ ...pool, spec: { ...pool.spec, disruption: { ...pool.spec.disruption, consolidationPolicy: "WhenEmptyOrUnderutilized" } } }));
    case "node-pool-budget":
      return withPool(cluster, blocker.nodePool, (pool) => ({ ...pool, spec: { ...pool.spec, disruption: { ...pool.spec.disruption, budgets: [] } } }));
    case "spot-to-spot-disabled":
      return { ...cluster, options: { ...cluster.options, featureGates: { ...cluster.options?.featureGates, SpotToSpotConsolidation: true } } };
    case "not-cheaper":
      // Where the cheapest that would do is of the node's own type, or nothing would do, a dearer node makes no gap: room elsewhere does.
      return blocker.instanceType === undefined || blocker.instanceType === node.labels[INSTANCE_TYPE_LABEL] ? withSpareNode(cluster, node) : withDearerNode(cluster, node);
    case "no-node-pools":
    case "spot-flexibility":
    case "min-values":
    case "pods-would-not-schedule":
    case "many-replacements":
      return withSpareNode(cluster, node);
    default:
      return undefined;
  }
}

function withObjects(cluster: Cluster, change: (object: KubeObject) => KubeObject): Cluster {
  return { ...cluster, objects: cluster.objects.map(change) };
}

function withoutAnnotation<T extends KubeObject>(object: T): T {
  const annotations = Object.fromEntries(Object.entries(object.metadata.annotations ?? {}).filter(([key]) => key !== DO_NOT_DISRUPT_ANNOTATION));
  return { ...object, metadata: { ...object.metadata, annotations } };
}

function withCondition(cluster: Cluster, { nodeClaim }: NodeRecord, type: string): Cluster {
  const changed = (claim: NodeClaim): NodeClaim => {
    const condition: Condition = { type, status: "True", reason: type };
    return { ...claim, status: { ...claim.status, conditions: [...(claim.status?.conditions ?? []).filter((other) => other.type !== type), condition] } };
  };
  return withObjects(cluster, (object) => (object.kind === "NodeClaim" && object === nodeClaim ? changed(object) : object));
}

function withPool(cluster: Cluster, name: string, change: (pool: NodePool) => NodePool): Cluster {
  return { ...cluster, nodePools: cluster.nodePools.map((pool) => (pool.metadata.name === name ? change(pool) : pool)) };
}

// The node's own offering becomes the dearest there is.
function withDearerNode(cluster: Cluster, { labels }: NodeRecord): Cluster {
  const pool = labels[NODE_POOL_LABEL] ?? "";
  const types = cluster.instanceTypes[pool] ?? cluster.instanceTypes["*"] ?? [];
  const dearest = Math.max(1, ...types.flatMap(({ offerings }) => offerings.map(({ price }) => price)));
  const wanted = [labels[ZONE_LABEL], labels[CAPACITY_TYPE_LABEL]];
  const changed = types.map((type) => ({
    ...type,
    offerings: type.offerings.map((offering) => {
      const value = (key: string): string | undefined => offering.requirements.find((requirement) => requirement.key === key)?.values?.[0];
      const own = type.name === labels[INSTANCE_TYPE_LABEL] && value(ZONE_LABEL) === wanted[0] && value(CAPACITY_TYPE_LABEL) === wanted[1];
      return own ? { ...offering, price: dearest * 10 } : offering;
    }),
  }));
  return { ...cluster, instanceTypes: { ...cluster.instanceTypes, [pool]: changed } };
}

const SPARE = "spare";

// A node like this one, but nobody's claim, with nothing on it.
function withSpareNode(cluster: Cluster, { node, labels, name }: NodeRecord): Cluster | undefined {
  if (node === undefined) return undefined;
  const known = cluster.objects.filter(({ kind, metadata }) => kind === "Node" && metadata.name.startsWith(`${SPARE}-${name}`)).length;
  const spare = `${SPARE}-${name}${known === 0 ? "" : `-${known + 1}`}`;
  return { ...cluster, objects: [...cluster.objects, { ...node, metadata: { name: spare, labels: { ...labels, "kubernetes.io/hostname": spare } }, spec: { providerID: `${SPARE}:///${spare}` } }] };
}
