import { isDoNotDisruptActive, isOwnedByDaemonSet, lifetimeRemaining, nameOf, type Node, type NodeClaim, NODE_POOL_LABEL, type Pod, reschedulingCost } from "@groupless/api";
import type { Action } from "../action.ts";
import { isDeleting } from "../object/metadata.ts";
import { isTracked, nodesOf, poolOf } from "../object/provider-id.ts";
import type { Observed } from "../observed.ts";
import { idle, isManaged, type Outcome } from "../outcome.ts";
import { protectionReport } from "../terminate/drain.ts";
import { isGoing, poolCounts, STATIC_POOL_CHECK_MS, type StaticOptions } from "./static-pool.ts";
import { guarded } from "../object/guarded.ts";

interface Candidate {
  readonly nodeClaim: NodeClaim;
  readonly pods: readonly Pod[];
}

/**
 * Deletes the claims that a static pool has too many of, whatever its budgets say: first those without an instance, then empty nodes, then the cheapest to move,
 * those with do-not-disrupt pods last; ties by name (Karpenter pkg/controllers/static/deprovisioning, which leaves ties to chance).
 */
export function deprovisionStatic(observed: Observed, name: string, options: StaticOptions): Outcome {
  return guarded(`NodePool/${name}`, () => surplusOf(observed, name, options), idle);
}

function surplusOf(observed: Observed, name: string, options: StaticOptions): Outcome {
  const nodePool = observed.nodePools.find(({ metadata }) => metadata.name === name);
  const replicas = nodePool?.spec.replicas;
  if (nodePool === undefined || replicas === undefined || !isManaged({ spec: nodePool.spec.template.spec }, options) || isDeleting(nodePool)) return idle;
  const surplus = poolCounts(observed, name, options).active - replicas;
  if (surplus <= 0) return { ...idle, requeueAfterMs: STATIC_POOL_CHECK_MS };
  const unlaunched = observed.nodeClaims
    .filter((nodeClaim) => nodeClaim.metadata.labels?.[NODE_POOL_LABEL] === name && isManaged(nodeClaim, options) && (nodeClaim.status?.providerID ?? "") === "" && !isDeleting(nodeClaim))
    .toSorted(byName)
    .slice(0, surplus);
  const launched = unlaunched.length === surplus ? [] : candidates(observed, name, options);
  const onlyDaemons = launched.filter(({ pods }) => pods.every(isOwnedByDaemonSet));
  const empty = onlyDaemons.filter(({ pods }) => !isProtected(pods, options.nowMs));
  const others = unlaunched.length + empty.length >= surplus ? [] : byCost(launched.filter((candidate) => !empty.includes(candidate)), options.nowMs);
  const chosen = [...unlaunched, ...[...empty, ...others].map(({ nodeClaim }) => nodeClaim)].slice(0, surplus);
  return {
    actions: [
      ...[...new Set([...onlyDaemons, ...others])].flatMap(({ pods }) => protections(pods, options.nowMs)),
      ...chosen.map(({ metadata }): Action => ({ type: "delete", kind: "NodeClaim", name: metadata.name })),
    ],
    reasons: [],
    requeueAfterMs: STATIC_POOL_CHECK_MS,
  };
}

function candidates(observed: Observed, nodePool: string, options: StaticOptions): readonly Candidate[] {
  return observed.nodeClaims
    .filter((nodeClaim) => (nodeClaim.status?.providerID ?? "") !== "" && !isGoing(nodeClaim, options))
    .toSorted(byName)
    .flatMap((nodeClaim) => {
      const node = nodesOf(observed, nodeClaim).find(isTracked);
      return poolOf(nodeClaim, node) === nodePool ? [{ nodeClaim, pods: podsOf(observed, node) }] : [];
    });
}

function podsOf(observed: Observed, node: Node | undefined): readonly Pod[] {
  return node === undefined ? [] : observed.pods.filter((pod) => pod.spec.nodeName === node.metadata.name).toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

function byCost(list: readonly Candidate[], nowMs: number): readonly Candidate[] {
  const keyed = list.map((candidate) => ({
    candidate,
    isLast: isProtected(candidate.pods, nowMs),
    cost: reschedulingCost(candidate.pods) * lifetimeRemaining(candidate.nodeClaim, nowMs),
  }));
  return keyed.toSorted((a, b) => Number(a.isLast) - Number(b.isLast) || a.cost - b.cost).map(({ candidate }) => candidate);
}

function isProtected(pods: readonly Pod[], nowMs: number): boolean {
  return pods.some((pod) => isDoNotDisruptActive(pod, nowMs));
}

// What Karpenter says of annotations while it looks for the first pod that is protected.
function protections(pods: readonly Pod[], nowMs: number): readonly Action[] {
  const first = pods.findIndex((pod) => isDoNotDisruptActive(pod, nowMs));
  return pods.slice(0, first < 0 ? pods.length : first + 1).flatMap((pod) => protectionReport(pod, nowMs));
}

function byName(a: NodeClaim, b: NodeClaim): number {
  return a.metadata.name < b.metadata.name ? -1 : 1;
}
