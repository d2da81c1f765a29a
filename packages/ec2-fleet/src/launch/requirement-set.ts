import type { NodeSelectorRequirementWithMinValues } from "@groupless/api";
import { AWS_LABELS } from "@groupless/requirements";
import { fromSelectorRequirements, has, hasKey, isCompatible as compatible, requirementFor, requirementOf, type Requirements } from "@groupless/requirements/karpenter";

/** The requirements of a claim, a type or an offering, folded to one a key, as Karpenter computes with them. */
export type RequirementSet = Requirements;

const wellKnown: ReadonlySet<string> = new Set(AWS_LABELS.wellKnown);
const nothing: ReadonlySet<string> = new Set();
const folded = new WeakMap<object, RequirementSet>();

/** Folds a list of requirements; remembered by the list, since the same catalog is asked for every launch. */
export function requirementSet(requirements: readonly NodeSelectorRequirementWithMinValues[]): RequirementSet {
  let set = folded.get(requirements);
  if (set === undefined) folded.set(requirements, (set = fromSelectorRequirements(requirements, AWS_LABELS)));
  return set;
}

/** The set with one key pinned to the given values. */
export function withValues(set: RequirementSet, key: string, values: readonly string[]): RequirementSet {
  return { ...set, [key]: requirementOf({ key, operator: "In", values }, AWS_LABELS) };
}

/** Whether the set says anything about the key. */
export function mentions(set: RequirementSet, key: string): boolean {
  return hasKey(set, key);
}

/** Whether the key may have that value; a key not mentioned may have any. */
export function allows(set: RequirementSet, key: string, value: string): boolean {
  return has(requirementFor(set, key), value);
}

/** As {@link allows}, of many values of one key. */
export function allowance(set: RequirementSet, key: string): (value: string) => boolean {
  const requirement = requirementFor(set, key);
  const { complement, values } = requirement;
  if (complement) return (value) => has(requirement, value);
  const listed = new Set(values);
  return (value) => listed.has(value) && has(requirement, value);
}

/** The values listed for a key: those allowed, or those left out. */
export function valuesOf(set: RequirementSet, key: string): readonly string[] {
  return requirementFor(set, key).values;
}

/** The one value of a key, or undefined where there is none or more than one. */
export function singleValue(set: RequirementSet, key: string): string | undefined {
  const { complement, values } = requirementFor(set, key);
  return complement || values.length !== 1 ? undefined : values[0];
}

/** Keys with minValues, and how many. */
export function minValuesOf(set: RequirementSet): readonly (readonly [string, number])[] {
  return Object.values(set).flatMap(({ key, minValues }) => (minValues === undefined ? [] : [[key, minValues] as const]));
}

/** Whether something with the `incoming` requirements can serve the `existing` ones; keys only the incoming side has must be well known, unless `strict`. */
export function isCompatible(existing: RequirementSet, incoming: RequirementSet, mode: "allow-well-known" | "strict" = "allow-well-known"): boolean {
  return compatible(existing, incoming, mode === "strict" ? nothing : wellKnown);
}
