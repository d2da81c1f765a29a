import type { NodeSelectorRequirementWithMinValues } from "@groupless/api";
import { isWellKnown } from "./well-known.ts";

type RequirementLike = Omit<NodeSelectorRequirementWithMinValues, "minValues" | "values"> & { readonly minValues?: number; readonly values?: readonly string[] };

interface Constraint {
  /** Whether the values are those left out rather than those allowed. */
  readonly complement: boolean;
  readonly values: ReadonlySet<string>;
  readonly atLeast?: bigint;
  readonly atMost?: bigint;
  readonly minValues?: number;
}

/** The requirements of a claim, a type or an offering, folded to one constraint a key. */
export type RequirementSet = ReadonlyMap<string, Constraint>;

const folded = new WeakMap<object, RequirementSet>();

/** Folds a list of requirements; remembered by the list, since the same catalog is asked for every launch. */
export function requirementSet(requirements: readonly RequirementLike[]): RequirementSet {
  const known = folded.get(requirements);
  if (known !== undefined) return known;
  const set = new Map<string, Constraint>();
  for (const requirement of requirements) {
    const one = constraint(requirement);
    const before = set.get(requirement.key);
    set.set(requirement.key, before === undefined ? one : intersection(before, one));
  }
  folded.set(requirements, set);
  return set;
}

/** The set with one key pinned to the given values. */
export function withValues(set: RequirementSet, key: string, values: readonly string[]): RequirementSet {
  return new Map([...set, [key, { complement: false, values: new Set(values) }]]);
}

/** Whether the key may have that value; a key not mentioned may have any. */
export function allows(set: RequirementSet, key: string, value: string): boolean {
  const found = set.get(key);
  return found === undefined || (found.complement !== found.values.has(value) && inBounds(value, found));
}

/** The values listed for a key: those allowed, or those left out. */
export function valuesOf(set: RequirementSet, key: string): readonly string[] {
  return [...(set.get(key)?.values ?? [])];
}

/** The one value of a key, or undefined where there is none or more than one. */
export function singleValue(set: RequirementSet, key: string): string | undefined {
  const found = set.get(key);
  return found !== undefined && !found.complement && found.values.size === 1 ? [...found.values][0] : undefined;
}

/** Keys with minValues, and how many. */
export function minValuesOf(set: RequirementSet): readonly (readonly [string, number])[] {
  return [...set].flatMap(([key, { minValues }]) => (minValues === undefined ? [] : [[key, minValues] as const]));
}

/**
 * Whether something with the `incoming` requirements can serve the `existing` ones: every key of both can have a common value, and a key only the incoming side
 * has must be well known (unless `strict`) or not insist on a value.
 *
 * Karpenter pkg/scheduling/requirements.go Compatible, Intersects.
 */
export function isCompatible(existing: RequirementSet, incoming: RequirementSet, mode: "allow-well-known" | "strict" = "allow-well-known"): boolean {
  for (const [key, wanted] of incoming) {
    const has = existing.get(key);
    if (has === undefined) {
      if ((mode === "allow-well-known" && isWellKnown(key)) || isNegative(wanted)) continue;
      return false;
    }
    if (!intersects(has, wanted) && !(isNegative(has) && isNegative(wanted))) return false;
  }
  return true;
}

function constraint({ key, operator, values = [], minValues }: RequirementLike): Constraint {
  const flexible = minValues === undefined ? {} : { minValues };
  switch (operator) {
    case "In":
      return { complement: false, values: new Set(values), ...flexible };
    case "NotIn":
      return { complement: true, values: new Set(values), ...flexible };
    case "Exists":
      return { complement: true, values: new Set(), ...flexible };
    case "DoesNotExist":
      return { complement: false, values: new Set(), ...flexible };
    default: {
      const bound = BigInt(values[0] ?? "0");
      const none = new Set<string>();
      if (operator === "Gt") return { complement: true, values: none, atLeast: bound + 1n, ...flexible };
      if (operator === "Gte") return { complement: true, values: none, atLeast: bound, ...flexible };
      if (operator === "Lt") return { complement: true, values: none, atMost: bound - 1n, ...flexible };
      if (operator === "Lte") return { complement: true, values: none, atMost: bound, ...flexible };
      throw new RangeError(`${key}: unknown operator ${String(operator)}`);
    }
  }
}

/** NotIn and DoesNotExist: satisfied where the key is absent. */
function isNegative({ complement, values }: Constraint): boolean {
  return complement === values.size > 0;
}

function intersects(a: Constraint, b: Constraint): boolean {
  const both = intersection(a, b);
  return both.complement || both.values.size > 0;
}

function intersection(a: Constraint, b: Constraint): Constraint {
  const atLeast = maxOf(a.atLeast, b.atLeast);
  const atMost = maxOf(a.atMost, b.atMost, true);
  const minValues = a.minValues === undefined ? b.minValues : Math.max(a.minValues, b.minValues ?? 0);
  const flexible = minValues === undefined ? {} : { minValues };
  if (atLeast !== undefined && atMost !== undefined && atLeast > atMost) return { complement: false, values: new Set(), ...flexible };
  const bounds = { ...(atLeast === undefined ? {} : { atLeast }), ...(atMost === undefined ? {} : { atMost }) };
  if (a.complement && b.complement) return { complement: true, values: new Set([...a.values, ...b.values]), ...bounds, ...flexible };
  const [listed, other] = a.complement ? [b, a] : [a, b];
  const values = [...listed.values].filter((value) => other.complement !== other.values.has(value) && inBounds(value, bounds));
  return { complement: false, values: new Set(values), ...flexible };
}

function maxOf(a: bigint | undefined, b: bigint | undefined, lowest = false): bigint | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b === lowest ? a : b;
}

function inBounds(value: string, { atLeast, atMost }: { readonly atLeast?: bigint; readonly atMost?: bigint }): boolean {
  if (atLeast === undefined && atMost === undefined) return true;
  if (!/^[+-]?\d+$/.test(value)) return false;
  const number = BigInt(value.replace(/^\+/, ""));
  return (atLeast === undefined || number >= atLeast) && (atMost === undefined || number <= atMost);
}
