import type { Candidate } from "../candidates/candidate.ts";
import { type PoolTotals, type Score, scoreMove } from "./score.ts";

export type Totals = Readonly<Record<string, PoolTotals>>;

/** A pool's score of a move, and whether all pools that score approve it. */
export interface Verdict {
  readonly approved: boolean;
  /** By pool; only pools of the Balanced policy score. */
  readonly scores: Readonly<Record<string, Score>>;
}

const NOTHING: PoolTotals = { cost: 0, disruptionCost: 0 };

/** Scores a move for each Balanced pool by itself; savings are split by the pools' shares of the nodes' price. */
export function scoreCommand(candidates: readonly Candidate[], savingsUsdPerHour: number, totals: Totals): Verdict {
  const pools = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const name = candidate.nodePool.metadata.name;
    const members = pools.get(name);
    if (members === undefined) pools.set(name, [candidate]);
    else members.push(candidate);
  }
  const price = sum(candidates, (candidate) => candidate.price);
  const scores: [string, Score][] = [];
  for (const [name, members] of pools) {
    if (!isBalanced(members[0] as Candidate)) continue;
    const share = price > 0 && pools.size > 1 ? savingsUsdPerHour * (sum(members, (candidate) => candidate.price) / price) : savingsUsdPerHour;
    scores.push([name, scoreMove(totals[name] ?? NOTHING, { savingsUsdPerHour: share, disruptionCost: sum(members, (candidate) => candidate.disruptionCost) })]);
  }
  return { approved: candidates.length > 0 && scores.every(([, { approved }]) => approved), scores: Object.fromEntries(scores) };
}

/** The score a candidate's deletion would have, if its pool scores: no replacement of it can score higher. */
export function bestScore(candidate: Candidate, totals: Totals): Score | undefined {
  const total = totals[candidate.nodePool.metadata.name];
  if (!isBalanced(candidate) || total === undefined || total.cost <= 0) return undefined;
  return scoreMove(total, { savingsUsdPerHour: candidate.price, disruptionCost: candidate.disruptionCost });
}

function isBalanced({ nodePool }: Candidate): boolean {
  return nodePool.spec.disruption.consolidationPolicy === "Balanced";
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
