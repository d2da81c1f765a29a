/** Karpenter's constant k of the Balanced policy: a move passes from a score of 1/k on. */
export const BALANCED_K = 2;

/** What a pool costs and what disrupting all of it would cost: the measures a move is scored against. */
export interface PoolTotals {
  /** USD an hour. */
  readonly cost: number;
  /** In pods: one a node, and the positive eviction costs of its pods. */
  readonly disruptionCost: number;
}

/** A move's savings and disruption as shares of its pool, and what they come to. */
export interface Score {
  readonly savingsFraction: number;
  readonly disruptionFraction: number;
  /** Savings a unit of disruption; 0 without savings, Infinity without disruption. */
  readonly score: number;
  /** The least score that passes. */
  readonly threshold: number;
  readonly approved: boolean;
}

/**
 * The score of the two shares: savings over disruption, approved from 1/k on.
 *
 * @example
 * ```ts
 * import { score } from "@groupless/disruption";
 * score(0.25, 0.5).approved; // => true
 * ```
 */
export function score(savingsFraction: number, disruptionFraction: number, k: number = BALANCED_K): Score {
  const value = savingsFraction <= 0 ? 0 : disruptionFraction === 0 ? Infinity : savingsFraction / disruptionFraction;
  const threshold = 1 / k;
  return { savingsFraction, disruptionFraction, score: value, threshold, approved: value >= threshold };
}

/**
 * The score of a move that saves and disrupts so much of a pool. Totals that are not positive leave nothing to compare with: not approved.
 *
 * @example
 * ```ts
 * import { scoreMove } from "@groupless/disruption";
 * scoreMove({ cost: 58.08, disruptionCost: 90 }, { savingsUsdPerHour: 4.84, disruptionCost: 5 }).approved; // => true
 * ```
 */
export function scoreMove(totals: PoolTotals, move: { readonly savingsUsdPerHour: number; readonly disruptionCost: number }, k: number = BALANCED_K): Score {
  if (totals.cost <= 0 || totals.disruptionCost <= 0) return score(0, 0, k);
  return score(move.savingsUsdPerHour / totals.cost, move.disruptionCost / totals.disruptionCost, k);
}
