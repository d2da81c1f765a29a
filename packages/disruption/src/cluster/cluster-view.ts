import { INITIALIZED_LABEL, INSTANCE_TYPE_LABEL, isKind, nameOf, type Node, NODE_POOL_LABEL, type NodeClaim, type NodePool, type Pod, type PodDisruptionBudget, REGISTERED_LABEL } from "@groupless/api";
import type { Prepared } from "@groupless/bin-packer";
import type { InstanceType } from "@groupless/catalog";
import { conditionIsTrue, type NodeRecord } from "./node-record.ts";

/** A prepared cluster by what disruption asks of it. */
export interface ClusterView {
  /** By name. */
  readonly nodes: readonly NodeRecord[];
  /** Those on their way out. */
  readonly leaving: readonly NodeRecord[];
  readonly nodeOf: ReadonlyMap<string, NodeRecord>;
  /** Pools of a node class Karpenter manages, by name. */
  readonly nodePools: ReadonlyMap<string, NodePool>;
  /** Instance types of a pool by name; undefined if it has none. */
  readonly instanceTypes: (nodePool: string) => ReadonlyMap<string, InstanceType> | undefined;
  readonly podDisruptionBudgets: readonly PodDisruptionBudget[];
  readonly nodeClaims: readonly NodeClaim[];
  readonly podOf: ReadonlyMap<string, Pod>;
}

const views = new WeakMap<Prepared, ClusterView>();

/** The view of a prepared cluster; made once for each. */
export function clusterView(prepared: Prepared): ClusterView {
  const known = views.get(prepared);
  if (known !== undefined) return known;
  const view = viewOf(prepared);
  views.set(prepared, view);
  return view;
}

function viewOf({ cluster }: Prepared): ClusterView {
  const nodes = new Map<string, Node>();
  const claims = new Map<string, NodeClaim>();
  const podsOf = new Map<string, Pod[]>();
  const podOf = new Map<string, Pod>();
  const nodeClaims: NodeClaim[] = [];
  const podDisruptionBudgets: PodDisruptionBudget[] = [];
  for (const object of cluster.objects) {
    if (isKind(object, "Pod")) {
      podOf.set(nameOf(object), object);
      const { nodeName } = object.spec;
      if (nodeName === undefined || nodeName === "") continue;
      const pods = podsOf.get(nodeName);
      if (pods === undefined) podsOf.set(nodeName, [object]);
      else pods.push(object);
    } else if (isKind(object, "Node")) {
      const id = nodeID(object);
      if (id !== undefined) nodes.set(id, object);
    } else if (isKind(object, "NodeClaim")) {
      nodeClaims.push(object);
      if ((object.status?.providerID ?? "") !== "") claims.set(object.status?.providerID as string, object);
    } else if (isKind(object, "PodDisruptionBudget")) podDisruptionBudgets.push(object);
  }
  const marked = new Set(cluster.markedForDeletion);
  const nominated = new Set(cluster.nominated);
  const all = [...new Set([...nodes.keys(), ...claims.keys()])]
    .map((id) => record(id, nodes.get(id), claims.get(id), { marked, nominated, podsOf }))
    .sort((a, b) => compare(a.name, b.name) || compare(a.providerID, b.providerID));
  return {
    nodes: all,
    leaving: all.filter(({ deleting }) => deleting),
    nodeOf: new Map(all.map((node) => [node.name, node])),
    nodePools: new Map(cluster.nodePools.filter((pool) => isManaged(pool, cluster.options?.nodeClasses ?? [])).map((pool) => [pool.metadata.name, pool])),
    instanceTypes: (nodePool) => {
      const types = cluster.instanceTypes[nodePool] ?? cluster.instanceTypes["*"] ?? [];
      return types.length === 0 ? undefined : catalogOf(types);
    },
    podDisruptionBudgets: sameList(podDisruptionBudgets.sort((a, b) => compare(nameOf(a), nameOf(b)))),
    nodeClaims: nodeClaims.sort((a, b) => compare(a.metadata.name, b.metadata.name)),
    podOf,
  };
}

const catalogs = new WeakMap<readonly InstanceType[], ReadonlyMap<string, InstanceType>>();

function catalogOf(types: readonly InstanceType[]): ReadonlyMap<string, InstanceType> {
  let catalog = catalogs.get(types);
  if (catalog === undefined) catalogs.set(types, (catalog = new Map(types.map((type) => [type.name, type]))));
  return catalog;
}

const NO_BUDGETS: readonly PodDisruptionBudget[] = [];
const lists = new WeakMap<PodDisruptionBudget, readonly PodDisruptionBudget[]>();

// Equal lists are one list, so that what was found out with it can be told to hold still.
function sameList(budgets: readonly PodDisruptionBudget[]): readonly PodDisruptionBudget[] {
  const [first] = budgets;
  if (first === undefined) return NO_BUDGETS;
  const known = lists.get(first);
  if (known !== undefined && isSame(known, budgets)) return known;
  lists.set(first, budgets);
  return budgets;
}

function isSame<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i]);
}

// Karpenter waits for the provider id and the type of nodes of its own; others may do without (pkg/controllers/state UpdateNode).
function nodeID({ metadata, spec }: Node): string | undefined {
  const labels = metadata.labels ?? {};
  const managed = (labels[NODE_POOL_LABEL] ?? "") !== "";
  const providerID = spec?.providerID ?? "";
  if (managed && providerID === "") return undefined;
  if (managed && (labels[INSTANCE_TYPE_LABEL] ?? "") === "" && (labels[INITIALIZED_LABEL] ?? "") === "") return undefined;
  return providerID === "" ? metadata.name : providerID;
}

interface Surroundings {
  readonly marked: ReadonlySet<string>;
  readonly nominated: ReadonlySet<string>;
  readonly podsOf: ReadonlyMap<string, Pod[]>;
}

interface Known {
  readonly node: Node | undefined;
  readonly nodeClaim: NodeClaim | undefined;
  readonly marked: boolean;
  /** In the order of the cluster's objects. */
  readonly pods: readonly Pod[];
  readonly record: NodeRecord;
}

const records = new WeakMap<Node | NodeClaim, Known>();

/** The node's record; the one of an earlier view where nothing about it has changed. */
function record(providerID: string, node: Node | undefined, nodeClaim: NodeClaim | undefined, around: Surroundings): NodeRecord {
  const key = (node ?? nodeClaim) as Node | NodeClaim;
  const known = records.get(key);
  const pods = node === undefined ? NO_PODS : (around.podsOf.get(node.metadata.name) ?? NO_PODS);
  if (known !== undefined && known.node === node && known.nodeClaim === nodeClaim && known.marked === around.marked.has(providerID) && known.record.nominated === around.nominated.has(providerID) && isSame(known.pods, pods)) return known.record;
  const now = made(providerID, node, nodeClaim, around);
  records.set(key, { node, nodeClaim, marked: around.marked.has(providerID), pods, record: now });
  return now;
}

const NO_PODS: readonly Pod[] = [];

function made(providerID: string, node: Node | undefined, nodeClaim: NodeClaim | undefined, around: Surroundings): NodeRecord {
  const registered = nodeClaim === undefined || node?.metadata.labels?.[REGISTERED_LABEL] === "true";
  const meta = (node !== undefined && registered ? node : (nodeClaim ?? node))?.metadata;
  const deleted = nodeClaim === undefined ? node?.metadata.deletionTimestamp !== undefined : nodeClaim.metadata.deletionTimestamp !== undefined || conditionIsTrue(nodeClaim, "InstanceTerminating");
  const pods = node === undefined ? [] : (around.podsOf.get(node.metadata.name) ?? []);
  return {
    name: meta?.name ?? providerID,
    providerID,
    ...(node === undefined ? {} : { node }),
    ...(nodeClaim === undefined ? {} : { nodeClaim }),
    initialized: nodeClaim === undefined || node?.metadata.labels?.[INITIALIZED_LABEL] === "true",
    deleting: deleted || around.marked.has(providerID),
    nominated: around.nominated.has(providerID),
    labels: meta?.labels ?? {},
    annotations: meta?.annotations ?? {},
    pods: pods.length > 1 ? pods.toSorted((a, b) => compare(nameOf(a), nameOf(b))) : pods,
  };
}

const MANAGED_KINDS = new Set(["karpenter.k8s.aws/EC2NodeClass", "karpenter.kwok.sh/KWOKNodeClass", "karpenter.test.sh/TestNodeClass"]);

/** Whether a pool's node class is one that Karpenter's own providers serve, or the caller's does. */
function isManaged(nodePool: NodePool, more: readonly string[]): boolean {
  const { group, kind } = nodePool.spec.template.spec.nodeClassRef;
  return MANAGED_KINDS.has(`${group}/${kind}`) || more.includes(`${group}/${kind}`);
}

/** Whether new nodes can come from a pool: not static, not being deleted, and ready (or without conditions at all). */
export function isTemplate(nodePool: NodePool): boolean {
  const { conditions } = nodePool.status ?? {};
  const ready = conditions === undefined || conditions.length === 0 || conditionIsTrue(nodePool, "Ready");
  return nodePool.spec.replicas === undefined && nodePool.metadata.deletionTimestamp === undefined && ready;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
