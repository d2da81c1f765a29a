import type { ExistingNodePlacement, NewNodeClaim } from "@groupless/bin-packer";
import type { InstanceType } from "@groupless/catalog";
import { CAPACITY_TYPE_LABEL, INSTANCE_TYPE_LABEL, ZONE_LABEL } from "@groupless/api";
import type { Blocker } from "../blockers/blocker.ts";
import { type Candidate, isEmpty } from "../candidates/candidate.ts";
import { conditionIsTrue } from "../cluster/node-record.ts";
import { candidateEvents } from "../events/consolidation-events.ts";
import { allowsCapacityType, hasMinValues, withCapacityType } from "../replacement/claim-requirements.ts";
import { flexibility } from "../replacement/min-values.ts";
import { cheaperThan, narrowed } from "../replacement/price-filter.ts";
import { estimatedSavings, totalPrice } from "../replacement/savings.ts";
import { notConsolidatable } from "./not-consolidatable.ts";
import type { Proposal } from "./proposal.ts";
import type { Turn } from "./turn.ts";

/** So many cheaper types a lone spot node's replacement must be able to choose from; with fewer, spot nodes would be replaced again and again. */
const SPOT_TO_SPOT_TYPES = 15;

/** A move, or why there is none. */
export type Outcome = { readonly proposal: Proposal } | { readonly blockers: readonly Blocker[] };

/** Why consolidation leaves a candidate alone, in Karpenter's order; an empty node is emptiness's. */
export function consolidationFilter(candidate: Candidate, { prepared }: Pick<Turn, "prepared">): readonly Blocker[] {
  const { nodePool, record, nodeClaim } = candidate;
  const { name } = nodePool.metadata;
  const { consolidateAfter, consolidationPolicy } = nodePool.spec.disruption;
  const no = { canResolve: false };
  if (nodePool.spec.replicas !== undefined) return [{ code: "static-node-pool", nodePool: name, ...no }];
  const blockers: Blocker[] = [];
  if (candidate.instanceType === undefined) blockers.push({ code: "instance-type-not-found", instanceType: record.labels[INSTANCE_TYPE_LABEL] ?? "", ...no });
  for (const label of [CAPACITY_TYPE_LABEL, ZONE_LABEL]) if (record.labels[label] === undefined) blockers.push({ code: "missing-label", label, ...no });
  if (consolidateAfter === "Never" || consolidateAfter === undefined) blockers.push({ code: "consolidation-disabled", nodePool: name, ...no });
  if (isEmpty(candidate, prepared.profile)) blockers.push({ code: "empty", canResolve: true });
  else if (consolidationPolicy === "WhenEmpty") blockers.push({ code: "consolidation-policy", nodePool: name, policy: consolidationPolicy, ...no });
  if (!conditionIsTrue(nodeClaim, "Consolidatable")) blockers.push(notConsolidatable(candidate, prepared.nowMs));
  return blockers;
}

/**
 * Whether nodes can be removed, with at most one cheaper node in their place (Karpenter's `computeConsolidation`).
 *
 * @param placements where pods are tried first; Karpenter wishes nothing
 */
export function consolidate(candidates: readonly Candidate[], turn: Turn, placements?: readonly ExistingNodePlacement[]): Outcome {
  // A group's owner is told nothing, so it does not matter how many nodes too many it would take.
  const simulation = turn.simulate(candidates, { consolidation: true, ...(candidates.length > 1 ? { maxNewNodeClaims: 1 } : {}), ...(placements === undefined ? {} : { placements }) });
  if (simulation.podErrors.length > 0) return refused({ code: "pods-would-not-schedule", canResolve: true, podErrors: simulation.podErrors });
  const [claim, ...more] = simulation.newNodeClaims;
  if (claim === undefined) return { proposal: proposed(candidates, [], simulation.existingNodes, turn) };
  if (more.length > 0) return refused({ code: "many-replacements", canResolve: true, count: more.length + 1, podsOf: simulation.newNodeClaims.map(({ pods }) => pods) });
  const replacement = cheaperReplacement(candidates, claim, turn);
  if ("blockers" in replacement) return replacement;
  const proposal = proposed(candidates, [replacement.claim], simulation.existingNodes, turn);
  candidateEvents(proposal).forEach(turn.report);
  return { proposal };
}

type Replacement = { readonly claim: NewNodeClaim } | { readonly blockers: readonly Blocker[] };

function cheaperReplacement(candidates: readonly Candidate[], claim: NewNodeClaim, turn: Turn): Replacement {
  const allSpot = candidates.every(({ capacityType }) => capacityType === "spot");
  if (allSpot && allowsCapacityType(claim.requirements, "spot")) return spotToSpot(candidates, claim, turn);
  const { prices } = turn;
  const kept = cheaper(candidates, typesOf(claim, turn), claim, turn);
  if ("blockers" in kept) return kept;
  // The types were judged as spot where spot is allowed; were spot to run out, the launch must fail rather than fall back on something dearer.
  const both = allowsCapacityType(claim.requirements, "spot") && allowsCapacityType(claim.requirements, "on-demand");
  const requirements = both ? withCapacityType(claim.requirements, "spot") : claim.requirements;
  return { claim: narrowed(claim, kept.instanceTypes, requirements, prices) };
}

function spotToSpot(candidates: readonly Candidate[], claim: NewNodeClaim, turn: Turn): Replacement {
  if (turn.prepared.cluster.options?.featureGates?.["SpotToSpotConsolidation"] !== true) return refused({ code: "spot-to-spot-disabled", canResolve: false });
  const spot = { ...claim, requirements: withCapacityType(claim.requirements, "spot") };
  const available = typesOf(claim, turn).filter((instanceType) => turn.prices.prices(instanceType, spot.requirements).cheapest !== undefined);
  const kept = cheaper(candidates, available, spot, turn);
  if ("blockers" in kept) return kept;
  let { instanceTypes } = kept;
  if (candidates.length === 1) {
    if (instanceTypes.length < SPOT_TO_SPOT_TYPES) return refused({ code: "spot-flexibility", canResolve: true, needed: SPOT_TO_SPOT_TYPES, got: instanceTypes.length });
    const needed = hasMinValues(spot.requirements) ? flexibility(instanceTypes, spot.requirements).needed : 0;
    instanceTypes = instanceTypes.slice(0, Math.max(SPOT_TO_SPOT_TYPES, needed));
  }
  return { claim: narrowed(spot, instanceTypes, spot.requirements, turn.prices) };
}

function cheaper(candidates: readonly Candidate[], instanceTypes: readonly InstanceType[], claim: NewNodeClaim, turn: Turn): { readonly instanceTypes: readonly InstanceType[] } | { readonly blockers: readonly Blocker[] } {
  const price = totalPrice(candidates);
  const kept = cheaperThan(instanceTypes, claim.requirements, price, turn.prices);
  if (kept.unmetMinValues.length > 0) return refused({ code: "min-values", canResolve: false, labels: kept.unmetMinValues });
  if (kept.instanceTypes.length > 0) return kept;
  const nearest = instanceTypes
    .map((instanceType) => ({ name: instanceType.name, worst: turn.prices.prices(instanceType, claim.requirements).worst }))
    .reduce<{ name: string; worst: number } | undefined>((best, { name, worst }) => (worst !== undefined && (best === undefined || worst < best.worst) ? { name, worst } : best), undefined);
  return refused({ code: "not-cheaper", canResolve: true, priceUsdPerHour: price, ...(nearest === undefined ? {} : { cheapestUsdPerHour: nearest.worst, instanceType: nearest.name }) });
}

/** A claim's instance types, from the catalog of its pool. */
export function typesOf(claim: NewNodeClaim, turn: Pick<Turn, "view">): readonly InstanceType[] {
  const catalog = turn.view.instanceTypes(claim.nodePool);
  return claim.instanceTypes.map((name) => catalog?.get(name)).filter((type) => type !== undefined);
}

function proposed(candidates: readonly Candidate[], replacements: readonly NewNodeClaim[], existingNodes: Proposal["existingNodes"], { view, prices }: Turn): Proposal {
  return { candidates, replacements, existingNodes, estimatedSavings: estimatedSavings(candidates, replacements, view, prices), validation: "all" };
}

function refused(blocker: Blocker): { readonly blockers: readonly Blocker[] } {
  return { blockers: [blocker] };
}
