import type { CSINode, Node, NodeClaim } from "@groupless/api";
import type { PodEntry } from "../demand/pod-class.ts";
import { LayeredMap } from "../intern/layered-map.ts";
import { SortedCopy } from "../intern/sorted-copy.ts";
import { idOfClaim, idOfNode, type Matched, type StateNode, stateNodeOf } from "../supply/state-node.ts";
import { compareNames } from "./inventory.ts";
import { type KubeChange, type KubeNode, kubeNodeOf } from "./kube-node.ts";
import { compareNodes, compareStates, type EntryTerms, type NodeEntry, nodeEntryOf } from "./node-entry.ts";

/** The nodes of a snapshot, in every order and under every name they are asked for by. */
export interface NodeBook {
  /** By provider id. */
  readonly matched: LayeredMap<Matched>;
  /** In name order. */
  readonly states: readonly StateNode[];
  /** Initialized first, then by name. */
  readonly nodes: readonly NodeEntry[];
  /** By provider id. */
  readonly entryOf: LayeredMap<NodeEntry>;
  /** In name order. */
  readonly kubeNodes: readonly KubeNode[];
  readonly kubeNodeOf: LayeredMap<KubeNode>;
}

/** What nodes are indexed with, besides each other. */
export interface Surroundings extends EntryTerms {
  /** Pods by the name of the node they are bound to. */
  readonly onNode: LayeredMap<readonly PodEntry[]>;
  readonly csiNodes: LayeredMap<CSINode>;
  /** Provider ids of nodes on their way out. */
  readonly marked: ReadonlySet<string>;
}

const NO_PODS: readonly PodEntry[] = [];

export function nodeBookOf(nodes: readonly Node[], states: readonly StateNode[], matched: ReadonlyMap<string, Matched>, around: Surroundings): NodeBook {
  const stateOfNode = new Map<Node, StateNode>();
  for (const state of states) if (state.node !== undefined) stateOfNode.set(state.node, state);
  const kubeNodes = nodes.map((node) => kubeNodeOf(node, stateOfNode.get(node), around.onNode.get(node.metadata.name) ?? NO_PODS, around));
  const byName = new Map(kubeNodes.map((kube) => [kube.name, kube]));
  const entries = [...states.filter((state) => state.initialized), ...states.filter((state) => !state.initialized)].map((state) => entryOf(state, byName.get(state.node?.metadata.name ?? ""), around));
  return {
    matched: new LayeredMap(matched),
    states,
    nodes: entries,
    entryOf: new LayeredMap(new Map(entries.map((entry) => [entry.state.providerId, entry]))),
    kubeNodes,
    kubeNodeOf: new LayeredMap(byName),
  };
}

/** What one Node or NodeClaim was and is. */
export interface NodeChanges {
  readonly nodes: readonly { readonly before: Node | undefined; readonly after: Node | undefined }[];
  readonly claims: readonly { readonly before: NodeClaim | undefined; readonly after: NodeClaim | undefined }[];
  /** Names of nodes whose surroundings are others now. */
  readonly touched: Iterable<string>;
  /** Provider ids of the same. */
  readonly touchedIds: Iterable<string>;
}

/** One node as it was and as it is. */
export interface EntryChange {
  readonly before: NodeEntry | undefined;
  readonly after: NodeEntry | undefined;
}

/** The book after some changes, and what became of which nodes; `around` as it is now. Undefined: an amount came up that the columns cannot hold. */
export function nodeBookAfter(book: NodeBook, changes: NodeChanges, around: Surroundings): { readonly book: NodeBook; readonly changed: readonly EntryChange[]; readonly kubeChanged: readonly KubeChange[] } | undefined {
  const ids = new Set(changes.touchedIds);
  const names = new Set(changes.touched);
  const matched = rematched(book.matched, changes, ids);
  const nodeOf = new Map<string, Node | undefined>();
  for (const { before, after } of changes.nodes) {
    const name = (after ?? (before as Node)).metadata.name;
    nodeOf.set(name, after);
    names.add(name);
  }
  const current = (name: string): Node | undefined => (nodeOf.has(name) ? nodeOf.get(name) : book.kubeNodeOf.get(name)?.node);
  for (const name of names) {
    const node = current(name);
    const id = node === undefined ? undefined : idOfNode(node);
    if (id !== undefined) ids.add(id);
  }

  const states = new SortedCopy<StateNode, StateNode>(book.states, compareStates);
  const now = new Map<string, StateNode>();
  for (const id of ids) {
    const before = book.entryOf.get(id)?.state;
    const found = matched.get(id);
    const after = found === undefined ? undefined : stateNodeOf(id, found, (name) => (around.onNode.get(name) ?? NO_PODS).map(({ pod }) => pod), around.marked);
    if (after !== undefined) {
      if (!around.columns.admit(after.capacity) || !around.columns.admit(after.allocatable)) return undefined;
      now.set(id, after);
    }
    if (before !== undefined) states.drop(before);
    if (after !== undefined) states.put(after);
    for (const state of [before, after]) if (state?.node !== undefined) names.add(state.node.metadata.name);
  }

  const kubeNodes = new SortedCopy<{ readonly node: Node }, KubeNode>(book.kubeNodes, (a, b) => compareNames(a.node, b.node));
  const kubeChanges = new Map<string, KubeNode | undefined>();
  const kubeChanged: KubeChange[] = [];
  for (const name of names) {
    const before = book.kubeNodeOf.get(name);
    const node = current(name);
    if (before !== undefined) kubeNodes.drop(before);
    if (node === undefined) {
      if (before === undefined) continue;
      kubeChanges.set(name, undefined);
      kubeChanged.push({ before, after: undefined });
      continue;
    }
    const id = idOfNode(node);
    const state = id === undefined ? undefined : (now.get(id) ?? (ids.has(id) ? undefined : book.entryOf.get(id)?.state));
    const kube = kubeNodeOf(node, state?.node === node ? state : undefined, around.onNode.get(name) ?? NO_PODS, around);
    kubeNodes.put(kube);
    kubeChanges.set(name, kube);
    kubeChanged.push({ before, after: kube });
  }
  const kubeNodeByName = book.kubeNodeOf.with(kubeChanges);

  const nodes = new SortedCopy<Pick<NodeEntry, "state">, NodeEntry>(book.nodes, compareNodes);
  const entryChanges = new Map<string, NodeEntry | undefined>();
  const changed: EntryChange[] = [];
  for (const id of ids) {
    const before = book.entryOf.get(id);
    const state = now.get(id);
    if (before !== undefined) nodes.drop(before);
    const after = state === undefined ? undefined : entryOf(state, kubeNodeByName.get(state.node?.metadata.name ?? ""), around);
    if (after !== undefined) nodes.put(after);
    if (before === undefined && after === undefined) continue;
    entryChanges.set(id, after);
    changed.push({ before, after });
  }
  return { book: { matched, states: states.items, nodes: nodes.items, entryOf: book.entryOf.with(entryChanges), kubeNodes: kubeNodes.items, kubeNodeOf: kubeNodeByName }, changed, kubeChanged };
}

function entryOf(state: StateNode, kube: KubeNode | undefined, around: Surroundings): NodeEntry {
  const pods = state.node === undefined ? NO_PODS : (around.onNode.get(state.node.metadata.name) ?? NO_PODS);
  return nodeEntryOf(state, kube, pods, kube === undefined ? undefined : around.csiNodes.get(kube.name), around);
}

/** Nodes and claims by provider id once more; ids that are matched anew are added. */
function rematched(matched: LayeredMap<Matched>, { nodes, claims }: NodeChanges, ids: Set<string>): LayeredMap<Matched> {
  const changed = new Map<string, Matched>();
  const edit = (id: string | undefined, change: (known: Matched) => Matched): void => {
    if (id === undefined) return;
    ids.add(id);
    changed.set(id, change(changed.get(id) ?? matched.get(id) ?? { nodes: [], claims: [] }));
  };
  for (const { before, after } of claims) {
    if (before !== undefined) edit(idOfClaim(before), ({ nodes: others, claims: known }) => ({ nodes: others, claims: known.filter((claim) => claim !== before) }));
    if (after !== undefined) edit(idOfClaim(after), ({ nodes: others, claims: known }) => ({ nodes: others, claims: known.length === 0 ? [after] : [...known, after].sort(compareNames) }));
  }
  for (const { before, after } of nodes) {
    if (before !== undefined) edit(idOfNode(before), ({ nodes: known, claims: others }) => ({ nodes: known.filter((node) => node !== before), claims: others }));
    if (after !== undefined) edit(idOfNode(after), ({ nodes: known, claims: others }) => ({ nodes: known.length === 0 ? [after] : [...known, after].sort(compareNames), claims: others }));
  }
  return matched.with(new Map([...changed].map(([id, found]) => [id, found.nodes.length + found.claims.length === 0 ? undefined : found])));
}
