import { type CSINode, durationOrNeverMs, HOSTNAME_LABEL, isOwnedByDaemonSet, isTerminal, type NodePool, type Taint, timeMs } from "@groupless/api";
import type { ConstraintTable } from "../demand/constraints.ts";
import type { HostPort } from "../demand/host-port.ts";
import type { PodEntry } from "../demand/pod-class.ts";
import { add, raise, subtract } from "../intern/amounts.ts";
import type { RequirementSet, RequirementSets } from "../intern/requirement-set.ts";
import type { Amounts, ResourceColumns } from "../intern/resources.ts";
import { tolerates } from "../intern/toleration.ts";
import { type Daemon, daemonMayRun, daemonRequirements } from "../supply/daemon-groups.ts";
import type { StateNode } from "../supply/state-node.ts";
import { type KubeNode, labelRequirements, type NodeTerms } from "./kube-node.ts";

/** A node that exists, indexed. */
export interface NodeEntry {
  readonly state: StateNode;
  /** The Node object behind it; undefined for a claim that has none yet. */
  readonly kube: KubeNode | undefined;
  /** Its labels, without the hostname. */
  readonly requirements: RequirementSet;
  readonly hostname: string;
  readonly host: number;
  readonly taints: readonly Taint[];
  /** Allocatable, less running pods, less daemons yet to come. */
  readonly remaining: Amounts;
  readonly capacity: Amounts;
  readonly ports: readonly { readonly pod: string; readonly ports: readonly HostPort[] }[];
  /** Claims attached, by driver. */
  readonly attached: ReadonlyMap<string, ReadonlySet<string>>;
  /** Most claims, by driver. */
  readonly attachLimits: ReadonlyMap<string, number>;
  /** All pods bound to it. */
  readonly pods: readonly PodEntry[];
  /** Until then it takes no pods of nodes that are consolidated: it has had a pod event. Epoch milliseconds. */
  readonly quietUntilMs: number;
}

/** What indexing a node depends on besides itself. */
export interface EntryTerms extends NodeTerms {
  readonly constraints: ConstraintTable;
  readonly daemons: readonly Daemon[];
  readonly pools: readonly NodePool[];
  readonly columns: ResourceColumns;
}

const NO_PORTS: NodeEntry["ports"] = [];
const NOTHING_ATTACHED: NodeEntry["attached"] = new Map();
const NO_LIMITS: NodeEntry["attachLimits"] = new Map();

export function nodeEntryOf(state: StateNode, kube: KubeNode | undefined, pods: readonly PodEntry[], csiNode: CSINode | undefined, terms: EntryTerms): NodeEntry {
  const { requirements, remaining, capacity } = spaceOf(state, pods, terms);
  let attached: Map<string, Set<string>> | undefined;
  let ports: { readonly pod: string; readonly ports: readonly HostPort[] }[] | undefined;
  for (const entry of pods) {
    const { hostPorts } = entry.class;
    if ((hostPorts.length === 0 && entry.attachments === undefined) || isTerminal(entry.pod)) continue;
    if (hostPorts.length > 0) (ports ??= []).push({ pod: entry.name, ports: hostPorts });
    if (entry.attachments === undefined || entry.attachments === "unknown") continue;
    attached ??= new Map();
    for (const [driver, claims] of entry.attachments) {
      const known = attached.get(driver) ?? new Set();
      for (const claim of claims) known.add(claim);
      attached.set(driver, known);
    }
  }
  return {
    state,
    kube,
    requirements,
    hostname: state.hostname,
    host: terms.hosts.number(state.hostname),
    taints: state.taints,
    remaining,
    capacity,
    ports: ports ?? NO_PORTS,
    attached: attached ?? NOTHING_ATTACHED,
    attachLimits: attachLimitsOf(csiNode),
    pods,
    quietUntilMs: quietUntilMs(state, terms.pools),
  };
}

/** The order pods are offered nodes in: initialized first, then by name. */
export function compareNodes({ state: a }: Pick<NodeEntry, "state">, { state: b }: Pick<NodeEntry, "state">): number {
  if (a.initialized !== b.initialized) return a.initialized ? -1 : 1;
  return compareStates(a, b);
}

export function compareStates(a: StateNode, b: StateNode): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.providerId < b.providerId ? -1 : a.providerId > b.providerId ? 1 : 0;
}

function spaceOf(state: StateNode, pods: readonly PodEntry[], { rules, daemons, constraints, sets, columns, asked }: EntryTerms): { readonly requirements: RequirementSet; readonly remaining: Amounts; readonly capacity: Amounts } {
  const all = labelRequirements(state.labels, sets, asked);
  const remaining = columns.vector(state.allocatable);
  const expected = columns.zero();
  for (const daemon of daemons) if (rules.daemonsKeepTerms ? daemonMayRun(daemon, state.taints, all, sets, constraints) : expects(daemon, state.taints, all, sets)) add(expected, daemon.requests.amounts);
  for (const { pod, class: podClass } of pods) {
    if (isTerminal(pod)) continue;
    const { amounts } = podClass.requests;
    subtract(remaining, amounts);
    if (daemons.length > 0 && isOwnedByDaemonSet(pod)) subtract(expected, amounts);
  }
  if (daemons.length > 0) {
    // Daemons nobody expected do not make room.
    raise(expected, columns.zero());
    subtract(remaining, expected);
  }
  // Only what the node says it can allocate is counted; the rest it has none of.
  const zero = columns.zero();
  for (let column = 0; column < remaining.length; column++) if (!Object.hasOwn(state.allocatable, columns.names[column] as string)) remaining[column] = zero[column] as number;
  const capacity = columns.vector(state.capacity);
  const nodes = columns.column("nodes");
  capacity[nodes] = columns.amount(nodes, "1");
  return { requirements: asked.has(HOSTNAME_LABEL) ? sets.replace(all, HOSTNAME_LABEL, undefined) : all, remaining, capacity };
}

function expects(daemon: Daemon, taints: readonly Taint[], labels: RequirementSet, sets: RequirementSets): boolean {
  return tolerates(taints, daemon.constraints.tolerations) && sets.compatible(labels, daemonRequirements(daemon.constraints, sets), true);
}

function attachLimitsOf(csiNode: CSINode | undefined): ReadonlyMap<string, number> {
  if (csiNode === undefined) return NO_LIMITS;
  const limits = new Map<string, number>();
  for (const driver of csiNode.spec.drivers ?? []) if (driver.allocatable !== undefined) limits.set(driver.name, driver.allocatable.count ?? 0);
  return limits;
}

/** When the node's last pod event is long enough ago. Karpenter pkg/utils/disruption IsUnderConsolidateAfter. */
function quietUntilMs(state: StateNode, pools: readonly NodePool[]): number {
  if (state.nodeClaim === undefined) return Number.NEGATIVE_INFINITY;
  const pool = pools.find(({ metadata }) => metadata.name === state.nodePool);
  if (pool === undefined) return Number.NEGATIVE_INFINITY;
  const after = durationOrNeverMs(pool.spec.disruption.consolidateAfter ?? "0s");
  if (after === undefined || after === 0) return Number.NEGATIVE_INFINITY;
  const initialized = state.nodeClaim.status?.conditions?.find(({ type }) => type === "Initialized");
  if (initialized?.status !== "True") return Number.NEGATIVE_INFINITY;
  const since = state.nodeClaim.status?.lastPodEventTime ?? initialized.lastTransitionTime;
  return (since === undefined ? 0 : timeMs(since)) + after;
}
