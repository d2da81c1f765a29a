import { canSurelyDoWithout, type ExistingNodePlacement } from "@groupless/bin-packer";
import { askedOnce } from "./asked-once.ts";
import type { Candidate } from "../candidates/candidate.ts";
import { bySavingsRatio } from "../candidates/candidate.ts";
import { isTemplate } from "../cluster/cluster-view.ts";
import type { DisruptionEvent } from "../events/disruption-event.ts";
import { scoreText } from "../events/consolidation-events.ts";
import { narrowed, cheaperThan } from "../replacement/price-filter.ts";
import { sameTypeLimit } from "../replacement/same-type.ts";
import { estimatedSavings, totalPrice } from "../replacement/savings.ts";
import { scoreCommand, type Verdict } from "../scoring/balanced.ts";
import { budgeted } from "./budgeted.ts";
import { consolidate, consolidationFilter, typesOf } from "./consolidation.ts";
import { type ConsolidationOptions, savingsBlockers, utilizationBlockers } from "./consolidation-options.ts";
import type { Method } from "./method.ts";
import type { Proposal } from "./proposal.ts";
import type { Turn } from "./turn.ts";

const MOST_NODES = 100;

/** Removes as many of the first candidates by savings ratio together as a binary search over their number finds, with at most one cheaper node in their place. */
export const multiNodeConsolidation: Method = multiNode();

/** {@link multiNodeConsolidation}, asking for more than Karpenter does. */
export function multiNode(options: ConsolidationOptions = {}): Method {
  return {
    name: options.name ?? "MultiNodeConsolidation",
    reason: "Underutilized",
    disruptionClass: "graceful",
    usesTotals: true,
    filter: askedOnce((candidate, turn) => [...consolidationFilter(candidate, turn), ...utilizationBlockers(candidate, options)]),
    settles: ({ candidates, budgets }) => budgeted(candidates, budgets).length === candidates.length,
    commands: (turn) => {
      const found = longestPrefix(budgeted(bySavingsRatio(turn.candidates), turn.budgets), turn);
      if (found === undefined || savingsBlockers(found.proposal.estimatedSavings, options).length > 0) return [];
      approvedEvents(found.verdict).forEach(turn.report);
      return [found.proposal];
    },
  };
}

/** What Balanced pools are told of a group's move that they approve. */
export function approvedEvents({ scores }: Verdict): readonly DisruptionEvent[] {
  return Object.entries(scores)
    .filter(([, { approved }]) => approved)
    .map(([pool, score]) => ({ object: `NodePool/${pool}`, type: "Normal", reason: "ConsolidationApproved", message: scoreText(score) }));
}

/** A move of several nodes, and how their pools scored it: approved or not. */
export interface Move {
  readonly proposal: Proposal;
  readonly verdict: Verdict;
}

/**
 * As many of these, taken from the first, as a binary search finds that can go together.
 *
 * With more than 100 of them the search may end at 101, with exactly 100 at 100: Karpenter's bounds. Where it finds nothing, pools that approved of
 * the last move that others rejected are told so all the same (Karpenter pkg/controllers/disruption: firstNConsolidationOption).
 */
export function longestPrefix(candidates: readonly Candidate[], turn: Turn): Move | undefined {
  if (candidates.length < 2) return undefined;
  let least = 1;
  let most = candidates.length <= MOST_NODES ? candidates.length - 1 : MOST_NODES;
  let best: (() => Move | undefined) | undefined;
  let rejected: Move | undefined;
  while (least <= most) {
    const middle = Math.floor((least + most) / 2);
    const group = candidates.slice(0, middle + 1);
    const sure = surelyGo(group, turn);
    const move = sure ? undefined : scoredMove(group, turn);
    if (sure || move?.verdict.approved === true) {
      best = sure ? () => moveOf(group, turn) : () => move;
      least = middle + 1;
    } else {
      rejected = move ?? rejected;
      most = middle - 1;
    }
  }
  if (best === undefined && rejected !== undefined) approvedEvents(rejected.verdict).forEach(turn.report);
  return best?.();
}

// Where counting shows that they can be deleted, how is worked out only if no larger group can go: what is reported of this one, is of that one too.
function surelyGo(candidates: readonly Candidate[], { prepared, view, totals }: Turn): boolean {
  if (![...view.nodePools.values()].some(isTemplate) || !scoreCommand(candidates, totalPrice(candidates), totals).approved) return false;
  return canSurelyDoWithout(prepared, candidates.map(({ name }) => name));
}

/** Several nodes' joint consolidation, if their replacement is not just one of them kept and their pools approve. */
export function moveOf(candidates: readonly Candidate[], turn: Turn, placements?: readonly ExistingNodePlacement[]): Move | undefined {
  const move = scoredMove(candidates, turn, placements);
  return move?.verdict.approved === true ? move : undefined;
}

function scoredMove(candidates: readonly Candidate[], turn: Turn, placements?: readonly ExistingNodePlacement[]): Move | undefined {
  const outcome = consolidate(candidates, turn, placements);
  if ("blockers" in outcome) return undefined;
  const proposal = withoutSameType(outcome.proposal, turn);
  return proposal === undefined ? undefined : { proposal, verdict: scoreCommand(candidates, proposal.estimatedSavings, turn.totals) };
}

function withoutSameType(proposal: Proposal, turn: Turn): Proposal | undefined {
  const [claim] = proposal.replacements;
  if (claim === undefined) return proposal;
  const options = typesOf(claim, turn);
  const limit = sameTypeLimit(proposal.candidates, options, turn.labels);
  const kept = cheaperThan(options, claim.requirements, limit, turn.prices);
  if (kept.unmetMinValues.length > 0 || kept.instanceTypes.length === 0) return undefined;
  const replacements = [narrowed(claim, kept.instanceTypes, claim.requirements, turn.prices)];
  return { ...proposal, replacements, estimatedSavings: estimatedSavings(proposal.candidates, replacements, turn.view, turn.prices) };
}
