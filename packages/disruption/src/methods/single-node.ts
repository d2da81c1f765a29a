import { askedOnce } from "./asked-once.ts";
import type { Blocker } from "../blockers/blocker.ts";
import { bySavingsRatio, type Candidate } from "../candidates/candidate.ts";
import { blockerEvent } from "../events/blocker-event.ts";
import { nodeEvents, rejectedEvents, scoreText } from "../events/consolidation-events.ts";
import { bestScore, scoreCommand } from "../scoring/balanced.ts";
import type { Score } from "../scoring/score.ts";
import { NoNodePoolsError } from "../simulation/simulate.ts";
import { consolidate, consolidationFilter } from "./consolidation.ts";
import { type ConsolidationOptions, savingsBlockers, utilizationBlockers } from "./consolidation-options.ts";
import type { Method } from "./method.ts";
import type { Turn } from "./turn.ts";

/** Removes the first node, by savings ratio and pools taking turns, that can go with at most one cheaper node in its place. */
export const singleNodeConsolidation: Method = singleNode();

/** {@link singleNodeConsolidation}, asking for more than Karpenter does. */
export function singleNode(options: ConsolidationOptions = {}): Method {
  return {
    name: options.name ?? "SingleNodeConsolidation",
    reason: "Underutilized",
    disruptionClass: "graceful",
    usesTotals: true,
    filter: askedOnce((candidate, turn) => [...consolidationFilter(candidate, turn), ...utilizationBlockers(candidate, options)]),
    settles: ({ candidates, budgets }) => candidates.every(({ nodePool }) => (budgets[nodePool.metadata.name] ?? 0) > 0),
    commands: (turn) => {
      for (const candidate of interleaved(turn)) {
        if ((turn.budgets[candidate.nodePool.metadata.name] ?? 0) === 0) continue;
        if (bestScore(candidate, turn.totals)?.approved === false) continue;
        const outcome = attempt(candidate, turn);
        if ("blockers" in outcome) continue;
        const { proposal } = outcome;
        if (savingsBlockers(proposal.estimatedSavings, options).length > 0) continue;
        const { approved, scores } = scoreCommand([candidate], proposal.estimatedSavings, turn.totals);
        for (const score of Object.values(scores)) if (score.approved) nodeEvents(candidate, "ConsolidationApproved", scoreText(score)).forEach(turn.report);
        if (approved) return [{ ...proposal, rejection: (kind) => rejectedEvents(proposal, kind) }];
      }
      return [];
    },
    blockers: (candidate, turn) => singleBlockers(candidate, turn, options),
  };
}

function singleBlockers(candidate: Candidate, turn: Turn, options: ConsolidationOptions): readonly Blocker[] {
  const { name } = candidate.nodePool.metadata;
  const refusal = (score: Score): Blocker => ({ code: "balanced-score", canResolve: true, nodePool: name, ...score });
  const best = bestScore(candidate, turn.totals);
  const outcome = consolidateOrFail(candidate, { ...turn, report: () => undefined });
  if ("blockers" in outcome) return [...(best?.approved === false ? [refusal(best)] : []), ...outcome.blockers];
  const { estimatedSavings } = outcome.proposal;
  const { scores } = scoreCommand([candidate], estimatedSavings, turn.totals);
  return [...Object.values(scores).filter(({ approved }) => !approved).map(refusal), ...savingsBlockers(estimatedSavings, options)];
}

/** Consolidates one node, and tells its owner what is in the way. */
function attempt(candidate: Candidate, turn: Turn): ReturnType<typeof consolidate> {
  const outcome = consolidateOrFail(candidate, turn);
  if ("blockers" in outcome) {
    for (const blocker of outcome.blockers) {
      const told = blockerEvent(blocker);
      if (told !== undefined) nodeEvents(candidate, told.reason, told.message).forEach(turn.report);
    }
  }
  return outcome;
}

// A simulation that cannot even start is logged by Karpenter, and the next node is tried.
function consolidateOrFail(candidate: Candidate, turn: Turn): ReturnType<typeof consolidate> {
  try {
    return consolidate([candidate], turn);
  } catch (error) {
    if (error instanceof NoNodePoolsError) return { blockers: [{ code: "no-node-pools", canResolve: true }] };
    throw error;
  }
}

// By savings ratio inside a pool; pools take turns, those that had none last time first, then in the order of their best candidates.
function interleaved({ candidates, firstNodePools }: Turn): readonly Candidate[] {
  const pools = new Map<string, Candidate[]>(firstNodePools.map((name) => [name, []]));
  for (const candidate of bySavingsRatio(candidates)) {
    const { name } = candidate.nodePool.metadata;
    const members = pools.get(name);
    if (members === undefined) pools.set(name, [candidate]);
    else members.push(candidate);
  }
  const queues = [...pools.values()];
  const longest = Math.max(0, ...queues.map(({ length }) => length));
  return Array.from({ length: longest }, (_, i) => queues.map((queue) => queue[i]).filter((candidate) => candidate !== undefined)).flat();
}
