import { isKind, nameOf, type Node, type NodeClaim, type NodePool, type Pod, type PodDisruptionBudget } from "@groupless/api";
import { type Prepared, type StateNode, stateNodes } from "@groupless/bin-packer";
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
  /** In the order of the cluster's objects. */
  readonly pods: readonly Pod[];
  /** By name. */
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

function viewOf(prepared: Prepared): ClusterView {
  const { cluster } = prepared;
  const pods: Pod[] = [];
  const nodeClaims: NodeClaim[] = [];
  const podDisruptionBudgets: PodDisruptionBudget[] = [];
  for (const object of cluster.objects) {
    if (isKind(object, "Pod")) pods.push(object);
    else if (isKind(object, "NodeClaim")) nodeClaims.push(object);
    else if (isKind(object, "PodDisruptionBudget")) podDisruptionBudgets.push(object);
  }
  const nominated = new Set(cluster.nominated);
  const nodes = stateNodes(prepared).map((state) => recordOf(state, nominated.has(state.providerId)));
  let podOf: ReadonlyMap<string, Pod> | undefined;
  return {
    nodes,
    leaving: nodes.filter(({ deleting }) => deleting),
    nodeOf: new Map(nodes.map((node) => [node.name, node])),
    nodePools: new Map(cluster.nodePools.filter((pool) => isManaged(pool, cluster.options?.nodeClasses ?? [])).map((pool) => [pool.metadata.name, pool])),
    instanceTypes: (nodePool) => {
      const types = cluster.instanceTypes[nodePool] ?? cluster.instanceTypes["*"] ?? [];
      return types.length === 0 ? undefined : catalogOf(types);
    },
    podDisruptionBudgets: sameList(podDisruptionBudgets.sort((a, b) => compare(nameOf(a), nameOf(b)))),
    nodeClaims: nodeClaims.sort((a, b) => compare(a.metadata.name, b.metadata.name)),
    pods,
    // Most passes ask for no pod by its name.
    get podOf(): ReadonlyMap<string, Pod> {
      return (podOf ??= new Map(pods.map((pod) => [nameOf(pod), pod])));
    },
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

const records = new WeakMap<StateNode, NodeRecord>();
const lastRecords = new WeakMap<Node | NodeClaim, { readonly pods: readonly Pod[]; readonly record: NodeRecord }>();

/** The node's record; the one of an earlier view where nothing about it has changed. */
function recordOf(state: StateNode, nominated: boolean): NodeRecord {
  const known = records.get(state);
  if (known?.nominated === nominated) return known;
  const { annotations, initialized, labels, markedForDeletion: deleting, name, node, nodeClaim, pods, providerId: providerID } = state;
  const key = (node ?? nodeClaim) as Node | NodeClaim;
  // Another preparation of the same objects.
  const last = lastRecords.get(key);
  if (last !== undefined && last.record.node === node && last.record.nodeClaim === nodeClaim && last.record.deleting === deleting && last.record.nominated === nominated && isSame(last.pods, pods)) {
    records.set(state, last.record);
    return last.record;
  }
  const record: NodeRecord = {
    name,
    providerID,
    ...(node === undefined ? {} : { node }),
    ...(nodeClaim === undefined ? {} : { nodeClaim }),
    initialized,
    deleting,
    nominated,
    labels,
    annotations,
    pods: pods.length > 1 ? pods.toSorted((a, b) => compare(nameOf(a), nameOf(b))) : pods,
  };
  records.set(state, record);
  lastRecords.set(key, { pods, record });
  return record;
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
