import { type Budget, InputError } from "@groupless/api";
import { allowedByBudget, allowedDisruptions, budgetIsActive, cronSchedule } from "@groupless/disruption";
import type { Suite } from "../suite.ts";

const REASONS = ["Drifted", "Empty", "Underutilized"];

/** Cron schedules, one budget's window and amount, a pool's budgets together. */
export const budgets: Suite = {
  functions: {
    "cron.next": ({ schedule, after, count }: { schedule: string; after: string; count: number }) =>
      orError((error) => ({ error: error.message }), () => {
        const cron = cronSchedule(schedule);
        const next: (string | null)[] = [];
        for (let at = Date.parse(after); next.length < count; ) {
          const hit = cron.nextMs(at);
          next.push(hit === undefined ? null : new Date(hit).toISOString().replace(".000", ""));
          if (hit === undefined) break;
          at = hit;
        }
        return { next };
      }),
    "budget.isActive": ({ budget, times }: { budget: Budget; times: string[] }) =>
      orError((error) => ({ error: error.code }), () => ({ active: times.map((time) => budgetIsActive(budget, Date.parse(time))) })),
    "budget.allowed": ({ budget, now, nodes }: { budget: Budget; now: string; nodes: number }) =>
      orError((error) => ({ allowed: 0, error: error.code }), () => ({ allowed: allowedByBudget(budget, { nowMs: Date.parse(now), nodes }), error: null })),
    "nodePool.allowedDisruptions": ({ budgets: all, now, nodes }: { budgets: Budget[]; now: string; nodes: number }) =>
      Object.fromEntries(
        REASONS.map((reason) => {
          const { allowed, error } = allowedDisruptions(all, { reason, nowMs: Date.parse(now), nodes });
          return [reason, { allowed, error: error !== undefined }];
        }),
      ),
  },
};

function orError(failed: (error: InputError) => unknown, answer: () => unknown): unknown {
  try {
    return answer();
  } catch (error) {
    if (error instanceof InputError) return failed(error);
    throw error;
  }
}
