import { isActive, isOwnedByNode, isReschedulable, toleratesDisrupted } from "@groupless/api";
import { type ExistingNodePlacement, type NewNodeClaim, type PodError, type Prepared, whatIf } from "@groupless/bin-packer";
import type { Candidate } from "../candidates/candidate.ts";
import { type ClusterView, isTemplate } from "../cluster/cluster-view.ts";
import type { DisruptionEvent } from "../events/disruption-event.ts";
import { nobody } from "../events/nobody.ts";
import { podNotices } from "../events/pod-notices.ts";
import type { PriceList } from "../replacement/launch-prices.ts";
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
  /** Give up once more new nodes than that are needed. */
  readonly maxNewNodeClaims?: number;
  /** Where pods are tried before they are placed as always. */
  readonly placements?: readonly ExistingNodePlacement[];
  readonly prices: PriceList;
  readonly report?: (event: DisruptionEvent) => void;
}

/**
 * Solves the cluster without the candidates.
 *
 * @throws NoNodePoolsError if no dynamic pool is ready
 */
export function simulate(prepared: Prepared, view: ClusterView, candidates: readonly Candidate[], { consolidation = false, maxNewNodeClaims, placements, prices, report }: SimulateOptions): Simulation {
  const isHeard = report !== undefined && report !== nobody;
  if (isHeard) tell(view, candidates, prepared.nowMs, report);
  if (![...view.nodePools.values()].some(isTemplate)) throw new NoNodePoolsError();
  if (isHeard) emptyPools(prepared, view).forEach(report);
  const packing = whatIf(prepared, { removeNodes: candidates.map(({ name }) => name) }, { purpose: "disruption", guardDestinations: consolidation, ...(maxNewNodeClaims === undefined ? {} : { maxNewNodeClaims }), ...(placements === undefined ? {} : { placements }) });
  const podErrors = packing.podErrors.filter(({ pod }) => isBound(pod, view)).map((error) => worded(error, packing.existingNodes, view));
  return { newNodeClaims: packing.newNodeClaims.map((claim) => planned(claim, view, prices)), existingNodes: packing.existingNodes, podErrors };
}

// Where the place found is on a node still coming up, Karpenter names it.
function worded(error: PodError, existingNodes: readonly ExistingNodePlacement[], view: ClusterView): PodError {
  if (!error.classes.includes("uninitialized-node")) return error;
  const place = view.nodeOf.get(existingNodes.find(({ pods }) => pods.includes(error.pod))?.node ?? "");
  const names = [place?.nodeClaim === undefined ? "" : `nodeclaim/${place.nodeClaim.metadata.name}`, place?.node === undefined ? "" : `node/${place.node.metadata.name}`];
  return { ...error, message: `would schedule against uninitialized ${names.filter((name) => name !== "").join(", ")}` };
}

// What narrows a claim further works on what was planned, not on what would be launched. Types of one price, or of none, stay in their catalog's
// order: that is how Karpenter's sort leaves short lists.
function planned(claim: NewNodeClaim, view: ClusterView, list: PriceList): NewNodeClaim {
  const requirements = claim.plannedRequirements ?? claim.requirements;
  const catalog = view.instanceTypes(claim.nodePool);
  const priced = claim.instanceTypes.map((name) => {
    const instanceType = catalog?.get(name);
    return { name, price: (instanceType === undefined ? undefined : list.prices(instanceType, requirements).cheapest) ?? Infinity };
  });
  if (!priced.some(({ price }, i) => price === priced[i - 1]?.price)) return { ...claim, requirements };
  const place = new Map([...(catalog?.keys() ?? [])].map((name, i) => [name, i]));
  const rank = (name: string): number => place.get(name) ?? 0;
  priced.sort((a, b) => (a.price === b.price ? rank(a.name) - rank(b.name) : a.price - b.price));
  return { ...claim, requirements, instanceTypes: priced.map(({ name }) => name) };
}

// A pod that has no node yet may stay without.
function isBound(pod: string, { podOf }: ClusterView): boolean {
  return (podOf.get(pod)?.spec.nodeName ?? "") !== "";
}

// Whose do-not-disrupt annotations Karpenter looks at on the way: the candidates' pods that would move, and what would leave with nodes that go away.
function tell(view: ClusterView, candidates: readonly Candidate[], nowMs: number, report: (event: DisruptionEvent) => void): void {
  for (const { reschedulablePods } of candidates) for (const pod of reschedulablePods) podNotices(pod, nowMs).forEach(report);
  for (const { pods } of view.leaving) {
    for (const pod of pods) if (isActive(pod) && !isOwnedByNode(pod) && (!toleratesDisrupted(pod) || isReschedulable(pod))) podNotices(pod, nowMs).forEach(report);
  }
}

