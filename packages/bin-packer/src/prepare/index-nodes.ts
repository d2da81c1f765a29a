import { HOSTNAME_LABEL, isOwnedByDaemonSet, isTerminal, type NodePool, type Pod, type Taint } from "@groupless/api";
import type { PodEntry } from "../demand/pod-class.ts";
import type { HostPort } from "../demand/host-port.ts";
import type { RequirementSet, RequirementSets } from "../intern/requirement-set.ts";
import { add, raise, subtract } from "../intern/amounts.ts";
import type { Amounts, ResourceColumns } from "../intern/resources.ts";
import { tolerates } from "../intern/toleration.ts";
import { type Daemon, daemonRequirements } from "../supply/daemon-groups.ts";
import type { StateNode } from "../supply/state-node.ts";
import type { Inventory } from "./inventory.ts";
import { attachLimitsOf, isUnderConsolidateAfter, type NodeEntry } from "./node-entry.ts";
import { labelRequirements } from "./snapshot.ts";

export interface NodeInputs {
  readonly states: readonly StateNode[];
  readonly entryOf: ReadonlyMap<Pod, PodEntry>;
  readonly daemons: readonly Daemon[];
  readonly pools: readonly NodePool[];
  readonly nowMs: number;
  readonly inventory: Inventory;
  readonly sets: RequirementSets;
  readonly columns: ResourceColumns;
  /** Label keys that some pod asks for. */
  readonly asked: ReadonlySet<string>;
}

/** Nodes in the order pods are offered them: initialized first, then by name. */
export function indexNodes(inputs: NodeInputs): NodeEntry[] {
  const poolByName = new Map(inputs.pools.map((pool) => [pool.metadata.name, pool]));
  const csiByName = new Map(inputs.inventory.csiNodes.map((csiNode) => [csiNode.metadata.name, csiNode]));
  const ordered = [...inputs.states.filter((state) => state.initialized), ...inputs.states.filter((state) => !state.initialized)];
  return ordered.map((state, index) => {
    const { requirements, remaining, capacity } = spaceOf(state, inputs);
    const attached = new Map<string, Set<string>>();
    const ports: { readonly pod: string; readonly ports: readonly HostPort[] }[] = [];
    const pods: PodEntry[] = [];
    for (const pod of state.pods) {
      const entry = inputs.entryOf.get(pod) as PodEntry;
      pods.push(entry);
      if (isTerminal(pod)) continue;
      if (entry.class.hostPorts.length > 0) ports.push({ pod: entry.name, ports: entry.class.hostPorts });
      if (entry.attachments === undefined || entry.attachments === "unknown") continue;
      for (const [driver, claims] of entry.attachments) {
        const known = attached.get(driver) ?? new Set();
        for (const claim of claims) known.add(claim);
        attached.set(driver, known);
      }
    }
    return {
      index,
      state,
      requirements,
      hostname: state.hostname,
      taints: state.taints,
      remaining,
      capacity,
      ports,
      attached,
      attachLimits: attachLimitsOf(state.node === undefined ? undefined : csiByName.get(state.node.metadata.name)),
      pods,
      underConsolidateAfter: isUnderConsolidateAfter(state, poolByName.get(state.nodePool ?? ""), inputs.nowMs),
    };
  });
}

function spaceOf(state: StateNode, { entryOf, daemons, sets, columns, asked }: NodeInputs): { readonly requirements: RequirementSet; readonly remaining: Amounts; readonly capacity: Amounts } {
  const all = labelRequirements(state.labels, sets, asked);
  const remaining = columns.vector(state.allocatable);
  const allocatable = new Set(Object.keys(state.allocatable));
  const expected = columns.zero();
  for (const daemon of daemons) if (expects(daemon, state.taints, all, sets)) add(expected, daemon.requests.amounts);
  for (const pod of state.pods) {
    if (isTerminal(pod)) continue;
    const { amounts } = (entryOf.get(pod) as PodEntry).class.requests;
    subtract(remaining, amounts);
    if (isOwnedByDaemonSet(pod)) subtract(expected, amounts);
  }
  // Daemons nobody expected do not make room.
  raise(expected, columns.zero());
  subtract(remaining, expected);
  // Only what the node says it can allocate is counted; the rest it has none of.
  const zero = columns.zero();
  for (let column = 0; column < remaining.length; column++) if (!allocatable.has(columns.names[column] as string)) remaining[column] = zero[column] as number;
  const capacity = columns.vector(state.capacity);
  const nodes = columns.column("nodes");
  capacity[nodes] = columns.amount(nodes, "1");
  return { requirements: asked.has(HOSTNAME_LABEL) ? sets.replace(all, HOSTNAME_LABEL, undefined) : all, remaining, capacity };
}

function expects(daemon: Daemon, taints: readonly Taint[], labels: RequirementSet, sets: RequirementSets): boolean {
  return tolerates(taints, daemon.constraints.tolerations) && sets.compatible(labels, daemonRequirements(daemon.constraints, sets), true);
}
