import { argumentError, isRecord, requireOneOf } from "@groupless/api";
import { requireTime } from "./cluster-shape.ts";
import type { Change, WatchEvent } from "./cluster.ts";
import type { SolveOptions } from "./prepared.ts";

const MALFORMED = "malformed-question";

// A misspelt field would change nothing, and the answer would look as if it were about the change.
const CHANGES: Readonly<Record<keyof Change, true>> = { removeNodes: true, removePods: true, removeNodePools: true, objects: true, nodePools: true, prices: true, unavailable: true };

/** @throws InputError `malformed-question` for what is no change, a field there is not, or one that is no list */
export function requireChange(change: Change): void {
  if (!isRecord(change)) throw argumentError(MALFORMED, "change", change, `an object with any of ${Object.keys(CHANGES).join(", ")}`);
  for (const [field, list] of Object.entries(change)) {
    if (!Object.hasOwn(CHANGES, field)) throw argumentError(MALFORMED, "change", field, Object.keys(CHANGES).join(", "));
    if (list !== undefined && !Array.isArray(list)) throw argumentError(MALFORMED, field, list, "a list");
  }
  for (const [at, { priceUsdPerHour, factor }] of (change.prices ?? []).entries()) {
    if ((priceUsdPerHour === undefined) === (factor === undefined)) throw argumentError(MALFORMED, `prices[${at}]`, change.prices?.[at], "either priceUsdPerHour or factor");
    if (!((priceUsdPerHour ?? factor ?? -1) >= 0)) throw argumentError(MALFORMED, `prices[${at}].${factor === undefined ? "priceUsdPerHour" : "factor"}`, priceUsdPerHour ?? factor, "a number that is not negative");
  }
}

/** @throws InputError `malformed-question` for an objective or a purpose there is not */
export function requireSolveOptions(options: SolveOptions): void {
  if (!isRecord(options)) throw argumentError(MALFORMED, "options", options, "an object such as { objective }");
  requireOneOf(MALFORMED, "objective", options.objective, ["first-fit", "cheapest"]);
  requireOneOf(MALFORMED, "purpose", options.purpose, ["provisioning", "disruption"]);
}

/** @throws InputError `malformed-question` for what are no messages of a watch, or no time */
export function requireEvents(events: readonly WatchEvent[], nowMs: number | undefined): void {
  if (!Array.isArray(events)) throw argumentError(MALFORMED, "events", events, "a list of { type, object }");
  const known: readonly string[] = ["ADDED", "MODIFIED", "DELETED"];
  for (const [at, event] of (events as readonly WatchEvent[]).entries()) {
    if (!isRecord(event) || !isRecord(event.object)) throw argumentError(MALFORMED, `events[${at}]`, event, "{ type, object }");
    if (!known.includes(event.type)) throw argumentError(MALFORMED, `events[${at}].type`, event.type, known.join(" or "));
  }
  requireTime(MALFORMED, nowMs);
}
