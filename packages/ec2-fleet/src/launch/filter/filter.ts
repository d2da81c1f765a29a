import type { InstanceType } from "@groupless/catalog";
import type { RequirementSet } from "../requirement-set.ts";

/** What a filter leaves and what it takes away; kept types may have fewer offerings than before. */
export interface Filtered {
  readonly kept: readonly InstanceType[];
  readonly rejected: readonly InstanceType[];
}

export type Filter = (types: readonly InstanceType[], claim: RequirementSet) => Filtered;

/** Nothing to do. */
export function untouched(types: readonly InstanceType[]): Filtered {
  return { kept: types, rejected: [] };
}

/** The kept types, and of the others those that are not among them by name. */
export function split(types: readonly InstanceType[], kept: readonly InstanceType[]): Filtered {
  const names = new Set(kept.map(({ name }) => name));
  return { kept, rejected: types.filter(({ name }) => !names.has(name)) };
}
