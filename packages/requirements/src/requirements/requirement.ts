import { InputError, type NodeSelectorRequirementWithMinValues } from "@groupless/api";
import { normaliseKey, normaliseValue } from "../labels/label-key.ts";
import { CORE_LABELS, type LabelTables } from "../labels/label-tables.ts";
import { MAX_INT64, MIN_INT64, nextInt64, parseInt64, previousInt64 } from "../values/int64.ts";
import { NO_INTEGERS, rangeOf } from "../values/int64-ranges.ts";
import { ABSENT, PRESENT, type ValueSet, complementOf, integerSet, intersectValues, setOf } from "../values/value-set.ts";

/** What is required of one label: what it may be, and from how many values there must be to choose. */
export interface Requirement {
  readonly values: ValueSet;
  /** A floor on flexibility, beside the set: it narrows nothing. */
  readonly minValues?: number;
}

/**
 * What a requirement means, exactly: `In` present and one of, `NotIn` absent or none of, comparisons present, an integer of 64 bits in any
 * spelling, and in range. A comparison whose operand is no such integer accepts nothing.
 *
 * @throws InputError `requirement-operator` for an unknown operator.
 *
 * @example
 * ```ts
 * import { hasValue, valuesOf } from "@groupless/requirements";
 * hasValue(valuesOf({ key: "gen", operator: "Gt", values: ["5"] }), "6"); // => true
 * hasValue(valuesOf({ key: "gen", operator: "NotIn", values: ["5"] }), undefined); // => true
 * ```
 */
export function valuesOf(requirement: NodeSelectorRequirementWithMinValues, tables: LabelTables = CORE_LABELS): ValueSet {
  const { operator } = requirement;
  const given = requirement.values ?? [];
  if (operator === "In" || operator === "NotIn") {
    const key = normaliseKey(requirement.key, tables);
    const listed = setOf(given.map((value) => normaliseValue(key, value, tables)));
    return operator === "In" ? listed : complementOf(listed);
  }
  if (operator === "Exists") return PRESENT;
  if (operator === "DoesNotExist") return ABSENT;
  const bound = given[0] === undefined ? undefined : parseInt64(given[0]);
  const below = operator === "Lt" ? previousInt64 : operator === "Lte" ? same : undefined;
  const above = operator === "Gt" ? nextInt64 : operator === "Gte" ? same : undefined;
  if (below === undefined && above === undefined) {
    throw new InputError("requirement-operator", `${JSON.stringify(operator)} of key ${requirement.key} is no operator`, { expected: "In, NotIn, Exists, DoesNotExist, Gt, Lt, Gte or Lte" });
  }
  const edge = bound === undefined ? undefined : (below ?? above)?.(bound);
  if (edge === undefined) return integerSet(NO_INTEGERS);
  return integerSet(below === undefined ? rangeOf(edge, MAX_INT64) : rangeOf(MIN_INT64, edge));
}

function same<T>(value: T): T {
  return value;
}

/** One requirement, read exactly. */
export function requirementOf(requirement: NodeSelectorRequirementWithMinValues, tables: LabelTables = CORE_LABELS): Requirement {
  const values = valuesOf(requirement, tables);
  return requirement.minValues === undefined || requirement.minValues === null ? { values } : { values, minValues: requirement.minValues };
}

/** Both at once: the values both hold, the larger minimum. */
export function intersectRequirement(a: Requirement, b: Requirement): Requirement {
  const values = intersectValues(a.values, b.values);
  const minValues = a.minValues === undefined || (b.minValues !== undefined && b.minValues > a.minValues) ? b.minValues : a.minValues;
  return minValues === undefined ? { values } : { values, minValues };
}
