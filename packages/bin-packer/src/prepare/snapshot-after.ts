import type { DaemonSet, KubeObject, Node, NodeClaim, NodePool, Pod } from "@groupless/api";
import type { Cluster } from "../cluster.ts";
import { virtualPods } from "../demand/capacity-buffer.ts";
import type { PodEntry } from "../demand/pod-class.ts";
import type { Storage } from "../demand/volumes.ts";
import type { Daemon } from "../supply/daemon-groups.ts";
import { daemonPods } from "../supply/daemon.ts";
import { inventoryAfter } from "./inventory-after.ts";
import { type EntryChange, type NodeBook, nodeBookAfter, type NodeChanges, type Surroundings } from "./node-book.ts";
import type { NodeEntry } from "./node-entry.ts";
import { nodesNamed } from "./nodes-named.ts";
import type { ObjectChange } from "./object-index.ts";
import { type PodChange, podBookAfter } from "./pod-book.ts";
import { assembled, isGated, leavingOf, type Snapshot } from "./snapshot.ts";
import { affectedClaimants } from "./storage-after.ts";
import { RuleTable } from "../topology/rule-table.ts";
import { TopologyBase } from "../topology/topology-base.ts";
import { type Supply, supplyOf, textOf } from "./supply.ts";

/** So much changed that reading everything once more is as quick. */
const MOST_CHANGED = 0.3;

interface Sorted {
  readonly pods: readonly { readonly before: Pod | undefined; readonly after: Pod | undefined }[];
  readonly nodes: NodeChanges["nodes"];
  readonly claims: NodeChanges["claims"];
  readonly others: readonly ObjectChange[];
}

/**
 * The snapshot of the changed cluster, made from the one before: what the changes do not touch is taken over.
 *
 * Undefined where everything is to be read again: pools or daemons became others, a pod asks for a label nobody asked for before, or an amount is
 * too fine for the units.
 */
export function snapshotAfter(before: Snapshot, cluster: Cluster, changes: ReadonlyMap<string, ObjectChange>, size: number, nowMs: number): Snapshot | undefined {
  const { options, columns, classes, screen, tables } = before;
  if (changes.size > 64 + MOST_CHANGED * size || tables.isWorn(classes.size)) return undefined;
  const { pods, nodes, claims, others } = sorted(changes);
  for (const change of others) if (isFundamental(change, before)) return undefined;
  const inventory = inventoryAfter(before.inventory, others);
  const { storage } = inventory;

  const { horizon } = classes;
  const enter = (pod: Pod): PodEntry | undefined => {
    const raw = classes.read(pod);
    return columns.admit(raw.requests) ? classes.entry(raw, storage) : undefined;
  };
  const podChanges: PodChange[] = [];
  for (const { before: was, after: is } of [...pods, ...remounted(before, storage, pods, others)]) {
    const entry = is === undefined ? undefined : enter(is);
    if (is !== undefined && entry === undefined) return undefined;
    podChanges.push({ before: was, after: entry });
  }
  const book = podBookAfter(before.pods, podChanges, inventory.daemonSets.length > 0, screen, storage);

  let supply: Supply = before;
  if (book.ofDaemonSets) {
    const daemons: Daemon[] = [];
    for (const pod of daemonPods(inventory.daemonSets, (key) => book.book.ofDaemonSets.get(key) ?? [])) {
      const entry = enter(pod);
      if (entry === undefined) return undefined;
      daemons.push({ name: entry.name, constraints: entry.class.constraints, requests: entry.class.requests, hostPorts: entry.class.hostPorts });
    }
    if (textOf(daemons) !== before.daemonText) supply = supplyOf(before.pools, (pool) => before.catalogOf.get(pool) as Supply["catalogs"][number], daemons, { rules: tables.rules, sets: tables.sets, constraints: tables.constraints, columns, bestEffortMinValues: options.minValuesPolicy === "BestEffort" });
  }

  const virtual: PodEntry[] = [];
  if (isGated(options, "CapacityBuffer")) {
    for (const pod of virtualPods(inventory, nowMs)) {
      const entry = enter(pod);
      if (entry === undefined) return undefined;
      virtual.push(entry);
    }
  }
  if (classes.horizon !== horizon || !columns.allow(size + virtual.length + inventory.daemonSets.length + 16)) return undefined;

  const marked = sameMembers(before.marked, cluster.markedForDeletion ?? []) ? before.marked : new Set(cluster.markedForDeletion ?? []);
  const around: Surroundings = { rules: tables.rules, constraints: tables.constraints, sets: tables.sets, columns, daemons: supply.daemons, pools: supply.pools, asked: classes.nodeKeys, hosts: tables.hosts, onNode: book.book.onNode, csiNodes: inventory.csiNodes, marked };
  const touchedIds = supply === before ? onlyOneHas(before.marked, marked) : before.nodes.map(({ state }) => state.providerId);
  const touched = [...book.nodes, ...others.flatMap(nodeOfCsiNode)];
  const isNew = nodes.length + claims.length + touched.length + touchedIds.length > 0 ? nodeBookAfter(before, { nodes, claims, touched, touchedIds }, around) : { book: before, changed: [], kubeChanged: [] };
  if (isNew === undefined || !columns.allow(size)) return undefined;
  const { matched, states, nodes: entries, entryOf, kubeNodes, kubeNodeOf } = isNew.book;
  const nodeBook: NodeBook = { matched, states, nodes: entries, entryOf, kubeNodes, kubeNodeOf };
  const isSameGround = supply === before && inventory.namespaces === before.inventory.namespaces;
  const ruleTable = inventory.namespaces === before.inventory.namespaces ? before.ruleTable : new RuleTable({ constraints: tables.constraints, namespaces: inventory.namespaces, ignorePreferences: options.preferencePolicy === "Ignore", asDeclared: tables.rules.topologyAsDeclared });
  return assembled(
    Object.assign({}, before, supply, nodeBook, { nowMs, reused: true, inventory, ruleTable, pods: book.book, virtual, marked, removed: nodesNamed(nodeBook, cluster.removeNodes ?? []) }),
    { limits: limitsAfter(before.limits, isNew.changed), leaving: isNew.changed.some(({ before: was, after: is }) => was?.state.markedForDeletion === true || is?.state.markedForDeletion === true) ? leavingOf(entries) : before.leaving },
    (grounds) => (isSameGround ? before.topology.after(grounds, isNew.kubeChanged) : new TopologyBase(grounds)),
  );
}

/** May the pool be taken for the one before, as far as placing pods goes? What its nodes hold is counted here, not read from its status. */
export function isSamePool(a: NodePool, b: NodePool): boolean {
  if (a === b) return true;
  const conditions = (pool: NodePool): unknown => pool.status?.conditions?.map(({ type, status }) => [type, status]);
  return (a.spec === b.spec || same(a.spec, b.spec)) && a.metadata.deletionTimestamp === b.metadata.deletionTimestamp && same(conditions(a), conditions(b));
}

/** What is left of limits when nodes come, go and change. */
function limitsAfter(limits: Snapshot["limits"], changed: readonly EntryChange[]): Snapshot["limits"] {
  let left: Map<string, readonly { readonly column: number; readonly amount: number }[]> | undefined;
  const move = (entry: NodeEntry | undefined, sign: 1 | -1): void => {
    const pool = entry?.state.nodePool ?? "";
    const known = (left ?? limits).get(pool);
    if (entry === undefined || known === undefined || known.length === 0) return;
    (left ??= new Map(limits)).set(pool, known.map(({ column, amount }) => ({ column, amount: amount + sign * (entry.capacity[column] as number) })));
  };
  for (const { before, after } of changed) {
    if (before !== undefined && after !== undefined && before.state.nodePool === after.state.nodePool && before.state.capacity === after.state.capacity) continue;
    move(before, 1);
    move(after, -1);
  }
  return left ?? limits;
}

function sorted(changes: ReadonlyMap<string, ObjectChange>): Sorted {
  const pods: { readonly before: Pod | undefined; readonly after: Pod | undefined }[] = [];
  const nodes: { readonly before: Node | undefined; readonly after: Node | undefined }[] = [];
  const claims: { readonly before: NodeClaim | undefined; readonly after: NodeClaim | undefined }[] = [];
  const others: ObjectChange[] = [];
  for (const change of changes.values()) {
    const { kind } = (change.after ?? change.before) as KubeObject;
    if (kind === "Pod") pods.push(change as (typeof pods)[number]);
    else if (kind === "Node") nodes.push(change as (typeof nodes)[number]);
    else if (kind === "NodeClaim") claims.push(change as (typeof claims)[number]);
    else others.push(change);
  }
  return { pods, nodes, claims, others };
}

/** Does the change reach all pods and nodes? */
function isFundamental({ before, after }: ObjectChange, { options }: Snapshot): boolean {
  const { kind } = (after ?? before) as KubeObject;
  if (kind === "DaemonSet") return before === undefined || after === undefined || !isSameDaemonSet(before as DaemonSet, after as DaemonSet);
  return kind === "NodeOverlay" && isGated(options, "NodeOverlay");
}

function isSameDaemonSet(a: DaemonSet, b: DaemonSet): boolean {
  return a.metadata.uid === b.metadata.uid && (a.spec === b.spec || same(a.spec, b.spec));
}

/** Pods that mount what changed are read again. */
function remounted(before: Snapshot, storage: Storage, pods: Sorted["pods"], others: readonly ObjectChange[]): Sorted["pods"] {
  const affected = affectedClaimants(before.pods.claimants, before.inventory.storage, storage, others);
  if (affected.length === 0) return [];
  const changed = new Set(pods.map(({ before: was }) => was));
  return affected.filter(({ pod }) => !changed.has(pod)).map(({ pod }) => ({ before: pod, after: pod }));
}

function nodeOfCsiNode({ before, after }: ObjectChange): readonly string[] {
  const { kind, metadata } = (after ?? before) as KubeObject;
  return kind === "CSINode" ? [metadata.name] : [];
}

function sameMembers(set: ReadonlySet<string>, members: readonly string[]): boolean {
  return members.length === set.size && members.every((member) => set.has(member));
}

function onlyOneHas(a: ReadonlySet<string>, b: ReadonlySet<string>): string[] {
  return a === b ? [] : [...[...a].filter((member) => !b.has(member)), ...[...b].filter((member) => !a.has(member))];
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
