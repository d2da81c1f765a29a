import type { NodeSelectorRequirementWithMinValues } from "@groupless/api";
import { CORE_LABELS, type LabelTables } from "../labels/label-tables.ts";
import { intersection } from "./intersection.ts";
import { inGoOrder, requirementText, toSelectorRequirements } from "./requirement-text.ts";
import { type Requirement, exists, labelRequirement, requirementOf } from "./requirement.ts";

/** Requirements by (normalised) key. A record without a prototype, so that no key means anything else; treat it as immutable. */
export type Requirements = Readonly<Record<string, Requirement>>;

type Building = Record<string, Requirement>;

const start = (from?: Requirements): Building => Object.assign(Object.create(null) as Building, from);

function add(into: Building, requirement: Requirement): void {
  const present = into[requirement.key];
  into[requirement.key] = present === undefined ? requirement : intersection(requirement, present);
}

/** No requirements. */
export const NO_REQUIREMENTS: Requirements = Object.freeze(start());

/** Gathers requirements, intersecting those of the same key in order. */
export function requirements(list: Iterable<Requirement>): Requirements {
  const gathered = start();
  for (const requirement of list) add(gathered, requirement);
  return gathered;
}

/** Reads requirements of a NodePool, NodeClaim, selector term or instance type. */
export function fromSelectorRequirements(list: readonly NodeSelectorRequirementWithMinValues[] | undefined, tables: LabelTables = CORE_LABELS): Requirements {
  const gathered = start();
  for (const requirement of list ?? []) add(gathered, requirementOf(requirement, tables));
  return gathered;
}

/** What labels (of a node, or a nodeSelector) say. */
export function fromLabels(labels: Readonly<Record<string, string>> | undefined, tables: LabelTables = CORE_LABELS): Requirements {
  const gathered = start();
  if (labels !== undefined) for (const key of Object.keys(labels)) add(gathered, labelRequirement(key, labels[key] as string, tables));
  return gathered;
}

/** All requirements of both. */
export function intersect(a: Requirements, b: Requirements): Requirements {
  const both = start(a);
  for (const key in b) add(both, b[key] as Requirement);
  return both;
}

/** The requirements with one more. */
export function withRequirement(all: Requirements, requirement: Requirement): Requirements {
  const more = start(all);
  add(more, requirement);
  return more;
}

/** Whether the key is defined. */
export function hasKey(all: Requirements, key: string): boolean {
  return Object.hasOwn(all, key);
}

/** The requirement of a key; of an undefined one, that anything goes (`Exists`). */
export function requirementFor(all: Requirements, key: string): Requirement {
  return Object.hasOwn(all, key) ? (all[key] as Requirement) : exists(key);
}

/** In key order. */
export function listRequirements(all: Requirements): readonly Requirement[] {
  return Object.keys(all)
    .sort()
    .map((key) => all[key] as Requirement);
}

/** Whether any of them asks for a minimum of different values. */
export function hasMinValues(all: Requirements): boolean {
  for (const key in all) if ((all[key] as Requirement).minValues !== undefined) return true;
  return false;
}

/** Karpenter's text of all of them, in order; those of restricted keys (the hostname) are not shown. */
export function requirementsText(all: Requirements, tables: LabelTables = CORE_LABELS): string {
  const shown = Object.values(all).filter(({ key }) => !tables.restricted.includes(key));
  return inGoOrder(shown.map(requirementText)).join(", ");
}

/** As the API writes them, in key order. */
export function toSelectorRequirementList(all: Requirements): readonly NodeSelectorRequirementWithMinValues[] {
  return listRequirements(all).flatMap(toSelectorRequirements);
}
