import { type Budget, InputError } from "@groupless/api";
import { allowedByBudget, UNBOUNDED } from "./budget.ts";

/** What a pool's budgets allow together. A budget that cannot be read closes the pool: `allowed` is then 0 and `error` says why. */
export interface AllowedDisruptions {
  readonly allowed: number;
  readonly error?: InputError;
}

/**
 * How many nodes of a pool may be disrupted at once for a reason: the least that a budget for that reason allows.
 *
 * A budget without `reasons` is for every reason; no budget at all means no bound.
 * One unreadable budget closes all reasons (Karpenter pkg/apis/v1 `MustGetAllowedDisruptions` fails closed).
 *
 * @example
 * ```ts
 * import { allowedDisruptions } from "@groupless/disruption";
 * allowedDisruptions([{ nodes: "10%" }, { nodes: "0", reasons: ["Drifted"] }], { reason: "Empty", nowMs: 0, nodes: 20 }).allowed; // => 2
 * ```
 */
export function allowedDisruptions(budgets: readonly Budget[] | undefined, at: { readonly reason: string; readonly nowMs: number; readonly nodes: number }): AllowedDisruptions {
  let allowed = UNBOUNDED;
  for (const budget of budgets ?? []) {
    let value: number;
    try {
      value = allowedByBudget(budget, at);
    } catch (error) {
      if (error instanceof InputError) return { allowed: 0, error };
      throw error;
    }
    if (concerns(budget, at.reason)) allowed = Math.min(allowed, value);
  }
  return { allowed };
}

/** Whether a budget counts for a reason. An empty list of reasons matches none. */
export function concerns(budget: Budget, reason: string): boolean {
  return budget.reasons === undefined || (budget.reasons as readonly string[]).includes(reason);
}
