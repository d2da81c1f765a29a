import { isActive, isOwnedByNode, isReschedulable, toleratesDisrupted } from "@groupless/api";
import { type NewNodeClaim, type PodError, type Prepared, whatIf } from "@groupless/bin-packer";
import type { Candidate } from "../candidates/candidate.ts";
import { type ClusterView, isTemplate } from "../cluster/cluster-view.ts";
import type { NodeRecord } from "../cluster/node-record.ts";
import type { DisruptionEvent } from "../events/disruption-event.ts";
import { podNotices } from "../events/pod-notices.ts";
import { emptyPools } from "./empty-pools.ts";
import type { Simulation } from "./simulation.ts";

/** No pool could make a node, so nothing can be simulated (Karpenter's scheduler refuses to start). */
export class NoNodePoolsError extends Error {
  override readonly name: string = "NoNodePoolsError";
  constructor() {
    super("creating scheduler, no nodepools found");
  }
}

export interface SimulateOptions {
  /** Pods do not move to nodes in their quiet time. */
  readonly consolidation?: boolean;
  readonly report?: (event: DisruptionEvent) => void;
}

/**
 * Solves the cluster without the candidates.
 *
 * @throws NoNodePoolsError if no dynamic pool is ready
 */
export function simulate(prepared: Prepared, view: ClusterView, candidates: readonly Candidate[], { consolidation = false, report }: SimulateOptions = {}): Simulation {
  if (report !== undefined) tell(view, candidates, prepared.nowMs, report);
  if (![...view.nodePools.values()].some(isTemplate)) throw new NoNodePoolsError();
  if (report !== undefined) emptyPools(prepared, view).forEach(report);
  const packing = whatIf(prepared, { removeNodes: candidates.map(({ name }) => name) }, { purpose: "disruption", destinationGuards: consolidation });
  const podErrors = packing.podErrors.filter(({ pod }) => isBound(pod, view));
  for (const { node, pods } of packing.existingNodes) {
    const record = view.nodeOf.get(node);
    if (record === undefined || record.initialized) continue;
    podErrors.push(...pods.filter((pod) => isBound(pod, view) && !isLeaving(pod, view)).map((pod) => uninitialized(pod, record)));
  }
  return { newNodeClaims: packing.newNodeClaims.map(planned), existingNodes: packing.existingNodes, podErrors };
}

// What narrows a claim further works on what was planned, not on what would be launched.
function planned(claim: NewNodeClaim): NewNodeClaim {
  return claim.plannedRequirements === undefined ? claim : { ...claim, requirements: claim.plannedRequirements };
}

// A pod that has no node yet may stay without.
function isBound(pod: string, { podOf }: ClusterView): boolean {
  return (podOf.get(pod)?.spec.nodeName ?? "") !== "";
}

function isLeaving(pod: string, view: ClusterView): boolean {
  const nodeName = view.podOf.get(pod)?.spec.nodeName;
  return view.nodes.some(({ node, deleting }) => deleting && node?.metadata.name === nodeName);
}

function uninitialized(pod: string, { nodeClaim, node }: NodeRecord): PodError {
  const places = [nodeClaim === undefined ? undefined : `nodeclaim/${nodeClaim.metadata.name}`, node === undefined ? undefined : `node/${node.metadata.name}`];
  return { pod, classes: ["uninitialized-node"], reasons: [], message: `would schedule against uninitialized ${places.filter((place) => place !== undefined).join(", ")}` };
}

// Whose do-not-disrupt annotations Karpenter looks at on the way: the candidates' pods that would move, and what would leave with nodes that go away.
function tell(view: ClusterView, candidates: readonly Candidate[], nowMs: number, report: (event: DisruptionEvent) => void): void {
  for (const { reschedulablePods } of candidates) for (const pod of reschedulablePods) podNotices(pod, nowMs).forEach(report);
  for (const { deleting, pods } of view.nodes) {
    if (!deleting) continue;
    for (const pod of pods) if (isActive(pod) && !isOwnedByNode(pod) && (!toleratesDisrupted(pod) || isReschedulable(pod))) podNotices(pod, nowMs).forEach(report);
  }
}

