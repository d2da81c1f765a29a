import type { LabelTables } from "@groupless/requirements";
import { listRequirements, requirementFor } from "@groupless/requirements/karpenter";
import type { InstanceType } from "../instance-type/instance-type.ts";
import { defaultLabels, readRequirements, type RequirementList } from "./requirement-lists.ts";

/** How flexible a list of types is, against what requirements ask by `minValues`. */
export interface Flexibility {
  readonly satisfied: boolean;
  /** The first so many types suffice; all of them if even that is not enough; 0 if nothing is asked. */
  readonly needed: number;
  /** By key, how many values there are where that is too few. */
  readonly unsatisfied: Readonly<Record<string, number>>;
}

const nothingAsked: Flexibility = Object.freeze({ satisfied: true, needed: 0, unsatisfied: Object.freeze({}) });

/**
 * Whether the types offer as many different values of each label as its requirement's `minValues` asks for; `needed`
 * depends on their order.
 */
export function flexibility(types: readonly InstanceType[], requirements: RequirementList, labels: LabelTables = defaultLabels): Flexibility {
  const asked = listRequirements(readRequirements(requirements, labels)).filter((requirement) => requirement.minValues !== undefined);
  if (asked.length === 0) return nothingAsked;
  const seen = asked.map(({ key, minValues }) => ({ key, minValues: minValues!, values: new Set<string>() }));
  const lacking = (): typeof seen => seen.filter(({ minValues, values }) => values.size < minValues);
  for (const [index, type] of types.entries()) {
    const offered = readRequirements(type.requirements, labels);
    for (const { key, values } of seen) for (const value of requirementFor(offered, key).values) values.add(value);
    if (lacking().length === 0) return { satisfied: true, needed: index + 1, unsatisfied: {} };
  }
  // Of no types nothing is asked: Karpenter looks at keys only once it has seen a type.
  const missing = types.length === 0 ? [] : lacking();
  return { satisfied: missing.length === 0, needed: types.length, unsatisfied: Object.fromEntries(missing.map(({ key, values }) => [key, values.size])) };
}
