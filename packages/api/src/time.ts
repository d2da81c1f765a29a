import { InputError } from "./input-error.ts";

const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|([+-])(\d{2}):(\d{2}))$/;

/**
 * Epoch milliseconds of a time in Kubernetes' notation (RFC 3339); digits beyond milliseconds are cut off.
 *
 * @throws InputError `invalid-time`
 * @example
 * timeMs("2026-08-20T12:00:00Z") // => 1787227200000
 */
export function timeMs(text: string): number {
  let epochMs = known.get(text);
  if (epochMs === undefined) {
    epochMs = read(text);
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(text, epochMs);
  }
  return epochMs;
}

// The same few times stand on many objects.
const MOST_KNOWN = 10_000;
const known: Map<string, number> = /* @__PURE__ */ new Map();

function read(text: string): number {
  const invalid = (): InputError => new InputError("invalid-time", `${JSON.stringify(text.slice(0, 80))} is no time`, { expected: "RFC 3339, such as 2026-08-20T12:00:00Z" });
  const match = RFC_3339.exec(text);
  if (match === null) throw invalid();
  const [, year, month, day, hour, minute, second, fraction = "", , sign, offsetHour = "0", offsetMinute = "0"] = match;
  const atMidnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const date = new Date(atMidnight);
  // Date.UTC rolls February 30 over into March and reads the years 0 to 99 as 19xx: neither is what was written.
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day) || date.getUTCFullYear() !== Number(year)) {
    if (Number(year) >= 100) throw invalid();
    date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
    if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) throw invalid();
  }
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59 || Number(offsetHour) > 23 || Number(offsetMinute) > 59) throw invalid();
  const offsetMs = (sign === "-" ? -1 : 1) * (Number(offsetHour) * 60 + Number(offsetMinute)) * 60_000;
  return date.getTime() + Number(hour) * 3_600_000 + Number(minute) * 60_000 + Number(second) * 1000 + Number(fraction.padEnd(3, "0").slice(0, 3)) - offsetMs;
}

/**
 * A time as the API server writes it: RFC 3339 in UTC, whole seconds.
 *
 * @example
 * timeText(1787227200999) // => "2026-08-20T12:00:00Z"
 */
export function timeText(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}
