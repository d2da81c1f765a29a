import { doNotDisruptOf, doNotDisruptUntilMs, isActive, isDoNotDisruptActive, isEligibleForForcedEviction, isOwnedByDaemonSet, isOwnedByNode, isTerminating, isWaitingEviction, nameOf, type Node, type Pod, timeText, toleratesDisrupted } from "@groupless/api";
import type { Action, ReportAction } from "../action.ts";
import { report } from "../object/report.ts";
import type { Observed } from "../observed.ts";

/** What draining a node asks for now. */
export interface Drain {
  /** Pods still to go, evicted or not; 0: the node is drained. */
  readonly waiting: number;
  /** The pods to evict now: those of the first class that has any. */
  readonly evict: readonly Pod[];
  /** Pods deleted past their budget because the node's deadline nears, and events. */
  readonly actions: readonly Action[];
}

const CRITICAL = ["system-cluster-critical", "system-node-critical"];

/**
 * Plans the next step of a node's drain.
 *
 * Pods go class by class: ordinary pods, ordinary daemons, critical pods, critical daemons; a class is done when its pods are gone, or have outstayed their deletion by a
 * minute. A pod whose own grace period would outlast the node's deadline is deleted with what is left, whatever its budget and annotations say
 * (Karpenter pkg/controllers/node/termination/terminator).
 */
export function drain(observed: Observed, node: Node, { nowMs, deadlineMs }: { readonly nowMs: number; readonly deadlineMs?: number }): Drain {
  const waiting = observed.pods.filter((pod) => pod.spec.nodeName === node.metadata.name && isWaitingEviction(pod, nowMs));
  const expiring = waiting.filter((pod) => !isTerminating(pod) || isEligibleForForcedEviction(pod, deadlineMs));
  const deletions = expiring.flatMap((pod) => forcedDeletion(pod, nowMs, deadlineMs));
  const first = classes(waiting).find((pods) => pods.length > 0) ?? [];
  const protections = first.filter(mayBeProtected).flatMap((pod) => protectionReport(pod, nowMs));
  const evict = first.filter((pod) => mayBeProtected(pod) && !isDoNotDisruptActive(pod, nowMs));
  return { waiting: waiting.length, evict, actions: [...deletions, ...protections] };
}

/** The four classes in the order in which they leave (as the kubelet's graceful node shutdown has them). */
export function classes(pods: readonly Pod[]): readonly (readonly Pod[])[] {
  const select = (isCritical: boolean, isDaemon: boolean): readonly Pod[] =>
    pods.filter((pod) => CRITICAL.includes(pod.spec.priorityClassName ?? "") === isCritical && isOwnedByDaemonSet(pod) === isDaemon);
  return [select(false, false), select(false, true), select(true, false), select(true, true)];
}

// Only pods that would be evicted but for their annotation are asked for it.
function mayBeProtected(pod: Pod): boolean {
  return isActive(pod) && !toleratesDisrupted(pod) && !isOwnedByNode(pod);
}

function forcedDeletion(pod: Pod, nowMs: number, deadlineMs: number | undefined): readonly Action[] {
  const graceSeconds = pod.spec.terminationGracePeriodSeconds;
  // The API server defaults the grace period; without one there is no telling when the pod has to be deleted.
  if (deadlineMs === undefined || graceSeconds === undefined || nowMs <= deadlineMs - graceSeconds * 1000) return [];
  // Never 0: that would remove the pod from the API server while it may still run.
  const granted = Math.max(Math.trunc((deadlineMs - nowMs) / 1000), 1);
  const message =
    `Deleting the pod to accommodate the terminationTime ${goTime(deadlineMs)} of the node. The pod was granted ${granted} seconds of grace-period of its ` +
    `${graceSeconds} terminationGracePeriodSeconds. This bypasses the PDB of the pod and the do-not-disrupt annotation.`;
  return [report(pod, "Normal", "Disrupted", message), { type: "delete", kind: "Pod", name: nameOf(pod), gracePeriodSeconds: granted }];
}

/** The event that tells of a pod's do-not-disrupt annotation with a duration, or with text that is none. */
export function protectionReport(pod: Pod, nowMs: number): readonly ReportAction[] {
  const protection = doNotDisruptOf(pod);
  if (protection.kind === "invalid") return [report(pod, "Warning", "InvalidDoNotDisruptAnnotation", `Invalid karpenter.sh/do-not-disrupt annotation: ${protection.problem}, ignoring annotation`)];
  const untilMs = doNotDisruptUntilMs(pod);
  if (untilMs === undefined) return [];
  return isDoNotDisruptActive(pod, nowMs)
    ? [report(pod, "Normal", "DoNotDisruptUntil", `The karpenter.sh/do-not-disrupt grace period will elapse at ${timeText(untilMs)}`)]
    : [report(pod, "Normal", "DoNotDisruptGracePeriodElapsed", "The karpenter.sh/do-not-disrupt grace period has elapsed, pod is now disruptable")];
}

// Go prints a time in UTC like this.
function goTime(ms: number): string {
  return `${timeText(ms).replace("T", " ").replace("Z", "")} +0000 UTC`;
}
