import { DISRUPTED_TAINT_KEY } from "./labels.ts";
import { isDoNotDisruptActive } from "./do-not-disrupt.ts";
import type { OwnerReference } from "./object-meta.ts";
import type { Pod } from "./pod.ts";
import type { Toleration } from "./taint.ts";
import { timeMs } from "./time.ts";

// A pod that outstays its deletion timestamp by this much is not waited for (Karpenter pkg/utils/pod: stuck terminating).
const STUCK_AFTER_MS = 60_000;

/** Failed or succeeded: it will not run again. */
export function isTerminal(pod: Pod): boolean {
  return pod.status?.phase === "Failed" || pod.status?.phase === "Succeeded";
}

/** Being deleted. */
export function isTerminating(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp !== undefined;
}

/** Neither terminal nor terminating. */
export function isActive(pod: Pod): boolean {
  return !isTerminal(pod) && !isTerminating(pod);
}

/** Bound to a node. */
export function isScheduled(pod: Pod): boolean {
  return (pod.spec.nodeName ?? "") !== "";
}

/** Waiting for a node on which others are being preempted for it. */
export function isPreempting(pod: Pod): boolean {
  return (pod.status?.nominatedNodeName ?? "") !== "";
}

/** Has a scheduler looked at it and found no node? */
export function hasFailedToSchedule(pod: Pod): boolean {
  return pod.status?.conditions?.some(({ type, reason }) => type === "PodScheduled" && reason === "Unschedulable") ?? false;
}

export function isOwnedByDaemonSet(pod: Pod): boolean {
  return isOwnedBy(pod, "apps/v1", "DaemonSet");
}

export function isOwnedByStatefulSet(pod: Pod): boolean {
  return isOwnedBy(pod, "apps/v1", "StatefulSet");
}

/** A static (mirror) pod: the API server cannot remove it. */
export function isOwnedByNode(pod: Pod): boolean {
  return isOwnedBy(pod, "v1", "Node");
}

function isOwnedBy(pod: Pod, apiVersion: string, kind: string): boolean {
  return pod.metadata.ownerReferences?.some((owner: OwnerReference) => owner.apiVersion === apiVersion && owner.kind === kind) ?? false;
}

/** Does it count as a pod that needs new capacity (Karpenter pkg/utils/pod IsProvisionable)? */
export function isProvisionable(pod: Pod): boolean {
  return hasFailedToSchedule(pod) && !isScheduled(pod) && !isPreempting(pod) && !isOwnedByDaemonSet(pod) && !isOwnedByNode(pod);
}

/** Must it find another node when its own goes away? Terminating pods of a StatefulSet do: their successors come only after them. */
export function isReschedulable(pod: Pod): boolean {
  return (isActive(pod) || (isOwnedByStatefulSet(pod) && isTerminating(pod))) && !isOwnedByDaemonSet(pod) && !isOwnedByNode(pod);
}

/** Would Karpenter call the eviction API for it? */
export function isEvictable(pod: Pod, nowMs: number): boolean {
  return isActive(pod) && !toleratesDisrupted(pod) && !isOwnedByNode(pod) && !isDoNotDisruptActive(pod, nowMs);
}

/** May its node be disrupted, as far as its own annotation goes? */
export function isDisruptable(pod: Pod, nowMs: number): boolean {
  return !isActive(pod) || !isDoNotDisruptActive(pod, nowMs);
}

/** Deleted, and still there a minute after its grace period. */
export function isStuckTerminating(pod: Pod, nowMs: number): boolean {
  const { deletionTimestamp } = pod.metadata;
  return deletionTimestamp !== undefined && nowMs - timeMs(deletionTimestamp) > STUCK_AFTER_MS;
}

/** Does draining its node concern it at all? Pods under do-not-disrupt count: the drain waits for them. */
export function isDrainable(pod: Pod, nowMs: number): boolean {
  return !toleratesDisrupted(pod) && !isStuckTerminating(pod, nowMs) && !isOwnedByNode(pod);
}

/** Does the drain of its node wait for it? */
export function isWaitingEviction(pod: Pod, nowMs: number): boolean {
  return !isTerminal(pod) && isDrainable(pod, nowMs);
}

/** Must it be deleted with less grace, because its own grace ends after its node's? `nodeTerminationMs` undefined: the node has no deadline. */
export function isEligibleForForcedEviction(pod: Pod, nodeTerminationMs: number | undefined): boolean {
  const { deletionTimestamp } = pod.metadata;
  return nodeTerminationMs !== undefined && deletionTimestamp !== undefined && timeMs(deletionTimestamp) > nodeTerminationMs;
}

/** Does it tolerate the taint of nodes under disruption, `karpenter.sh/disrupted:NoSchedule`? Such pods stay to the end. */
export function toleratesDisrupted(pod: Pod): boolean {
  return pod.spec.tolerations?.some(toleratesDisruptedTaint) ?? false;
}

// That taint has no value, so numeric operators never tolerate it.
function toleratesDisruptedTaint({ key = "", operator = "Equal", value = "", effect }: Toleration): boolean {
  if (effect !== undefined && (effect as string) !== "" && effect !== "NoSchedule") return false;
  if (key !== "" && key !== DISRUPTED_TAINT_KEY) return false;
  return operator === "Exists" || ((operator === "Equal" || (operator as string) === "") && value === "");
}

export function hasRequiredPodAntiAffinity(pod: Pod): boolean {
  return (pod.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.length ?? 0) > 0;
}

/** Does it, or a container of it, refer to resource claims (Dynamic Resource Allocation)? */
export function hasResourceClaims(pod: Pod): boolean {
  const { resourceClaims = [], initContainers = [], containers = [] } = pod.spec as Partial<Pod["spec"]>;
  return resourceClaims.length > 0 || [...initContainers, ...containers].some(({ resources }) => (resources?.claims?.length ?? 0) > 0);
}
