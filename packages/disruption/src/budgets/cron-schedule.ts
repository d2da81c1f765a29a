import { durationMs, InputError } from "@groupless/api";
import { Cron } from "croner";
import { type CronField, type CronFieldRule, cronField, invalid } from "./cron-field.ts";

/** When something recurs, in UTC. */
export interface CronSchedule {
  /** The first hit after a moment, in epoch milliseconds; undefined if there is none until the end of the fifth year after. */
  nextMs(afterMs: number): number | undefined;
}

const FIELDS: readonly CronFieldRule[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], firstName: 1 },
  { min: 0, max: 6, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"], firstName: 0 },
];

const DESCRIPTORS: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

const YEARS_SEARCHED = 5;

/**
 * Reads a budget's schedule: five fields, a descriptor such as `@daily`, or `@every` and a duration.
 *
 * @throws InputError `invalid-cron`, worded as robfig/cron words it
 * @example
 * ```ts
 * import { cronSchedule } from "@groupless/disruption";
 * new Date(cronSchedule("0 9 * * mon-fri").nextMs(Date.UTC(2026, 7, 22)) ?? 0).toISOString(); // => "2026-08-24T09:00:00.000Z"
 * ```
 */
export function cronSchedule(text: string): CronSchedule {
  const trimmed = text.trim();
  if (trimmed.startsWith("@")) {
    if (trimmed.startsWith("@every ")) return every(trimmed);
    const line = DESCRIPTORS[trimmed];
    if (line === undefined) throw invalid(`unrecognized descriptor: ${trimmed}`);
    return cronSchedule(line);
  }
  const fields = trimmed === "" ? [] : trimmed.split(/\s+/u);
  if (fields.length !== FIELDS.length) throw invalid(`expected exactly 5 fields, found ${fields.length}: [${fields.join(" ")}]`);
  return fromFields(FIELDS.map((rule, i) => cronField(fields[i] ?? "", rule)));
}

function every(text: string): CronSchedule {
  let lengthMs: number;
  try {
    lengthMs = durationMs(text.slice("@every ".length));
  } catch (error) {
    if (error instanceof InputError) throw invalid(`failed to parse duration ${text}: ${error.message}`);
    throw error;
  }
  const delayMs = Math.max(1000, Math.trunc(lengthMs / 1000) * 1000);
  return { nextMs: (afterMs) => Math.floor(afterMs / 1000) * 1000 + delayMs };
}

// The calendar is croner's; what a star means to the two day fields is said in plain lists, so that nothing of croner's own dialect is relied on.
function fromFields(fields: readonly CronField[]): CronSchedule {
  const [minute, hour, day, month, weekday] = fields as readonly [CronField, CronField, CronField, CronField, CronField];
  const list = (field: CronField): string => field.values.join(",");
  const days = dayFields(day, weekday);
  if (days === undefined || [minute, hour, month].some((field) => field.values.length === 0)) return { nextMs: () => undefined };
  const cron = new Cron(`${list(minute)} ${list(hour)} ${days.day} ${list(month)} ${days.weekday}`, { utcOffset: 0 });
  return {
    nextMs: (afterMs) => {
      const next = cron.nextRun(new Date(Math.floor(afterMs)));
      const lastYear = new Date(Math.floor(afterMs) + 1000).getUTCFullYear() + YEARS_SEARCHED;
      return next === null || next.getUTCFullYear() > lastYear ? undefined : next.getTime();
    },
  };
}

// Both day fields must hold if either is a star; otherwise one is enough. A star holds every value, so "both" is the other one.
function dayFields(day: CronField, weekday: CronField): { day: string; weekday: string } | undefined {
  const both = day.star || weekday.star;
  const text = (field: CronField): string => (field.star ? "*" : field.values.join(","));
  if (both) return text(day) === "" || text(weekday) === "" ? undefined : { day: text(day), weekday: text(weekday) };
  if (day.values.length === 0 && weekday.values.length === 0) return undefined;
  if (day.values.length === 0) return { day: "*", weekday: text(weekday) };
  if (weekday.values.length === 0) return { day: text(day), weekday: "*" };
  return { day: text(day), weekday: text(weekday) };
}
