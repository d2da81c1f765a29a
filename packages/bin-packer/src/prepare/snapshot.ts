import { nodesNamed } from "./nodes-named.ts";
import { wellKnownLabelsOf } from "./well-known-labels.ts";
import { hasRequiredPodAntiAffinity, isActive, isCurrentlyReschedulable, isOwnedByDaemonSet, isOwnedByNode, isPreempting, isProvisionable, isScheduled, isTerminal, type Namespace, type NodePool, type Pod } from "@groupless/api";
import { applyOverlays, type InstanceType } from "@groupless/catalog";
import { CORE_LABELS, withLabels } from "@groupless/requirements";
import type { Cluster, SchedulingOptions } from "../cluster.ts";
import type { Constraints, ConstraintTable } from "../demand/constraints.ts";
import type { LabelClass, PodEntry } from "../demand/pod-class.ts";
import { virtualPods } from "../demand/capacity-buffer.ts";
import { type Objection, objections, type ValidationRules, volumeObjection } from "../demand/validate.ts";
import { anyBit } from "../intern/bits.ts";
import { normalisedKey, type Requirement } from "../intern/requirement.ts";
import type { RequirementSet, RequirementSets } from "../intern/requirement-set.ts";
import type { ResourceColumns, Resources } from "../intern/resources.ts";
import { hasRoom } from "../place/existing-node.ts";
import type { CatalogIndex } from "../supply/catalog-index.ts";
import { type Daemon, daemonGroups } from "../supply/daemon-groups.ts";
import { daemonPods } from "../supply/daemon.ts";
import { type StateNode, stateNodesOf } from "../supply/state-node.ts";
import { eligiblePools, poolLabels, type Template, templateOptions, templateRequirements } from "../supply/template.ts";
import { TopologyBase } from "../topology/topology-base.ts";
import { DomainUniverse } from "../topology/domain-universe.ts";
import { inventoryOf, type Inventory } from "./inventory.ts";
import { indexNodes } from "./index-nodes.ts";
import type { NodeEntry } from "./node-entry.ts";
import { PodClasses } from "./pod-entries.ts";
import { Tables, type Terms } from "./tables.ts";

/** A pod on a node, as topology counts it. */
export interface BoundPod {
  readonly entry: PodEntry;
  /** Index among `kubeNodes`. */
  readonly node: number;
}

/** A pod that validation turns away. */
export interface IgnoredPod {
  readonly name: string;
  readonly objections: readonly Objection[];
}

/** Everything a solve reads: the index behind a `Prepared`. */
export interface Snapshot {
  readonly nowMs: number;
  readonly options: SchedulingOptions;
  readonly tables: Tables;
  /** With the units of an earlier snapshot. */
  readonly reused: boolean;
  readonly inventory: Inventory;
  readonly sets: RequirementSets;
  readonly constraints: ConstraintTable;
  readonly columns: ResourceColumns;
  readonly classes: PodClasses;
  readonly rules: ValidationRules;
  readonly namespaces: readonly Namespace[];
  readonly pools: readonly NodePool[];
  /** In the order tried; a pool that no instance type suits has none. */
  readonly templates: readonly Template[];
  /** By pool: what its limits leave beside all its nodes. */
  readonly limits: ReadonlyMap<string, readonly { readonly column: number; readonly amount: number }[]>;
  readonly nodesColumn: number;
  readonly universe: DomainUniverse;
  readonly states: readonly StateNode[];
  /** Initialized first, then by name. */
  readonly nodes: readonly NodeEntry[];
  /** Indexes of nodes the cluster says are taken away. */
  readonly removed: ReadonlySet<number>;
  /** Pods that wait for a node. */
  readonly pending: readonly PodEntry[];
  readonly ignored: readonly IgnoredPod[];
  readonly bound: ReadonlyMap<LabelClass, readonly BoundPod[]>;
  readonly boundWithAntiAffinity: readonly BoundPod[];
  readonly kubeNodes: readonly KubeNode[];
  /** The catalogs of all pools, each once. */
  readonly catalogs: readonly CatalogIndex[];
  readonly toleratePreferNoSchedule: boolean;
  readonly topology: TopologyBase;
  /** Indexes of the nodes on their way out. */
  readonly leaving: readonly number[];
  /** Indexes of nodes with room for these requests, in order; remembered. */
  roomFor(requests: Resources): readonly number[];
  /** Indexes among `kubeNodes` of the Node objects behind these entries. */
  nodesOfEntries(entries: ReadonlySet<number>): number[];
}

/** A Node object as topology sees it. */
export interface KubeNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly requirements: RequirementSet;
  readonly taints: readonly import("@groupless/api").Taint[];
  /** Index of its entry among `nodes`, or -1 where it is not known to Karpenter's state. */
  readonly entry: number;
}

/** The core's own well-known labels. Karpenter pkg/apis/v1/labels.go. */
const WELL_KNOWN = [
  "karpenter.sh/nodepool",
  "karpenter.sh/capacity-type",
  "topology.kubernetes.io/zone",
  "topology.kubernetes.io/region",
  "node.kubernetes.io/instance-type",
  "node.kubernetes.io/windows-build",
  "kubernetes.io/arch",
  "kubernetes.io/os",
];

// One list for all pools without any, since catalogs are told apart by identity.
const NO_TYPES: readonly InstanceType[] = Object.freeze([]);

/** Indexes a cluster, with the tables of an earlier snapshot where those will do. */
export function snapshotOf(cluster: Cluster, nowMs: number, earlier?: Tables): Snapshot {
  const options = cluster.options ?? {};
  const wellKnown = new Set([...WELL_KNOWN, ...wellKnownLabelsOf(cluster)]);
  const terms: Terms = { wellKnown, ignorePreferences: options.preferencePolicy === "Ignore", reservationLabel: options.reservationIDLabel };
  const tables = earlier?.for(terms) ?? new Tables(terms);
  const { sets, constraints, requests } = tables;
  const inventory = inventoryOf(cluster.objects);
  const pools = eligiblePools(cluster.nodePools, options.nodeClasses ?? []);
  const gates = options.featureGates ?? {};
  const instanceTypesOf = catalogsOf(cluster, pools, gates["NodeOverlay"] === true ? inventory.overlays : [], wellKnown);

  const buffers = gates["CapacityBuffer"] === true ? virtualPods(inventory, nowMs) : [];
  const daemonSets = daemonPods(inventory.daemonSets, inventory.pods);
  const podsByNode = new Map<string, Pod[]>();
  for (const pod of inventory.pods) {
    if (!isScheduled(pod)) continue;
    const list = podsByNode.get(pod.spec.nodeName as string);
    if (list === undefined) podsByNode.set(pod.spec.nodeName as string, [pod]);
    else list.push(pod);
  }
  const states = stateNodesOf(inventory.nodes, inventory.nodeClaims, podsByNode, new Set(cluster.markedForDeletion ?? []));
  const {
    columns,
    catalogs: indexOf,
    reused,
  } = tables.indexes({
    pods: [...inventory.pods, ...buffers, ...daemonSets].map((pod) => requests.of(pod)),
    nodes: states.flatMap(({ capacity, allocatable }) => [capacity, allocatable]),
    catalogs: new Set(pools.map((pool) => instanceTypesOf(pool.metadata.name))),
    limits: pools.map((pool) => pool.spec.limits),
  });

  const classes = new PodClasses(sets, constraints, requests, columns, inventory.storage);
  const raw = inventory.pods.map((pod) => classes.read(pod));
  const rawBuffers = buffers.map((pod) => classes.read(pod));
  const rawDaemons = daemonSets.map((pod) => classes.read(pod));
  const entries = raw.map((one) => classes.entry(one));
  const entryOf = new Map<Pod, PodEntry>();
  for (const entry of entries) if (isScheduled(entry.pod)) entryOf.set(entry.pod, entry);
  const daemons: Daemon[] = rawDaemons.map((one) => {
    const entry = classes.entry(one);
    return { name: entry.name, constraints: one.constraints, requests: entry.class.requests, hostPorts: entry.class.hostPorts };
  });
  const catalogOf = new Map<string, CatalogIndex>();
  const templates: Template[] = [];
  for (const pool of pools) {
    const name = pool.metadata.name;
    const catalog = indexOf.get(instanceTypesOf(name)) as CatalogIndex;
    catalogOf.set(name, catalog);
    const requirements = templateRequirements(pool, sets);
    const fitting = templateOptions(catalog, requirements, options.minValuesPolicy === "BestEffort");
    if (!anyBit(fitting)) continue;
    const taints = pool.spec.template.spec.taints ?? [];
    templates.push({ pool, name, requirements, catalog, options: fitting, taints, daemonGroups: daemonGroups(catalog, fitting, requirements, taints, daemons, sets, constraints, columns) });
  }
  const universe = new DomainUniverse(
    pools.flatMap((pool) => {
      const catalog = catalogOf.get(pool.metadata.name) as CatalogIndex;
      if (catalog.types.length === 0) return [];
      const { metadata, spec } = pool.spec.template;
      const labels = Object.entries(metadata?.labels ?? {}).map(([key, value]) => sets.table.of({ key, operator: "In" as const, values: [value] }));
      return [{ requirements: sets.of([...(spec.requirements ?? []).map((requirement) => sets.table.of(requirement)), ...labels]), taints: spec.taints ?? [], catalog }];
    }),
  );
  const nodes = indexNodes({ states, entryOf, daemons, pools, nowMs, inventory, sets, columns, asked: classes.nodeKeys });
  const rules: ValidationRules = {
    wellKnown,
    restrictedDomains: ["karpenter.sh", ...(options.restrictedLabelDomains ?? [])],
    unsupportedProvisioners: options.unsupportedProvisioners ?? [],
    unsupportedTopologyKeys: options.unsupportedTopologyKeys ?? [],
  };
  const pending: PodEntry[] = [];
  const ignored: IgnoredPod[] = [];
  const objected = new Map<Constraints, readonly Objection[]>();
  for (const entry of entries) {
    const { pod } = entry;
    if (isScheduled(pod) || !waits(pod)) continue;
    const { constraints: own } = entry.class;
    let found = objected.get(own);
    if (found === undefined) objected.set(own, (found = objections(own, rules)));
    const volume = pod.spec.volumes === undefined ? undefined : volumeObjection(pod, inventory.storage, rules);
    if (volume !== undefined) found = [...found, volume];
    if (found.length > 0) ignored.push({ name: entry.name, objections: found });
    else pending.push(entry);
  }
  for (const one of rawBuffers) pending.push(classes.entry(one));
  const { kubeNodes, bound, boundWithAntiAffinity } = boundPods(inventory, nodes, entryOf, sets, classes.nodeKeys);
  const kubeNodeOf = new Map(kubeNodes.map((node, index) => [node.entry, index]));
  const room = new Map<Resources, readonly number[]>();
  const snapshot: Omit<Snapshot, "topology"> = {
    nowMs,
    options,
    tables,
    reused,
    inventory,
    sets,
    constraints,
    columns,
    classes,
    rules,
    namespaces: inventory.namespaces,
    pools,
    templates,
    limits: limitsLeft(pools, nodes, columns),
    nodesColumn: columns.column("nodes"),
    universe,
    states,
    nodes,
    removed: nodesNamed(nodes, cluster.removeNodes ?? []),
    pending,
    ignored,
    bound,
    boundWithAntiAffinity,
    kubeNodes,
    catalogs: [...indexOf.values()],
    toleratePreferNoSchedule: pools.some((pool) => pool.spec.template.spec.taints?.some((taint) => taint.effect === "PreferNoSchedule") ?? false),
    leaving: nodes.filter((node) => node.state.markedForDeletion).map((node) => node.index),
    roomFor(requests) {
      let found = room.get(requests);
      if (found === undefined) room.set(requests, (found = nodes.filter((node) => hasRoom(requests.amounts, requests.columns, node.remaining)).map((node) => node.index)));
      return found;
    },
    nodesOfEntries: (entries) => [...entries].flatMap((entry) => kubeNodeOf.get(entry) ?? []),
  };
  return Object.assign(snapshot, { topology: new TopologyBase(snapshot as Snapshot) });
}

/** The instance types of a pool, under the NodeOverlays given. */
function catalogsOf(cluster: Cluster, pools: readonly NodePool[], overlays: Inventory["overlays"], wellKnown: ReadonlySet<string>): (pool: string) => readonly InstanceType[] {
  const given = (pool: string): readonly InstanceType[] => cluster.instanceTypes[pool] ?? cluster.instanceTypes["*"] ?? NO_TYPES;
  if (overlays.length === 0) return given;
  const named = pools.map((pool) => ({ name: pool.metadata.name, labels: poolLabels(pool), instanceTypes: given(pool.metadata.name) }));
  const { instanceTypes } = applyOverlays(named, overlays, { labels: withLabels(CORE_LABELS, { wellKnown: [...wellKnown] }) });
  return (pool) => instanceTypes[pool] ?? given(pool);
}

/** Limits less the capacity of the pool's nodes. */
function limitsLeft(pools: readonly NodePool[], nodes: readonly NodeEntry[], columns: ResourceColumns): Snapshot["limits"] {
  const left = new Map(pools.map((pool) => [pool.metadata.name, Object.entries(pool.spec.limits ?? {}).map(([name, text]) => ({ column: columns.column(name), amount: columns.amount(columns.column(name), text) }))]));
  for (const node of nodes) for (const limit of left.get(node.state.nodePool ?? "") ?? []) limit.amount -= node.capacity[limit.column] as number;
  return left;
}

/** A pod without a word about scheduling waits for a node, unless it is gated: objects from YAML have no conditions. */
function waits(pod: Pod): boolean {
  const conditions = pod.status?.conditions;
  if (conditions !== undefined && conditions.length > 0) return isProvisionable(pod);
  return (pod.spec.schedulingGates ?? []).length === 0 && !isPreempting(pod) && !isOwnedByDaemonSet(pod) && !isOwnedByNode(pod);
}

function boundPods(inventory: Inventory, nodes: readonly NodeEntry[], entryOf: ReadonlyMap<Pod, PodEntry>, sets: RequirementSets, asked: ReadonlySet<string>): Pick<Snapshot, "kubeNodes" | "bound" | "boundWithAntiAffinity"> {
  const entryByNode = new Map(nodes.flatMap((entry) => (entry.state.node === undefined ? [] : [[entry.state.node.metadata.name, entry.index] as const])));
  const kubeNodes: KubeNode[] = inventory.nodes.map((node) => ({
    name: node.metadata.name,
    labels: node.metadata.labels ?? {},
    requirements: labelRequirements(node.metadata.labels ?? {}, sets, asked),
    taints: node.spec?.taints ?? [],
    entry: entryByNode.get(node.metadata.name) ?? -1,
  }));
  const indexByName = new Map(kubeNodes.map((node, index) => [node.name, index]));
  const bound = new Map<LabelClass, BoundPod[]>();
  const boundWithAntiAffinity: BoundPod[] = [];
  for (const pod of inventory.pods) {
    if (!isScheduled(pod)) continue;
    const node = indexByName.get(pod.spec.nodeName as string);
    if (node === undefined) continue;
    const entry = entryOf.get(pod) as PodEntry;
    if (isActive(pod)) {
      const list = bound.get(entry.class.labels);
      if (list === undefined) bound.set(entry.class.labels, [{ entry, node }]);
      else list.push({ entry, node });
    }
    if (hasRequiredPodAntiAffinity(pod) && !isTerminal(pod) && (kubeNodes[node] as KubeNode).entry !== -1) boundWithAntiAffinity.push({ entry, node });
  }
  return { kubeNodes, bound, boundWithAntiAffinity };
}

/** What a node's labels say about the keys that some pod asks for; no one looks at the others. */
export function labelRequirements(labels: Readonly<Record<string, string>>, sets: RequirementSets, asked: ReadonlySet<string>): RequirementSet {
  const found: Requirement[] = [];
  if (asked.size > 0) {
    for (const key in labels) {
      const normal = normalisedKey(key);
      if (asked.has(normal)) found.push(sets.table.is(normal, labels[key] as string));
    }
  }
  return found.length === 0 ? sets.empty : sets.of(found);
}

export function reschedulable(snapshot: Snapshot, node: NodeEntry): readonly PodEntry[] {
  return node.pods.filter((entry) => isCurrentlyReschedulable(entry.pod, snapshot.inventory.budgets, snapshot.nowMs));
}

