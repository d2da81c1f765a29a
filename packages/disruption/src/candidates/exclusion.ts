import { type Candidate, candidateOf } from "./candidate.ts";
import { canEvict, doNotDisruptUntilMs, DO_NOT_DISRUPT_ANNOTATION, isDisruptable, nameOf, NODE_POOL_LABEL, type Pod, type PodDisruptionBudget } from "@groupless/api";
import type { Profile } from "@groupless/bin-packer";
import type { Blocker } from "../blockers/blocker.ts";
import type { ClusterView } from "../cluster/cluster-view.ts";
import type { NodeRecord } from "../cluster/node-record.ts";
import { podNotices } from "../events/pod-notices.ts";
import type { DisruptionEvent } from "../events/disruption-event.ts";

/** `graceful` methods wait for pods that may not be moved; `eventual` ones count on the node's termination grace period to end that wait. */
export type DisruptionClass = "graceful" | "eventual";

/** With the profile `exact` all methods wait: a node is not taken for the sake of an end by force of pods that may not be moved. */
export function classUnder(profile: Profile, disruptionClass: DisruptionClass): DisruptionClass {
  return profile === "exact" ? "graceful" : disruptionClass;
}

export interface ExclusionOptions {
  readonly nowMs: number;
  readonly disruptionClass: DisruptionClass;
  /** Provider ids of nodes that commands under way take. */
  readonly queued: ReadonlySet<string>;
  readonly report?: (event: DisruptionEvent) => void;
}

/**
 * The candidate a node makes, or what excludes it, in Karpenter's order; without `all`, its first reason only.
 *
 * @throws InputError `invalid-selector` if a PodDisruptionBudget's selector cannot be read
 */
export function candidateOrBlockers(node: NodeRecord, view: ClusterView, options: ExclusionOptions & { readonly all?: boolean }): { readonly candidate: Candidate } | { readonly blockers: readonly Blocker[] } {
  const blockers: Blocker[] = [...nodeBlockers(node, options)];
  if (blockers.length > 0 && options.all !== true) return { blockers: blockers.slice(0, 1) };
  const poolName = node.labels[NODE_POOL_LABEL];
  const nodePool = poolName === undefined ? undefined : view.nodePools.get(poolName);
  const instanceTypes = poolName === undefined ? undefined : view.instanceTypes(poolName);
  if (poolName !== undefined && (nodePool === undefined || instanceTypes === undefined)) {
    blockers.push({ code: "node-pool-not-found", canResolve: false, nodePool: poolName });
    if (options.all !== true) return { blockers };
  }
  const forced = options.disruptionClass === "eventual" && node.nodeClaim?.spec.terminationGracePeriod !== undefined;
  const found = podBlockersOf(node, view.podDisruptionBudgets, options);
  if (!forced) blockers.push(...found);
  if (blockers.length > 0 || nodePool === undefined || instanceTypes === undefined) return { blockers };
  return { candidate: candidateOf(node, nodePool, instanceTypes) };
}

function nodeBlockers(node: NodeRecord, { queued }: ExclusionOptions): readonly Blocker[] {
  const blockers: Blocker[] = [];
  const never = { canResolve: false };
  const later = { canResolve: true };
  if (queued.has(node.providerID)) blockers.push({ code: "being-disrupted", ...later });
  if (node.nodeClaim === undefined) blockers.push({ code: "not-managed", ...never });
  if (node.node === undefined) blockers.push({ code: "no-node", ...later });
  // What follows is about a node that is there.
  if (node.nodeClaim === undefined || node.node === undefined) return blockers;
  if (!node.initialized) blockers.push({ code: "not-initialized", ...later });
  if (node.deleting) blockers.push({ code: "deleting", ...later });
  if (node.nominated) blockers.push({ code: "nominated", ...later });
  // Only this text counts on a node; times are for pods.
  if (node.annotations[DO_NOT_DISRUPT_ANNOTATION] === "true") blockers.push({ code: "node-do-not-disrupt", ...never });
  if (node.labels[NODE_POOL_LABEL] === undefined) blockers.push({ code: "missing-label", label: NODE_POOL_LABEL, ...never });
  return blockers;
}

const known = new WeakMap<NodeRecord, { readonly budgets: readonly PodDisruptionBudget[]; readonly blockers: readonly Blocker[] }>();

// Without an annotation that ends some time, what holds a node's pods back is the same until a pod or a budget changes.
function podBlockersOf(node: NodeRecord, budgets: readonly PodDisruptionBudget[], options: ExclusionOptions & { readonly all?: boolean }): readonly Blocker[] {
  const found = options.all === true ? undefined : known.get(node);
  if (found?.budgets === budgets) return found.blockers;
  const blockers = podBlockers(node.pods, budgets, options);
  if (options.all !== true && node.pods.every(({ metadata }) => metadata.annotations?.[DO_NOT_DISRUPT_ANNOTATION] === undefined)) known.set(node, { budgets, blockers });
  return blockers;
}

/** The pods that may not be moved now: all of them with `all`, otherwise the first that its annotation protects, or else the first that a budget does. */
function podBlockers(pods: readonly Pod[], budgets: readonly PodDisruptionBudget[], { nowMs, report, all = false }: Pick<ExclusionOptions, "nowMs" | "report"> & { readonly all?: boolean }): readonly Blocker[] {
  const blockers: Blocker[] = [];
  for (const pod of pods) {
    if (report !== undefined) podNotices(pod, nowMs).forEach(report);
    if (isDisruptable(pod, nowMs)) continue;
    const clearsAtMs = doNotDisruptUntilMs(pod);
    blockers.push({ code: "pod-do-not-disrupt", pod: nameOf(pod), canResolve: clearsAtMs !== undefined, ...(clearsAtMs === undefined ? {} : { clearsAtMs }) });
    if (!all) return blockers;
  }
  for (const pod of pods) {
    const { evictable, blocking } = canEvict(pod, budgets, nowMs);
    if (evictable) continue;
    blockers.push({ code: blocking.length > 1 ? "multiple-pod-disruption-budgets" : "pod-disruption-budget", pod: nameOf(pod), podDisruptionBudgets: blocking, canResolve: blocking.length === 1 });
    if (!all) return blockers;
  }
  return blockers;
}
