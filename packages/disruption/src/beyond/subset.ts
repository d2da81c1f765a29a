import { bySavingsRatio, type Candidate } from "../candidates/candidate.ts";
import { budgeted } from "../methods/budgeted.ts";
import { consolidationFilter } from "../methods/consolidation.ts";
import { type ConsolidationOptions, savingsBlockers, utilizationBlockers } from "../methods/consolidation-options.ts";
import type { Method } from "../methods/method.ts";
import { approvedEvents, longestPrefix, type Move, moveOf } from "../methods/multi-node.ts";
import type { Turn } from "../methods/turn.ts";

/** How hard subset search looks. */
export interface SubsetOptions extends ConsolidationOptions {
  /** How much it may try: pods placed, over all its simulations. Default 300,000, about ten microseconds each. */
  readonly maxPlacements?: number;
}

const MOST_PLACEMENTS = 300_000;

/**
 * Removes any group of nodes, not only the first ones by savings ratio: one node that cannot go does not keep those behind it.
 *
 * It starts from the group Karpenter's search finds, and adds nodes by halves as long as all of them can go together; then it tries to take
 * more of them for one cheaper node. So it never saves less than Karpenter's search (k#1962, k#2995).
 */
export function subsetConsolidation(options: SubsetOptions = {}): Method {
  return {
    name: options.name ?? "SubsetConsolidation",
    reason: "Underutilized",
    disruptionClass: "graceful",
    usesTotals: true,
    filter: (candidate, turn) => [...consolidationFilter(candidate, turn), ...utilizationBlockers(candidate, options)],
    settles: ({ candidates, budgets }) => budgeted(candidates, budgets).length === candidates.length,
    commands: (turn) => {
      const found = search(turn, options.maxPlacements ?? MOST_PLACEMENTS);
      if (found === undefined || savingsBlockers(found.proposal.estimatedSavings, options).length > 0) return [];
      approvedEvents(found.verdict).forEach(turn.report);
      return [found.proposal];
    },
  };
}

function search(turn: Turn, maxPlacements: number): Move | undefined {
  const silent: Turn = { ...turn, report: () => undefined };
  const ordered = bySavingsRatio(turn.candidates);
  const first = longestPrefix(budgeted(ordered, turn.budgets), silent);
  let left = maxPlacements;
  const attempt = (candidates: readonly Candidate[]): Move | undefined => {
    if (left <= 0) return undefined;
    left -= candidates.reduce((sum, { reschedulablePods }) => sum + reschedulablePods.length, 1);
    return moveOf(candidates, silent);
  };
  // Only deletions can be added to: a replacement is made for its pods and no others.
  let group: Move | undefined = first?.proposal.replacements.length === 0 ? first : undefined;
  const grow = (more: readonly Candidate[]): void => {
    const taken = group?.proposal.candidates ?? [];
    const fresh = budgeted([...taken, ...more], turn.budgets).slice(taken.length);
    if (fresh.length === 0 || left <= 0) return;
    const move = attempt([...taken, ...fresh]);
    if (move !== undefined && move.proposal.replacements.length === 0) group = move;
    else if (fresh.length > 1) {
      const half = Math.ceil(fresh.length / 2);
      grow(fresh.slice(0, half));
      grow(fresh.slice(half));
    }
  };
  const known = new Set(group?.proposal.candidates);
  grow(ordered.filter((candidate) => !known.has(candidate)));
  return dearest([first, group, withReplacement(group, ordered, turn.budgets, attempt)]);
}

// One more node for the group and some of those that cannot go for nothing.
function withReplacement(group: Move | undefined, ordered: readonly Candidate[], budgets: Turn["budgets"], attempt: (candidates: readonly Candidate[]) => Move | undefined): Move | undefined {
  const taken = group?.proposal.candidates ?? [];
  const rest = budgeted([...taken, ...ordered.filter((candidate) => !taken.includes(candidate))], budgets).slice(taken.length);
  let best: Move | undefined;
  for (let least = 1, most = rest.length; least <= most; ) {
    const middle = Math.floor((least + most) / 2);
    const move = taken.length + middle > 1 ? attempt([...taken, ...rest.slice(0, middle)]) : undefined;
    if (move === undefined) most = middle - 1;
    else {
      best = dearest([best, move]);
      least = middle + 1;
    }
  }
  return best;
}

// What saves most; the first of equals.
function dearest(moves: readonly (Move | undefined)[]): Move | undefined {
  return moves.reduce((best, move) => (move !== undefined && (best === undefined || move.proposal.estimatedSavings > best.proposal.estimatedSavings) ? move : best), undefined);
}
