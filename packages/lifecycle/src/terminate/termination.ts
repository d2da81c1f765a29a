import { DISRUPTED_TAINT_KEY, type Node, type NodeClaim, type Pod, TERMINATION_FINALIZER, TERMINATION_TIMESTAMP_ANNOTATION } from "@groupless/api";
import { nodeClassLabelKey } from "@groupless/requirements";
import type { Action } from "../action.ts";
import { conditionOf, withCondition, withKnownConditions } from "../object/condition.ts";
import { hasFinalizer, isDeleting, withLabels, withoutFinalizer } from "../object/metadata.ts";
import { nodeClaimOf } from "../object/provider-id.ts";
import { report } from "../object/report.ts";
import { instantOf } from "../object/timestamp.ts";
import type { Observed } from "../observed.ts";
import { idle, nodeClassesOf, type Outcome, type PassOptions } from "../outcome.ts";
import { disruptedTaint, hasTaint } from "../start/taint.ts";
import { drain } from "./drain.ts";
import { TERMINATION_POLL_MS } from "./finalization.ts";
import { pendingVolumeAttachments } from "./volume-detachment.ts";
import { guarded } from "../object/guarded.ts";

/** A node under termination is looked at that often, in milliseconds. */
const POLL_MS = 1_000;
/** A drain takes at least that long, so that pods the scheduler still sent there are drained too, in milliseconds. */
export const MIN_DRAIN_MS = 5_000;

/** What the termination of a node asks for now. */
export interface Termination extends Outcome {
  /** Pods to put into the eviction queue. */
  readonly evict: readonly Pod[];
}

interface Stage {
  readonly nodeClaim: NodeClaim | undefined;
  readonly actions: readonly Action[];
  readonly evict?: readonly Pod[];
  /** The stage is not over: look again after that long. */
  readonly requeueAfterMs?: number;
}

/**
 * One pass over a node that is being deleted: taint, drain, volumes, instance, and last its finalizer (Karpenter's controller node.termination).
 *
 * A node that is not Ready and whose instance is gone is released at once. Without a claim, or with two, there is no deadline and no instance to terminate.
 */
export function terminateNode(observed: Observed, name: string, options: PassOptions): Termination {
  return guarded(`Node/${name}`, () => terminationOf(observed, name, options), { evict: [], ...idle });
}

function terminationOf(observed: Observed, name: string, options: PassOptions): Termination {
  const node = observed.nodes.find(({ metadata }) => metadata.name === name);
  if (node === undefined) return { actions: [], evict: [], reasons: [{ code: "object-missing", canResolve: true, object: `Node/${name}` }] };
  if (!isDeleting(node) || !hasFinalizer(node, TERMINATION_FINALIZER)) return { evict: [], ...idle };
  if (!nodeClassesOf(options).some((nodeClass) => node.metadata.labels?.[nodeClassLabelKey(nodeClass)] !== undefined)) {
    return { actions: [], evict: [], reasons: [{ code: "not-managed", canResolve: false, object: `Node/${name}` }] };
  }
  const nodeClaim = nodeClaimOf(observed, node);
  const actions: Action[] = nodeClaim === undefined || isDeleting(nodeClaim) ? [] : [{ type: "delete", kind: "NodeClaim", name: nodeClaim.metadata.name }];
  if (conditionOf(node, "Ready")?.status !== "True") {
    const instance = options.answers?.instance;
    const providerID = node.spec?.providerID ?? "";
    if (instance === "gone") return { actions: [...actions, release(node)], reasons: [], evict: [] };
    if (instance === "asked") return { actions, reasons: [], evict: [], requeueAfterMs: POLL_MS };
    if (instance === undefined) return { actions: [...actions, { type: "get-instance", nodeClaim: nodeClaim?.metadata.name ?? "", providerID }], reasons: [], evict: [], requeueAfterMs: POLL_MS };
  }
  const rest = drained(observed, node, nodeClaim, actions, options);
  return nodeClaim === undefined || isDeleting(nodeClaim) ? rest : withoutStatus(rest, (nodeClaim.metadata.finalizers ?? []).length > 0);
}

// A claim that was deleted just now has a new version: its conditions cannot be written over the old one, and the pass is run again at once.
// One without finalizers is gone: there is nothing to write to, and nothing to wait for.
function withoutStatus(termination: Termination, isThere: boolean): Termination {
  const actions = termination.actions.filter((action) => !(action.type === "update" && action.object.kind === "NodeClaim"));
  if (actions.length === termination.actions.length) return termination;
  if (!isThere) return { ...termination, actions };
  return { ...termination, actions: actions.filter((action) => !isRelease(action)), requeueAfterMs: 0 };
}

function isRelease(action: Action): boolean {
  return action.type === "update" && action.object.kind === "Node" && !hasFinalizer(action.object, TERMINATION_FINALIZER);
}

function drained(observed: Observed, node: Node, found: NodeClaim | undefined, before: readonly Action[], options: PassOptions): Termination {
  const deadlineText = found?.metadata.annotations?.[TERMINATION_TIMESTAMP_ANNOTATION];
  const deadlineMs = instantOf(deadlineText);
  const deadlineReport = deadlineText === undefined ? [] : [report(node, "Warning", "TerminationGracePeriodExpiring", `All pods will be deleted by ${deadlineText}`)];
  if (found !== undefined && deadlineText !== undefined && deadlineMs === undefined) {
    return { actions: [...before, ...deadlineReport], evict: [], reasons: [{ code: "termination-timestamp-invalid", canResolve: false, nodeClaim: found.metadata.name, value: deadlineText }] };
  }
  const tainted = withDisruption(node);
  const actions: Action[] = [...before, ...deadlineReport, ...(tainted === node ? [] : [{ type: "update" as const, object: tainted }])];
  const evict: Pod[] = [];
  let nodeClaim = found === undefined ? undefined : withKnownConditions(found, options.nowMs);
  let requeueAfterMs: number | undefined;
  const stages: readonly ((claim: NodeClaim | undefined) => Stage)[] = [
    (claim) => awaitDrain(observed, tainted, claim, deadlineMs, options.nowMs),
    (claim) => awaitVolumeDetachment(observed, tainted, claim, deadlineMs, options.nowMs),
    (claim) => awaitInstanceTermination(claim, options),
  ];
  for (const stage of stages) {
    const result = stage(nodeClaim);
    nodeClaim = result.nodeClaim;
    actions.push(...result.actions);
    evict.push(...(result.evict ?? []));
    requeueAfterMs = result.requeueAfterMs;
    if (requeueAfterMs !== undefined) break;
  }
  if (nodeClaim !== undefined && nodeClaim !== found) actions.push({ type: "update", object: nodeClaim });
  if (requeueAfterMs === undefined) actions.push(release(tainted));
  return { actions, evict, reasons: [], ...(requeueAfterMs === undefined ? {} : { requeueAfterMs }) };
}

function awaitDrain(observed: Observed, node: Node, found: NodeClaim | undefined, deadlineMs: number | undefined, nowMs: number): Stage {
  const nodeClaim =
    found === undefined || conditionOf(found, "Drained") !== undefined ? found : withCondition(found, { type: "Drained", status: "Unknown", reason: "Draining", message: "Draining" }, nowMs);
  const { waiting, evict, actions } = drain(observed, node, { nowMs, ...(deadlineMs === undefined ? {} : { deadlineMs }) });
  if (waiting > 0) {
    const message = `Failed to drain node, ${waiting} pods are waiting to be evicted`;
    return { nodeClaim, evict, actions: [...actions, report(node, "Warning", "FailedDraining", message)], requeueAfterMs: POLL_MS };
  }
  if (nodeClaim === undefined) return { nodeClaim, actions };
  const condition = conditionOf(nodeClaim, "Drained");
  const sinceMs = nowMs - (instantOf(condition?.lastTransitionTime) ?? nowMs);
  if (condition?.status === "Unknown" && sinceMs < MIN_DRAIN_MS) return { nodeClaim, actions, requeueAfterMs: POLL_MS };
  return { nodeClaim: withCondition(nodeClaim, { type: "Drained", status: "True" }, nowMs), actions };
}

function awaitVolumeDetachment(observed: Observed, node: Node, nodeClaim: NodeClaim | undefined, deadlineMs: number | undefined, nowMs: number): Stage {
  const set = (status: "True" | "False" | "Unknown", reason: string): NodeClaim | undefined =>
    nodeClaim === undefined ? undefined : withCondition(nodeClaim, { type: "VolumesDetached", status, reason, message: status === "True" ? "" : reason }, nowMs);
  const pending = pendingVolumeAttachments(observed, node, nowMs);
  if (pending.length === 0) return { nodeClaim: set("True", "VolumesDetached"), actions: [] };
  if (deadlineMs !== undefined && nowMs > deadlineMs) return { nodeClaim: set("False", "TerminationGracePeriodElapsed"), actions: [] };
  const message = `Awaiting deletion of bound volumeattachments (${listed(pending.map(({ metadata }) => metadata.name))})`;
  return { nodeClaim: set("Unknown", "AwaitingVolumeDetachment"), actions: [report(node, "Normal", "AwaitingVolumeDetachment", message)], requeueAfterMs: POLL_MS };
}

function awaitInstanceTermination(nodeClaim: NodeClaim | undefined, { nowMs, answers = {} }: PassOptions): Stage {
  if (nodeClaim === undefined || answers.termination === "gone") return { nodeClaim: nodeClaim === undefined ? undefined : terminating(nodeClaim, nowMs), actions: [] };
  if (answers.termination === "terminating") return { nodeClaim: terminating(nodeClaim, nowMs), actions: [], requeueAfterMs: TERMINATION_POLL_MS };
  const ask: readonly Action[] = answers.termination === "asked" ? [] : [{ type: "terminate", nodeClaim: nodeClaim.metadata.name, providerID: nodeClaim.status?.providerID ?? "" }];
  return { nodeClaim, actions: ask, requeueAfterMs: TERMINATION_POLL_MS };
}

function terminating(nodeClaim: NodeClaim, nowMs: number): NodeClaim {
  return withCondition(nodeClaim, { type: "InstanceTerminating", status: "True" }, nowMs);
}

// The label takes the node out of load balancers before its pods stop answering.
function withDisruption(node: Node): Node {
  const labelled = withLabels(node, { "node.kubernetes.io/exclude-from-external-load-balancers": "karpenter" });
  if (hasTaint(labelled, disruptedTaint)) return labelled;
  const others = (labelled.spec?.taints ?? []).filter(({ key }) => key !== DISRUPTED_TAINT_KEY);
  return { ...labelled, spec: { ...labelled.spec, taints: [...others, disruptedTaint] } };
}

function release(node: Node): Action {
  return { type: "update", object: withoutFinalizer(node, TERMINATION_FINALIZER) };
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} other(s)` : shown;
}
