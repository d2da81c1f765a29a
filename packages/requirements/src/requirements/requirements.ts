import type { NodeSelectorRequirementWithMinValues } from "@groupless/api";
import { normaliseKey } from "../labels/label-key.ts";
import { CORE_LABELS, type LabelTables } from "../labels/label-tables.ts";
import { ANYTHING, type ValueSet, hasValue, implies as impliesValues, isEmptySet, setOf } from "../values/value-set.ts";
import { type Requirement, intersectRequirement, requirementOf } from "./requirement.ts";

/**
 * What is required of the labels of a node: a product of sets, by (normalised) key. A key that is not mentioned may be anything, or absent.
 * Treat it as immutable: `compatible` reads it once.
 */
export type Requirements = Readonly<Record<string, Requirement>>;

// Without a prototype, so that no key (`__proto__`, `constructor`) means anything else.
const start = (from?: Requirements): Record<string, Requirement> => Object.assign(Object.create(null) as Record<string, Requirement>, from);

const FREE: Requirement = { values: ANYTHING };

/** No requirements: every node meets them. */
export const UNCONSTRAINED: Requirements = Object.freeze(start());

/** Reads requirements and takes all of them together. */
export function requirements(list: readonly NodeSelectorRequirementWithMinValues[] | undefined, tables: LabelTables = CORE_LABELS): Requirements {
  const all = start();
  for (const requirement of list ?? []) {
    const key = normaliseKey(requirement.key, tables);
    const present = all[key];
    const read = requirementOf(requirement, tables);
    all[key] = present === undefined ? read : intersectRequirement(present, read);
  }
  return all;
}

/** What labels say: each key has exactly its value. */
export function fromLabels(labels: Readonly<Record<string, string>> | undefined, tables: LabelTables = CORE_LABELS): Requirements {
  return requirements(
    Object.keys(labels ?? {}).map((key) => ({ key, operator: "In", values: [(labels as Record<string, string>)[key] as string] })),
    tables,
  );
}

/** What is required of one key. */
export function requirementFor(all: Requirements, key: string): Requirement {
  return Object.hasOwn(all, key) ? (all[key] as Requirement) : FREE;
}

/** What one key may be. */
export function valuesFor(all: Requirements, key: string): ValueSet {
  return requirementFor(all, key).values;
}

/**
 * Both at once.
 *
 * @example
 * ```ts
 * import { fromLabels, intersect, isEmpty, requirements } from "@groupless/requirements";
 * const zone = "topology.kubernetes.io/zone";
 * const both = intersect(fromLabels({ [zone]: "a" }), requirements([{ key: zone, operator: "NotIn", values: ["a"] }]));
 * isEmpty(both); // => true
 * ```
 */
export function intersect(a: Requirements, b: Requirements): Requirements {
  const both = start(a);
  for (const key of Object.keys(b)) {
    const present = both[key];
    both[key] = present === undefined ? (b[key] as Requirement) : intersectRequirement(present, b[key] as Requirement);
  }
  return both;
}

/** Whether a label may have the value; `undefined` asks whether it may be absent. */
export function has(all: Requirements, key: string, value: string | undefined): boolean {
  return hasValue(valuesFor(all, key), value);
}

/** Whether no node can meet them: some key can be nothing, not even absent. */
export function isEmpty(all: Requirements): boolean {
  return Object.values(all).some(({ values }) => isEmptySet(values));
}

/** Whether a node that meets the first also meets the second. */
export function implies(a: Requirements, b: Requirements): boolean {
  return isEmpty(a) || Object.keys(b).every((key) => impliesValues(valuesFor(a, key), valuesFor(b, key)));
}

/** Whether a node with these labels meets the requirements. */
export function meets(labels: Readonly<Record<string, string>>, all: Requirements): boolean {
  return Object.keys(all).every((key) => has(all, key, Object.hasOwn(labels, key) ? labels[key] : undefined));
}

/** A requirement nothing meets. */
export function unmeetable(key: string): Requirements {
  return Object.assign(start(), { [key]: { values: setOf([]) } });
}
