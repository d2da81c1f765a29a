import { type Budget, durationMs, InputError } from "@groupless/api";
import { type CronSchedule, cronSchedule } from "./cron-schedule.ts";

/** What stands for "no bound" in counts of allowed disruptions: the largest 32-bit integer, as in Karpenter. */
export const UNBOUNDED = 2_147_483_647;

const schedules = new Map<string, CronSchedule>();

/**
 * Whether a budget's window is open: without schedule always; with one in [hit, hit + duration), in UTC.
 *
 * A schedule that never hits keeps the window open for ever, as in Karpenter: its search gives up with the zero time, which is not after now.
 *
 * @throws InputError `invalid-cron` if there is a duration but no schedule, or the schedule cannot be read
 * @example
 * ```ts
 * import { budgetIsActive } from "@groupless/disruption";
 * budgetIsActive({ nodes: "0", schedule: "0 9 * * mon-fri", duration: "8h" }, Date.UTC(2026, 7, 20, 12)); // => true
 * ```
 */
export function budgetIsActive(budget: Budget, nowMs: number): boolean {
  if (budget.schedule === undefined && budget.duration === undefined) return true;
  const next = scheduleOf(budget.schedule ?? "").nextMs(nowMs - windowMs(budget));
  return next === undefined || next <= nowMs;
}

/**
 * How many nodes of a pool of that size one budget lets go at once; {@link UNBOUNDED} while its window is closed.
 *
 * Percentages round up (as in a PodDisruptionBudget's maxUnavailable).
 *
 * @throws InputError `invalid-cron` or `invalid-nodes`
 * @example
 * ```ts
 * import { allowedByBudget } from "@groupless/disruption";
 * allowedByBudget({ nodes: "10%" }, { nowMs: 0, nodes: 11 }); // => 2
 * ```
 */
export function allowedByBudget(budget: Budget, at: { readonly nowMs: number; readonly nodes: number }): number {
  return budgetIsActive(budget, at.nowMs) ? scaled(budget.nodes, at.nodes) : UNBOUNDED;
}

/**
 * When an active budget's window closes, or an inactive one's opens, next: epoch milliseconds; undefined if that never happens.
 *
 * @throws InputError `invalid-cron`
 */
export function budgetChangesMs(budget: Budget, nowMs: number): number | undefined {
  if (budget.schedule === undefined && budget.duration === undefined) return undefined;
  const schedule = scheduleOf(budget.schedule ?? "");
  const lengthMs = windowMs(budget);
  if (!budgetIsActive(budget, nowMs)) return lengthMs === 0 ? undefined : schedule.nextMs(nowMs);
  // Hits inside the window extend it. A window with no gap in a thousand hits is taken never to close.
  let closesMs: number | undefined;
  let hit = schedule.nextMs(nowMs - lengthMs);
  for (let i = 0; hit !== undefined && (closesMs === undefined || hit <= closesMs); i++) {
    if (i === 1000) return undefined;
    closesMs = hit + lengthMs;
    hit = schedule.nextMs(hit);
  }
  return closesMs;
}

function windowMs(budget: Budget): number {
  return budget.duration === undefined ? 0 : durationMs(budget.duration);
}

function scheduleOf(text: string): CronSchedule {
  const known = schedules.get(text);
  if (known !== undefined) return known;
  const schedule = cronSchedule(text);
  if (schedules.size > 1000) schedules.clear();
  schedules.set(text, schedule);
  return schedule;
}

// An integer in Go's decimal notation, or one and a percent sign: k8s.io/apimachinery pkg/util/intstr.
function scaled(nodes: string, total: number): number {
  const percent = nodes.endsWith("%");
  const digits = percent ? nodes.slice(0, -1) : nodes;
  const exact = /^[-+]?\d+$/.test(digits) ? BigInt(digits.replace("+", "")) : undefined;
  if (exact === undefined || BigInt.asIntN(64, exact) !== exact) {
    throw new InputError("invalid-nodes", `invalid value for a budget's nodes: ${JSON.stringify(nodes)}`, { expected: 'a count such as "5" or a percentage such as "10%"' });
  }
  const value = Number(exact);
  return percent ? Math.ceil((value * total) / 100) + 0 : value;
}
