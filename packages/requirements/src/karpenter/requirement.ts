import { InputError, type NodeSelectorRequirementWithMinValues, type Operator } from "@groupless/api";
import { normaliseKey, normaliseValue } from "../labels/label-key.ts";
import { CORE_LABELS, type LabelTables } from "../labels/label-tables.ts";
import { type Int64, MAX_INT64, MIN_INT64, atMost, compareInt64, nextInt64, parseInt64, previousInt64, readInt64 } from "../values/int64.ts";
import { type SortedTexts, includesText, sortedTexts } from "../values/sorted-texts.ts";

/**
 * A requirement as Karpenter computes with it (pkg/scheduling/requirement.go): values to be among or, as a complement, not among, and
 * bounds. It has no absence: `DoesNotExist` is the empty list, and so is every contradiction. Immutable.
 */
export interface Requirement {
  readonly key: string;
  /** False: one of `values`. True: any value but `values`, within the bounds. */
  readonly complement: boolean;
  readonly values: SortedTexts;
  readonly gte: Int64 | undefined;
  readonly lte: Int64 | undefined;
  /** How many different values there must be to choose from. */
  readonly minValues: number | undefined;
}

const NO_VALUES: SortedTexts = sortedTexts([]);

export function makeRequirement(key: string, complement: boolean, values: SortedTexts, gte: Int64 | undefined, lte: Int64 | undefined, minValues: number | undefined): Requirement {
  return { key, complement, values, gte, lte, minValues };
}

/** The requirement nothing satisfies, which is also the one only absence does. */
export function doesNotExist(key: string, minValues?: number): Requirement {
  return makeRequirement(key, false, NO_VALUES, undefined, undefined, minValues);
}

/** The requirement of an undefined key: any value. */
export function exists(key: string): Requirement {
  return makeRequirement(key, true, NO_VALUES, undefined, undefined, undefined);
}

/** `In` with one value: what a label says. */
export function labelRequirement(key: string, value: string, tables: LabelTables = CORE_LABELS): Requirement {
  const normal = normaliseKey(key, tables);
  return makeRequirement(normal, false, sortedTexts([normaliseValue(normal, value, tables)]), undefined, undefined, undefined);
}

/**
 * Reads one requirement of a pod, NodePool or instance type. Keys (and values, where the tables say so) get their current names.
 *
 * As in Karpenter, which expects validated input: an operand that is no integer counts as 0, one beyond 64 bits as the nearest; `Gt` of
 * the largest integer is `DoesNotExist` and loses its `minValues`; `Lt` of the smallest wraps around to every integer.
 *
 * @throws InputError `requirement-operator` for an unknown operator, `requirement-values` for a comparison without operand.
 */
export function requirementOf(requirement: NodeSelectorRequirementWithMinValues, tables: LabelTables = CORE_LABELS): Requirement {
  const { operator, minValues } = requirement;
  const key = normaliseKey(requirement.key, tables);
  const given = requirement.values ?? [];
  const values = Object.hasOwn(tables.valueAliases, key) ? given.map((value) => normaliseValue(key, value, tables)) : given;
  if (operator === "In") return makeRequirement(key, false, sortedTexts(values), undefined, undefined, minValues);
  if (operator === "NotIn") return makeRequirement(key, true, sortedTexts(values), undefined, undefined, minValues);
  if (operator === "Exists") return makeRequirement(key, true, NO_VALUES, undefined, undefined, minValues);
  if (operator === "DoesNotExist") return doesNotExist(key, minValues);
  const bound = operandOf(key, operator, values[0]);
  if (operator === "Gt") {
    const gte = nextInt64(bound);
    return gte === undefined ? doesNotExist(key) : makeRequirement(key, true, NO_VALUES, gte, undefined, minValues);
  }
  if (operator === "Gte") return makeRequirement(key, true, NO_VALUES, bound, undefined, minValues);
  return makeRequirement(key, true, NO_VALUES, undefined, operator === "Lte" ? bound : (previousInt64(bound) ?? MAX_INT64), minValues);
}

function operandOf(key: string, operator: Operator, text: string | undefined): Int64 {
  if (operator !== "Gt" && operator !== "Gte" && operator !== "Lt" && operator !== "Lte") {
    throw new InputError("requirement-operator", `${JSON.stringify(operator)} of key ${key} is no operator`, { expected: "In, NotIn, Exists, DoesNotExist, Gt, Lt, Gte or Lte" });
  }
  if (text === undefined) throw new InputError("requirement-values", `${operator} of key ${key} has no operand`, { expected: "one integer" });
  const reading = readInt64(text);
  if (reading.status === "valid") return reading.value;
  return reading.status === "syntax" ? 0 : reading.status === "above" ? MAX_INT64 : MIN_INT64;
}

/** Whether a value lies within bounds: with any bound, only texts that spell an integer do. */
export function withinBounds(value: string, gte: Int64 | undefined, lte: Int64 | undefined): boolean {
  if (gte === undefined && lte === undefined) return true;
  const integer = parseInt64(value);
  if (integer === undefined) return false;
  return (gte === undefined || atMost(gte, integer)) && (lte === undefined || atMost(integer, lte));
}

/** Whether the requirement allows the value. */
export function has(requirement: Requirement, value: string): boolean {
  return includesText(requirement.values, value) !== requirement.complement && withinBounds(value, requirement.gte, requirement.lte);
}

/** `NotIn` or `Exists` for complements (bounds do not show), `In` or `DoesNotExist` for the others. */
export function operatorOf(requirement: Requirement): "In" | "NotIn" | "Exists" | "DoesNotExist" {
  if (requirement.complement) return requirement.values.length > 0 ? "NotIn" : "Exists";
  return requirement.values.length > 0 ? "In" : "DoesNotExist";
}

/** How many values are allowed, as decimal text: Karpenter counts a complement down from the largest 64-bit integer. */
export function lengthOf(requirement: Requirement): string {
  const listed = requirement.values.length;
  return requirement.complement ? `${BigInt(MAX_INT64) - BigInt(listed)}` : `${listed}`;
}

/**
 * Some value the requirement allows; undefined if there is none. Where Karpenter draws an integer at random without regard to
 * exclusions, this takes the smallest that is allowed, from 0 up if 0 is within the bounds.
 */
export function anyValue(requirement: Requirement): string | undefined {
  const { complement, values, gte, lte } = requirement;
  if (!complement) return values[0];
  let candidate: Int64 | undefined = gte ?? (lte !== undefined && compareInt64(lte, 0) < 0 ? lte : 0);
  while (candidate !== undefined && withinBounds(`${candidate}`, gte, lte)) {
    if (!includesText(values, `${candidate}`)) return `${candidate}`;
    // With an upper bound only and below zero, the way to go is down.
    candidate = gte === undefined && compareInt64(candidate, 0) < 0 ? previousInt64(candidate) : nextInt64(candidate);
  }
  return undefined;
}
