import type { Prepared } from "@groupless/bin-packer";
import { clusterView } from "../cluster/cluster-view.ts";
import type { Command } from "../command.ts";
import { type DisruptionAction } from "./action.ts";
import { withDisruptedTaint, withDisruptionReason } from "./marking.ts";
import { claimName, nodeClaimObject } from "./new-claim.ts";
import { type Queue, queuedProviderIDs, type QueuedCommand } from "./queue.ts";

/** A queue, and what is to be done for it to be true. */
export interface QueueStep {
  readonly queue: Queue;
  readonly actions: readonly DisruptionAction[];
}

/**
 * Starts a command: its nodes take no more pods, their claims say why, its replacements are created, the nodes that get its pods are nominated.
 *
 * A command of which a node is in the queue, or gone, is not started: nothing changes. Mark the queue's nodes for deletion only once the
 * replacements exist, or the provisioner would make room for their pods a second time; `Cluster.markedForDeletion` holds them.
 */
export function startCommand(queue: Queue, command: Command, prepared: Prepared): QueueStep {
  const view = clusterView(prepared);
  const { nowMs } = prepared;
  const records = command.sourceNodes.map((name) => view.nodeOf.get(name));
  const taken = new Set(queuedProviderIDs(queue));
  const actions: DisruptionAction[] = [];
  const sources: QueuedCommand["sources"][number][] = [];
  for (const record of records) {
    if (record?.node === undefined || record.nodeClaim === undefined || taken.has(record.providerID)) return { queue, actions: [] };
    const nodePool = record.labels["karpenter.sh/nodepool"] ?? "";
    const node = withDisruptedTaint(record.node);
    if (node !== record.node) actions.push({ type: "update", object: node });
    actions.push({ type: "update", object: withDisruptionReason(record.nodeClaim, command.reason, nowMs) });
    sources.push({ node: record.name, nodeClaim: record.nodeClaim.metadata.name, providerID: record.providerID, nodePool, static: view.nodePools.get(nodePool)?.spec.replicas !== undefined });
  }
  const replacements: QueuedCommand["replacements"][number][] = [];
  for (const [i, claim] of command.replacements.entries()) {
    const nodePool = view.nodePools.get(claim.nodePool);
    if (nodePool === undefined) return { queue, actions: [] };
    const name = claimName(claim.nodePool, `${command.sourceNodes.join(" ")} ${nowMs} ${i}`);
    actions.push({ type: "create", object: nodeClaimObject(claim, nodePool, name) });
    replacements.push({ nodeClaim: name, initialized: false });
  }
  const destinations = command.existingNodes.map(({ node }) => view.nodeOf.get(node)?.providerID).filter((id) => id !== undefined);
  if (destinations.length > 0) actions.push({ type: "nominate", providerIDs: destinations });
  const queued: QueuedCommand = { method: command.method, reason: command.reason, sources, replacements, startedMs: nowMs };
  return { queue: { ...queue, commands: [...queue.commands, queued] }, actions };
}
