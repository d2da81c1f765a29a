import type { NodeClaim } from "@groupless/api";
import type { Prepared } from "@groupless/bin-packer";
import { clusterView } from "../cluster/cluster-view.ts";
import { conditionIsTrue, type NodeRecord } from "../cluster/node-record.ts";
import { type DisruptionAction, reportAction } from "./action.ts";
import { withoutDisruptedTaint, withoutDisruptionReason } from "./marking.ts";
import type { Queue, QueuedCommand } from "./queue.ts";
import type { QueueStep } from "./start.ts";
import { commandTimeoutMs } from "./timeout.ts";

/** How soon to look at a waiting command again. */
export const QUEUE_RETRY_MS = 1000;

/** What the cluster does not show, or not yet. */
export interface LaunchingClaims {
  /** Names of NodeClaims that were created but that no watch has shown yet: a command waits for them, and the loop with it. */
  readonly launching?: readonly string[];
}

/** What became of the commands in the queue. */
export interface QueueProgress extends QueueStep {
  /** Look again after so long; absent: nothing waits. */
  readonly requeueAfterMs?: number;
  /** Commands that were given up, and why: their nodes stay, and so do the replacements that exist. */
  readonly failed: readonly { readonly command: QueuedCommand; readonly reason: "timeout" | "replacement-deleted" }[];
  readonly succeeded: readonly QueuedCommand[];
}

/**
 * Takes every command a step on: once all its replacements were seen initialized its nodes' claims are deleted; when one of them is gone, or
 * after the queue's timeout, it is given up.
 *
 * A command that has just succeeded but is late counts as failed (its nodes are deleted nevertheless), and one whose first claim is gone waits
 * for ever: so does Karpenter.
 */
export function advanceQueue(queue: Queue, prepared: Prepared, { launching = [] }: LaunchingClaims = {}): QueueProgress {
  const view = clusterView(prepared);
  const claims = new Map(view.nodeClaims.map((nodeClaim) => [nodeClaim.metadata.name, nodeClaim]));
  const timeoutMs = commandTimeoutMs(queue.commands.reduce((sum, { sources }) => sum + sources.length, 0));
  const actions: DisruptionAction[] = [];
  const commands: QueuedCommand[] = [];
  const failed: QueueProgress["failed"][number][] = [];
  const succeeded: QueuedCommand[] = [];
  let waiting = false;
  for (const command of queue.commands) {
    if (!claims.has(command.sources[0]?.nodeClaim ?? "")) {
      commands.push(command);
      continue;
    }
    const step = advance(command, claims, new Set(launching));
    const late = prepared.nowMs - command.startedMs > timeoutMs;
    // Before deletions: they are of the objects as they then are.
    if (step.state === "gone" || late) actions.push(...command.sources.flatMap(({ node }) => unmarked(view.nodeOf.get(node))));
    actions.push(...step.actions);
    if (step.state === "gone" || late) failed.push({ command: step.command, reason: late ? "timeout" : "replacement-deleted" });
    else if (step.state === "done") succeeded.push(step.command);
    else {
      commands.push(step.command);
      waiting = true;
    }
  }
  return { queue: { ...queue, commands }, actions, failed, succeeded, ...(waiting ? { requeueAfterMs: QUEUE_RETRY_MS } : {}) };
}

interface Advance {
  readonly command: QueuedCommand;
  readonly state: "waiting" | "gone" | "done";
  readonly actions: readonly DisruptionAction[];
}

function advance(command: QueuedCommand, claims: ReadonlyMap<string, NodeClaim>, launching: ReadonlySet<string>): Advance {
  const actions: DisruptionAction[] = [];
  let waiting = false;
  const replacements: QueuedCommand["replacements"][number][] = [];
  for (const [i, replacement] of command.replacements.entries()) {
    if (replacement.initialized) {
      replacements.push(replacement);
      continue;
    }
    const nodeClaim = claims.get(replacement.nodeClaim);
    if (nodeClaim === undefined && launching.has(replacement.nodeClaim)) {
      waiting = true;
      replacements.push(replacement);
      continue;
    }
    if (nodeClaim === undefined) return { command: { ...command, replacements: [...replacements, ...command.replacements.slice(i)] }, state: "gone", actions };
    const object = `NodeClaim/${nodeClaim.metadata.name}`;
    actions.push(reportAction({ object, type: "Normal", reason: "DisruptionLaunching", message: `Launching NodeClaim: ${command.reason}` }));
    const initialized = conditionIsTrue(nodeClaim, "Initialized");
    if (!initialized) actions.push(reportAction({ object, type: "Normal", reason: "DisruptionWaitingReadiness", message: "Waiting on readiness to continue disruption" }));
    waiting ||= !initialized;
    replacements.push({ ...replacement, initialized });
  }
  const advanced = { ...command, replacements };
  if (waiting) return { command: advanced, state: "waiting", actions };
  for (const { nodeClaim, node } of command.sources) {
    actions.push({ type: "delete", kind: "NodeClaim", name: nodeClaim });
    const told = { type: "Normal" as const, reason: "DisruptionTerminating" };
    actions.push(reportAction({ object: `Node/${node}`, ...told, message: `Disrupting Node: ${command.reason}` }), reportAction({ object: `NodeClaim/${nodeClaim}`, ...told, message: `Disrupting NodeClaim: ${command.reason}` }));
  }
  return { command: advanced, state: "done", actions };
}

type Marked = Partial<Pick<NodeRecord, "node" | "nodeClaim" | "initialized">>;

const NOTHING_THERE: Marked = {};
const removals = new WeakMap<Marked, readonly DisruptionAction[]>();

/** What takes taint and reason off a node and its claim; nothing if they have neither. */
export function unmarked(record: Marked = NOTHING_THERE): readonly DisruptionAction[] {
  let actions = removals.get(record);
  if (actions === undefined) removals.set(record, (actions = removalOf(record)));
  return actions;
}

function removalOf({ node, nodeClaim, initialized = false }: Marked): readonly DisruptionAction[] {
  const actions: DisruptionAction[] = [];
  const free = node === undefined ? undefined : withoutDisruptedTaint(node);
  if (free !== undefined && free !== node) actions.push({ type: "update", object: free });
  const silent = nodeClaim === undefined || !initialized ? undefined : withoutDisruptionReason(nodeClaim);
  if (silent !== undefined && silent !== nodeClaim) actions.push({ type: "update", object: silent });
  return actions;
}

/** Claims of static pools that commands in the queue take. */
export function pendingDisruption({ commands }: Queue): readonly string[] {
  return commands.flatMap(({ sources }) => sources.filter((source) => source.static).map(({ nodeClaim }) => nodeClaim));
}
