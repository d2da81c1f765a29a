export type { Command } from "./command.ts";
export { allowedByBudget, budgetChangesMs, budgetIsActive, UNBOUNDED } from "./budgets/budget.ts";
export { type AllowedDisruptions, allowedDisruptions } from "./budgets/allowed-disruptions.ts";
export { type CronSchedule, cronSchedule } from "./budgets/cron-schedule.ts";
