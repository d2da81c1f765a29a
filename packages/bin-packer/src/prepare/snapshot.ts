import type { NodePool, Pod } from "@groupless/api";
import { isCurrentlyReschedulable, isScheduled } from "@groupless/api";
import { applyOverlays, type InstanceType } from "@groupless/catalog";
import { CORE_LABELS, withLabels } from "@groupless/requirements";
import type { Cluster, SchedulingOptions } from "../cluster.ts";
import type { ConstraintTable } from "../demand/constraints.ts";
import type { PodEntry } from "../demand/pod-class.ts";
import { virtualPods } from "../demand/capacity-buffer.ts";
import type { ValidationRules } from "../demand/validate.ts";
import type { RequirementSets } from "../intern/requirement-set.ts";
import type { Amounts, ResourceColumns, Resources } from "../intern/resources.ts";
import { hasRoom, hasRoomAndIsNotShort } from "../place/existing-node.ts";
import type { CatalogIndex } from "../supply/catalog-index.ts";
import type { Daemon } from "../supply/daemon-groups.ts";
import { daemonPods, daemonSetOf } from "../supply/daemon.ts";
import { matchesOf, stateNodeOf } from "../supply/state-node.ts";
import { eligiblePools, poolLabels } from "../supply/template.ts";
import { RuleTable } from "../topology/rule-table.ts";
import { type BaseGrounds, TopologyBase } from "../topology/topology-base.ts";
import { inventoryOf, type Inventory } from "./inventory.ts";
import type { KubeNode } from "./kube-node.ts";
import { type NodeBook, nodeBookOf } from "./node-book.ts";
import { compareStates, type NodeEntry } from "./node-entry.ts";
import { nodesNamed } from "./nodes-named.ts";
import { type PodBook, podBookOf, Screen } from "./pod-book.ts";
import { PodClasses } from "./pod-entries.ts";
import { type Supply, supplyOf } from "./supply.ts";
import { Tables, type Terms } from "./tables.ts";
import type { Rules } from "../profile/rules.ts";
import { labelsOfTypes, wellKnownLabelsOf } from "./well-known-labels.ts";

/** A pod on a node, as topology counts it. */
export interface BoundPod {
  readonly entry: PodEntry;
  readonly node: KubeNode;
}

/** What a snapshot is made of; everything else follows from it. */
export interface Parts extends Supply, NodeBook {
  readonly nowMs: number;
  readonly options: SchedulingOptions;
  readonly tables: Tables;
  /** With the units of an earlier snapshot. */
  readonly reused: boolean;
  readonly inventory: Inventory;
  readonly columns: ResourceColumns;
  readonly classes: PodClasses;
  readonly rules: ValidationRules;
  readonly screen: Screen;
  readonly pods: PodBook;
  /** Stand-ins of capacity buffers. */
  readonly virtual: readonly PodEntry[];
  /** Provider ids the cluster says are on their way out. */
  readonly marked: ReadonlySet<string>;
  /** Nodes the cluster says are taken away. */
  readonly removed: ReadonlySet<NodeEntry>;
  readonly ruleTable: RuleTable;
}

/** Everything a solve reads: the index behind a `Prepared`. */
export interface Snapshot extends Parts {
  readonly sets: RequirementSets;
  readonly constraints: ConstraintTable;
  /** By pool: what its limits leave beside all its nodes. */
  readonly limits: ReadonlyMap<string, readonly { readonly column: number; readonly amount: number }[]>;
  readonly nodesColumn: number;
  /** Pods that wait for a node. */
  readonly pending: readonly PodEntry[];
  readonly topology: TopologyBase;
  /** Is there a PreferNoSchedule taint that a pod without another place may overlook? */
  readonly softTaintsGiveWay: boolean;
  /** The nodes on their way out. */
  readonly leaving: readonly NodeEntry[];
  /** Nodes with room for these requests, in order; remembered. */
  roomFor(requests: Resources): readonly NodeEntry[];
  /** Is there room for them in what a node has left? */
  hasRoom(requests: Resources, room: Amounts): boolean;
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
const NO_PODS: readonly never[] = [];

/** Indexes a cluster, with the tables of an earlier snapshot where those will do. */
export function snapshotOf(cluster: Cluster, nowMs: number, rules: Rules, earlier?: Tables): Snapshot {
  const options = cluster.options ?? {};
  const wellKnown = new Set([...WELL_KNOWN, ...wellKnownLabelsOf(cluster), ...(rules.typesDefineLabels ? labelsOfTypes(cluster) : [])]);
  const terms: Terms = { rules, wellKnown, ignorePreferences: options.preferencePolicy === "Ignore", reservationLabel: options.reservationIDLabel };
  const tables = earlier?.for(terms) ?? new Tables(terms);
  const { sets, constraints, requests } = tables;
  const { pods, nodes, nodeClaims, ...inventory } = inventoryOf(cluster.objects);
  const { storage } = inventory;
  const pools = eligiblePools(cluster.nodePools, options.nodeClasses ?? []);
  const instanceTypesOf = catalogsOf(cluster, pools, isGated(options, "NodeOverlay") ? inventory.overlays : [], wellKnown);

  const buffers = isGated(options, "CapacityBuffer") ? virtualPods(inventory, nowMs) : [];
  const ofDaemonSets = inventory.daemonSets.length === 0 ? new Map<string, readonly Pod[]>() : podsOfDaemonSets(pods);
  const daemonSets = daemonPods(inventory.daemonSets, (key) => ofDaemonSets.get(key) ?? NO_PODS);
  const onNode = podsByNode(pods);
  const matched = matchesOf(nodes, nodeClaims);
  const marked = new Set(cluster.markedForDeletion ?? []);
  const states = [...matched].map(([id, found]) => stateNodeOf(id, found, (name) => onNode.get(name) ?? NO_PODS, marked)).sort(compareStates);
  const asked = pods.map((pod) => requests.of(pod));
  const {
    columns,
    catalogs: indexOf,
    reused,
  } = tables.indexes({
    pods: buffers.length === 0 ? asked : [...asked, ...buffers.map((pod) => requests.of(pod))],
    nodes: [...states.flatMap(({ capacity, allocatable }) => [capacity, allocatable]), ...daemonSets.map((pod) => requests.of(pod))],
    catalogs: new Set(pools.map((pool) => instanceTypesOf(pool.metadata.name))),
    limits: pools.map((pool) => pool.spec.limits),
  });

  const classes = new PodClasses(sets, constraints, requests, columns, rules);
  const raw = pods.map((pod, index) => classes.read(pod, asked[index]));
  const rawBuffers = buffers.map((pod) => classes.read(pod));
  const rawDaemons = daemonSets.map((pod) => classes.read(pod));
  const entries = raw.map((one) => classes.entry(one, storage));
  const daemons = rawDaemons.map((one): Daemon => {
    const entry = classes.entry(one, storage);
    return { name: entry.name, constraints: one.constraints, requests: entry.class.requests, hostPorts: entry.class.hostPorts };
  });
  const supply = supplyOf(pools, (pool) => indexOf.get(instanceTypesOf(pool)) as CatalogIndex, daemons, { sets, constraints, columns, bestEffortMinValues: options.minValuesPolicy === "BestEffort", rules });
  const validation: ValidationRules = {
    wellKnown,
    restrictedDomains: ["karpenter.sh", ...(options.restrictedLabelDomains ?? [])],
    unsupportedProvisioners: options.unsupportedProvisioners ?? [],
    unsupportedTopologyKeys: options.unsupportedTopologyKeys ?? [],
  };
  const screen = new Screen(validation);
  const book = podBookOf(entries, ofDaemonSets, screen, storage);
  const nodeBook = nodeBookOf(nodes, states, matched, { rules, constraints, sets, columns, daemons, pools, asked: classes.nodeKeys, hosts: tables.hosts, onNode: book.onNode, csiNodes: inventory.csiNodes, marked });
  const ruleTable = new RuleTable({ constraints, namespaces: inventory.namespaces, ignorePreferences: terms.ignorePreferences, asDeclared: rules.topologyAsDeclared });
  const virtual = rawBuffers.map((one) => classes.entry(one, storage));
  const parts: Parts = { ...supply, ...nodeBook, nowMs, options, tables, reused, inventory, columns, classes, rules: validation, screen, ruleTable, pods: book, virtual, marked, removed: nodesNamed(nodeBook, cluster.removeNodes ?? []) };
  return assembled(parts, { limits: limitsLeft(parts), leaving: leavingOf(nodeBook.nodes) }, (grounds) => new TopologyBase(grounds));
}

/** A snapshot of these parts. */
export function assembled(parts: Parts, { limits, leaving }: Pick<Snapshot, "limits" | "leaving">, topology: (grounds: BaseGrounds) => TopologyBase): Snapshot {
  const { nodes, tables, columns, pods, virtual } = parts;
  const room = new Map<Resources, readonly NodeEntry[]>();
  const fits = tables.rules.shortNodesRefuseAll ? hasRoomAndIsNotShort : hasRoom;
  // Not by spreading: V8 gives each such copy a hidden class of its own, and whatever reads snapshots is slow.
  return Object.assign({}, parts, {
    sets: tables.sets,
    constraints: tables.constraints,
    limits,
    nodesColumn: columns.column("nodes"),
    softTaintsGiveWay: parts.toleratePreferNoSchedule || (tables.rules.softTaintsOfNodesGiveWay && nodes.some(({ taints }) => taints.some(({ effect }) => effect === "PreferNoSchedule"))),
    pending: virtual.length === 0 ? pods.waiting : [...pods.waiting, ...virtual],
    topology: topology(Object.assign({}, parts, { sets: tables.sets, hosts: tables.hosts })),
    leaving,
    roomFor(requests: Resources): readonly NodeEntry[] {
      let found = room.get(requests);
      if (found === undefined) room.set(requests, (found = nodes.filter((node) => fits(requests, node.remaining))));
      return found;
    },
    hasRoom: fits,
  });
}

export function leavingOf(nodes: readonly NodeEntry[]): readonly NodeEntry[] {
  return nodes.filter(({ state }) => state.markedForDeletion);
}

export function isGated({ featureGates = {} }: SchedulingOptions, gate: string): boolean {
  return featureGates[gate] === true;
}

/** The instance types of a pool, under the NodeOverlays given. */
function catalogsOf(cluster: Cluster, pools: readonly NodePool[], overlays: Inventory["overlays"], wellKnown: ReadonlySet<string>): (pool: string) => readonly InstanceType[] {
  const given = (pool: string): readonly InstanceType[] => cluster.instanceTypes[pool] ?? cluster.instanceTypes["*"] ?? NO_TYPES;
  if (overlays.length === 0) return given;
  const named = pools.map((pool) => ({ name: pool.metadata.name, labels: poolLabels(pool), instanceTypes: given(pool.metadata.name) }));
  const { instanceTypes } = applyOverlays(named, overlays, { labels: withLabels(CORE_LABELS, { wellKnown: [...wellKnown] }) });
  return (pool) => instanceTypes[pool] ?? given(pool);
}

function podsByNode(pods: readonly Pod[]): Map<string, Pod[]> {
  const onNode = new Map<string, Pod[]>();
  for (const pod of pods) {
    if (!isScheduled(pod)) continue;
    const list = onNode.get(pod.spec.nodeName as string);
    if (list === undefined) onNode.set(pod.spec.nodeName as string, [pod]);
    else list.push(pod);
  }
  return onNode;
}

function podsOfDaemonSets(pods: readonly Pod[]): Map<string, Pod[]> {
  const found = new Map<string, Pod[]>();
  for (const pod of pods) {
    const key = daemonSetOf(pod);
    if (key === undefined) continue;
    const list = found.get(key);
    if (list === undefined) found.set(key, [pod]);
    else list.push(pod);
  }
  return found;
}

/** Limits less the capacity of the pool's nodes. */
function limitsLeft({ pools, nodes, columns }: Pick<Parts, "pools" | "nodes" | "columns">): Snapshot["limits"] {
  const left = new Map(pools.map((pool) => [pool.metadata.name, Object.entries(pool.spec.limits ?? {}).map(([name, text]) => ({ column: columns.column(name), amount: columns.amount(columns.column(name), text) }))]));
  for (const node of nodes) for (const limit of left.get(node.state.nodePool ?? "") ?? []) limit.amount -= node.capacity[limit.column] as number;
  return left;
}

const known: WeakMap<Snapshot, Map<NodeEntry, readonly PodEntry[]>> = /* @__PURE__ */ new WeakMap();

/** The pods that would move if the node went; remembered. */
export function reschedulable(snapshot: Snapshot, node: NodeEntry): readonly PodEntry[] {
  let ofNodes = known.get(snapshot);
  if (ofNodes === undefined) known.set(snapshot, (ofNodes = new Map()));
  let pods = ofNodes.get(node);
  if (pods === undefined) ofNodes.set(node, (pods = node.pods.filter((entry) => isCurrentlyReschedulable(entry.pod, snapshot.inventory.budgets, snapshot.nowMs))));
  return pods;
}
