const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const SHORT: Readonly<Record<string, string>> = { "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *" };
const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

/** Does a cron line hit at that minute, UTC? Every value of every field is looked at anew. */
export function hits(line: string, minuteMs: number): boolean {
  const [minute = "", hour = ""] = (SHORT[line] ?? line).split(" ");
  const at = new Date(minuteMs);
  return has(minute, at.getUTCMinutes(), [0, 59]) && has(hour, at.getUTCHours(), [0, 23]) && hitsOnDay(line, minuteMs);
}

function hitsOnDay(line: string, atMs: number): boolean {
  const [, , day = "", month = "", weekday = ""] = (SHORT[line] ?? line).split(" ");
  const at = new Date(atMs);
  const anyDay = /^[*?](\/1)?$/;
  const [onDay, onWeekday] = [has(day, at.getUTCDate(), [1, 31]), has(weekday, at.getUTCDay(), [0, 6], DAYS)];
  return has(month, at.getUTCMonth() + 1, [1, 12], MONTHS, 1) && (anyDay.test(day) || anyDay.test(weekday) ? onDay && onWeekday : onDay || onWeekday);
}

const has = (field: string, value: number, [least, most]: readonly [number, number], names: readonly string[] = [], first = 0): boolean =>
  field.split(",").some((part) => {
    const [range = "", step = "1"] = part.split("/");
    const number = (text: string): number => (names.includes(text.toLowerCase()) ? names.indexOf(text.toLowerCase()) + first : Number(text));
    const [from, to] = range === "*" || range === "?" ? [least, most] : range.includes("-") ? range.split("-").map(number) : [number(range), part.includes("/") ? most : number(range)];
    return value >= (from ?? 0) && value <= (to ?? 0) && (value - (from ?? 0)) % Number(step) === 0;
  });

/** The first hit after a moment, minute by minute; undefined if there is none in a year. */
export function nextHit(line: string, afterMs: number): number | undefined {
  const first = (Math.floor(afterMs / MINUTE) + 1) * MINUTE;
  for (let at = first; at < first + 366 * DAY; at = hitsOnDay(line, at) ? at + MINUTE : (Math.floor(at / DAY) + 1) * DAY) if (hits(line, at)) return at;
  return undefined;
}
