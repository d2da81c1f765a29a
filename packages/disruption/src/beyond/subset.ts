import type { ExistingNodePlacement } from "@groupless/bin-packer";
import { askedOnce } from "../methods/asked-once.ts";
import { bySavingsRatio, type Candidate } from "../candidates/candidate.ts";
import { budgeted } from "../methods/budgeted.ts";
import { consolidationFilter } from "../methods/consolidation.ts";
import { type ConsolidationOptions, savingsBlockers, utilizationBlockers } from "../methods/consolidation-options.ts";
import type { Method } from "../methods/method.ts";
import { approvedEvents, longestPrefix, type Move, moveOf } from "../methods/multi-node.ts";
import type { Turn } from "../methods/turn.ts";
import { plannedDeletions } from "./deletions/planned-deletions.ts";

/** How hard subset search looks. */
export interface SubsetOptions extends ConsolidationOptions {
  /**
   * How much it may try: pods placed, over all its simulations, about ten microseconds each; about as long goes into thinking of what to try.
   * Default 300,000.
   */
  readonly maxPlacements?: number;
  /** What moving one pod counts for, in USD an hour: the more, the fewer pods move. Default: a twentieth of what the nodes cost for each of their pods. */
  readonly moveUsdPerHour?: number;
}

const MOST_PLACEMENTS = 300_000;
const LOOKS_A_PLACEMENT = 1000;

/**
 * Removes any group of nodes, not only the first ones by savings ratio: one node that cannot go does not keep those behind it.
 *
 * It looks for the nodes whose pods find room on the others and that cost most, by what is free where; the packer then has to agree. The command's
 * `existingNodes` say where that room is: it may be so tight that pods put elsewhere do not all fit. Where it finds nothing, it starts from the
 * group Karpenter's search finds, and adds nodes by halves as long as all of them can go together. Then it tries to take more of them for one
 * cheaper node. So it never saves less than Karpenter's search (k#1962, k#2995).
 */
export function subsetConsolidation(options: SubsetOptions = {}): Method {
  return {
    name: options.name ?? "SubsetConsolidation",
    reason: "Underutilized",
    disruptionClass: "graceful",
    usesTotals: true,
    saysWherePodsGo: true,
    filter: askedOnce((candidate, turn) => [...consolidationFilter(candidate, turn), ...utilizationBlockers(candidate, options)]),
    settles: ({ candidates, budgets }) => budgeted(candidates, budgets).length === candidates.length,
    commands: (turn) => {
      const found = search(turn, options);
      if (found === undefined || savingsBlockers(found.proposal.estimatedSavings, options).length > 0) return [];
      approvedEvents(found.verdict).forEach(turn.report);
      return [found.proposal];
    },
  };
}

type Attempt = (candidates: readonly Candidate[], placements?: readonly ExistingNodePlacement[]) => Move | undefined;

function search(turn: Turn, { maxPlacements = MOST_PLACEMENTS, moveUsdPerHour }: SubsetOptions): Move | undefined {
  const silent: Turn = { ...turn, report: () => undefined };
  const ordered = bySavingsRatio(turn.candidates);
  const first = longestPrefix(budgeted(ordered, turn.budgets), silent);
  let left = maxPlacements;
  const attempt: Attempt = (candidates, placements) => {
    if (left <= 0) return undefined;
    left -= candidates.reduce((sum, { reschedulablePods }) => sum + reschedulablePods.length, 1);
    return moveOf(candidates, silent, placements);
  };
  const planned = plannedDeletions(silent, { maxLooks: maxPlacements * LOOKS_A_PLACEMENT, ...(moveUsdPerHour === undefined ? {} : { moveUsdPerHour }) });
  const move = planned === undefined ? undefined : attempt(planned.candidates, planned.placements);
  // Only deletions can be added to: a replacement is made for its pods and no others.
  const start = dearest([first, move].filter((one) => one?.proposal.replacements.length === 0));
  const group = start !== undefined && start === move ? start : grown(start, ordered, turn.budgets, attempt);
  return dearest([first, group, withReplacement(group, ordered, turn.budgets, (candidates) => attempt(candidates, planned?.placements))]);
}

// Nodes added by halves, as long as all of them can go for nothing.
function grown(start: Move | undefined, ordered: readonly Candidate[], budgets: Turn["budgets"], attempt: Attempt): Move | undefined {
  let group = start;
  const grow = (more: readonly Candidate[]): void => {
    const taken = group?.proposal.candidates ?? [];
    const fresh = budgeted([...taken, ...more], budgets).slice(taken.length);
    if (fresh.length === 0) return;
    const move = attempt([...taken, ...fresh]);
    if (move !== undefined && move.proposal.replacements.length === 0) group = move;
    else if (fresh.length > 1) {
      const half = Math.ceil(fresh.length / 2);
      grow(fresh.slice(0, half));
      grow(fresh.slice(half));
    }
  };
  const known = new Set(start?.proposal.candidates);
  grow(ordered.filter((candidate) => !known.has(candidate)));
  return group;
}

// One more node for the group and some of those that cannot go for nothing.
function withReplacement(group: Move | undefined, ordered: readonly Candidate[], budgets: Turn["budgets"], attempt: Attempt): Move | undefined {
  const taken = group?.proposal.candidates ?? [];
  const known = new Set(taken);
  const rest = budgeted([...taken, ...ordered.filter((candidate) => !known.has(candidate))], budgets).slice(taken.length);
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
