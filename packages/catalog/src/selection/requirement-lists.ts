import type { NodeSelectorRequirement, NodeSelectorRequirementWithMinValues } from "@groupless/api";
import { CORE_LABELS, type LabelTables } from "@groupless/requirements";
import { fromSelectorRequirements, type Requirements } from "@groupless/requirements/karpenter";

export type RequirementList = readonly NodeSelectorRequirementWithMinValues[] | readonly NodeSelectorRequirement[];

/** The label tables a caller did not name: Karpenter's own. */
export const defaultLabels: LabelTables = CORE_LABELS;

// The lists of a catalog are shared by thousands of offerings, and frozen: each is read once.
const read = new WeakMap<LabelTables, WeakMap<RequirementList, Requirements>>();

/** Reads a list of requirements; the answer for a frozen list is kept. */
export function readRequirements(list: RequirementList, labels: LabelTables): Requirements {
  if (!Object.isFrozen(list)) return fromSelectorRequirements(list, labels);
  let byList = read.get(labels);
  if (byList === undefined) read.set(labels, (byList = new WeakMap()));
  let found = byList.get(list);
  if (found === undefined) byList.set(list, (found = fromSelectorRequirements(list, labels)));
  return found;
}

const wellKnown = new WeakMap<LabelTables, ReadonlySet<string>>();

/** The keys that need not be defined by what an offering is compared with. */
export function wellKnownKeys(labels: LabelTables): ReadonlySet<string> {
  let found = wellKnown.get(labels);
  if (found === undefined) wellKnown.set(labels, (found = new Set(labels.wellKnown)));
  return found;
}
