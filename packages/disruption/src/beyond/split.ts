import { INSTANCE_TYPE_LABEL } from "@groupless/api";
import { type NewNodeClaim, whatIf } from "@groupless/bin-packer";
import { fromNodePool, toSelectorRequirementList } from "@groupless/requirements/karpenter";
import { bySavingsRatio, type Candidate } from "../candidates/candidate.ts";
import { consolidationFilter, typesOf } from "../methods/consolidation.ts";
import { type ConsolidationOptions, savingsBlockers, utilizationBlockers } from "../methods/consolidation-options.ts";
import type { Method } from "../methods/method.ts";
import type { Proposal } from "../methods/proposal.ts";
import type { Turn } from "../methods/turn.ts";
import { allowsCapacityType, withCapacityType } from "../replacement/claim-requirements.ts";
import { flexibility } from "../replacement/min-values.ts";
import { narrowed } from "../replacement/price-filter.ts";
import { estimatedSavings } from "../replacement/savings.ts";

/** How far splitting may go. */
export interface SplitOptions extends ConsolidationOptions {
  /** At most so many nodes in place of one. Default 4. */
  readonly maxReplacements?: number;
}

/**
 * Replaces one large node by several small ones that cost less together, whichever of their types is launched (aws#5304). Karpenter never
 * turns one node into several.
 */
export function splitConsolidation(options: SplitOptions = {}): Method {
  return {
    name: options.name ?? "SplitConsolidation",
    reason: "Underutilized",
    disruptionClass: "graceful",
    filter: (candidate, turn) => [...consolidationFilter(candidate, turn), ...utilizationBlockers(candidate, options)],
    settles: ({ candidates, budgets }) => candidates.every(({ nodePool }) => (budgets[nodePool.metadata.name] ?? 0) > 0),
    commands: (turn) => {
      for (const candidate of bySavingsRatio(turn.candidates)) {
        if ((turn.budgets[candidate.nodePool.metadata.name] ?? 0) === 0) continue;
        const proposal = split(candidate, turn, options.maxReplacements ?? 4);
        if (proposal !== undefined && savingsBlockers(proposal.estimatedSavings, options).length === 0) return [proposal];
      }
      return [];
    },
  };
}

function split(candidate: Candidate, turn: Turn, maxReplacements: number): Proposal | undefined {
  if (turn.simulate([candidate], { consolidation: true }).podErrors.length > 0) return undefined;
  // With only types below an n-th of its price to choose from, up to n nodes are cheaper than the one.
  for (let parts = 2; parts <= maxReplacements; parts++) {
    const dear = typesFrom(candidate, candidate.price / parts, turn);
    const change = { removeNodes: [candidate.name], unavailable: [{ requirements: [{ key: INSTANCE_TYPE_LABEL, operator: "In" as const, values: dear }] }] };
    const { newNodeClaims, podErrors, existingNodes } = whatIf(turn.prepared, change, { purpose: "disruption" });
    if (podErrors.some(({ pod }) => (turn.view.podOf.get(pod)?.spec.nodeName ?? "") !== "")) return undefined;
    if (newNodeClaims.length < 2 || newNodeClaims.length > maxReplacements) continue;
    const replacements = cheaperTogether(newNodeClaims.map(spotOnly), candidate.price, turn);
    if (replacements !== undefined) return { candidates: [candidate], replacements, existingNodes, estimatedSavings: estimatedSavings([candidate], replacements, turn.view, turn.prices) };
  }
  return undefined;
}

// Names of the pool's types that may cost that much or more.
function typesFrom({ nodePool }: Candidate, limitUsdPerHour: number, { view, prices, labels }: Turn): readonly string[] {
  const requirements = toSelectorRequirementList(fromNodePool(nodePool, labels.tables));
  const types = [...(view.instanceTypes(nodePool.metadata.name)?.values() ?? [])];
  return types.filter((type) => (prices.prices(type, requirements).worst ?? Infinity) >= limitUsdPerHour).map(({ name }) => name);
}

// As in Karpenter's own replacements: priced as spot, so launched as spot or not at all.
function spotOnly(claim: NewNodeClaim): NewNodeClaim {
  const requirements = claim.plannedRequirements ?? claim.requirements;
  const both = allowsCapacityType(requirements, "spot") && allowsCapacityType(requirements, "on-demand");
  return { ...claim, requirements: both ? withCapacityType(requirements, "spot") : requirements };
}

// Every claim keeps the types that leave the sum of the worst launch prices below the limit, what is left over shared evenly.
function cheaperTogether(claims: readonly NewNodeClaim[], limitUsdPerHour: number, turn: Turn): readonly NewNodeClaim[] | undefined {
  const options = claims.map((claim) => typesOf(claim, turn).map((type) => ({ type, worst: turn.prices.prices(type, claim.requirements).worst ?? Infinity })));
  const least = options.map((types) => Math.min(...types.map(({ worst }) => worst)));
  const spare = (limitUsdPerHour - least.reduce((sum, price) => sum + price, 0)) / claims.length;
  if (!(spare > 0)) return undefined;
  const kept = options.map((types, i) => types.filter(({ worst }) => worst < (least[i] ?? 0) + spare).map(({ type }) => type));
  if (claims.some((claim, i) => flexibility(kept[i] ?? [], claim.requirements).unmet.length > 0)) return undefined;
  return claims.map((claim, i) => narrowed(claim, kept[i] ?? [], claim.requirements, turn.prices));
}
