import { MAX_INT64, MIN_INT64 } from "./int64.ts";
import type { Int64Range } from "./int64-ranges.ts";
import { type ValueSet, isEmptySet } from "./value-set.ts";

const MOST_SHOWN = 5;
const ALL = "any integer";

function listText(values: readonly string[]): string {
  const shown = values.slice(0, MOST_SHOWN).map((value) => (value.length > 64 ? `${value.slice(0, 64)}…` : value) || '""');
  return shown.join(", ") + (values.length > MOST_SHOWN ? `, and ${values.length - MOST_SHOWN} more` : "");
}

function rangeText({ gte, lte }: Int64Range): string {
  if (gte === lte) return `${gte}`;
  if (gte === MIN_INT64) return lte === MAX_INT64 ? ALL : `at most ${lte}`;
  return lte === MAX_INT64 ? `at least ${gte}` : `${gte} to ${lte}`;
}

/**
 * A set in English.
 *
 * @example
 * ```ts
 * import { ABSENT, setOf, valuesText } from "@groupless/requirements";
 * valuesText(setOf(["a", "b"])); // => "one of a, b"
 * valuesText(ABSENT); // => "absent"
 * ```
 */
export function valuesText(set: ValueSet): string {
  if (isEmptySet(set)) return "nothing at all";
  const { absent, others, integers, except } = set;
  const kinds = integers.map(rangeText);
  if (others) kinds.push("no integer");
  const missing = absent ? ["absent"] : [];
  if (kinds.length === 0) return [...missing, ...(except.length > 1 ? [`one of ${listText(except)}`] : except.map((value) => listText([value])))].join(" or ");
  const known = kinds.join(" or ") === `${ALL} or no integer` ? ["anything"] : kinds;
  return [...missing, ...known].join(" or ") + (except.length === 0 ? "" : ` (not so: ${listText(except)})`);
}
