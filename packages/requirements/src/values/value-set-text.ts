import { MAX_INT64, MIN_INT64 } from "./int64.ts";
import type { Int64Range } from "./int64-ranges.ts";
import { ALL_INTEGERS } from "./int64-ranges.ts";
import { type ValueSet, isEmptySet } from "./value-set.ts";

const MOST_SHOWN = 5;

function listText(values: readonly string[]): string {
  const shown = values.slice(0, MOST_SHOWN).map((value) => (value.length > 64 ? `${value.slice(0, 64)}…` : value) || '""');
  return shown.join(", ") + (values.length > MOST_SHOWN ? `, and ${values.length - MOST_SHOWN} more` : "");
}

function rangeText({ gte, lte }: Int64Range): string {
  if (gte === lte) return `${gte}`;
  if (gte === MIN_INT64) return lte === MAX_INT64 ? "any integer" : `at most ${lte}`;
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
  if (!others && integers.length === 0) {
    const listed = except.length === 0 ? [] : [except.length === 1 ? listText(except) : `one of ${listText(except)}`];
    return [...(absent ? ["absent"] : []), ...listed].join(" or ");
  }
  const numbers = integers === ALL_INTEGERS || integers.length === 0 ? [] : integers.map(rangeText);
  const all = others && integers.length > 0 && numbers.length === 0;
  const kinds = all ? ["anything"] : [...numbers, ...(others ? ["no integer"] : integers.length > 0 && numbers.length === 0 ? ["an integer"] : [])];
  return `${[...(absent ? ["absent"] : []), ...kinds].join(" or ")}${except.length === 0 ? "" : ` (not so: ${listText(except)})`}`;
}
