import type { Reason } from "@groupless/api";
import { keyHint } from "../labels/label-key.ts";
import { valuesIn } from "./record-values.ts";
import { hasIntersection } from "./intersection.ts";
import { requirementText } from "./requirement-text.ts";
import type { Requirement } from "./requirement.ts";
import { type Requirements, hasKey } from "./requirements.ts";

/** A key is asked for that nothing on the other side defines. */
export interface UndefinedKey extends Reason {
  readonly code: "undefined-key";
  readonly key: string;
  /** The known key it may be a misspelling of. */
  readonly hint?: string;
}

/** Both sides define the key, with no value in common. */
export interface IncompatibleKey extends Reason {
  readonly code: "incompatible-key";
  readonly key: string;
  readonly incoming: Requirement;
  readonly existing: Requirement;
}

export type Incompatibility = UndefinedKey | IncompatibleKey;

const NOTHING: ReadonlySet<string> = new Set();

/** `NotIn` and `DoesNotExist`: what a missing label satisfies. */
function acceptsAbsence(requirement: Requirement): boolean {
  return requirement.complement === requirement.values.length > 0;
}

function keyCompatible(existing: Requirement, incoming: Requirement): boolean {
  return hasIntersection(existing, incoming) || (acceptsAbsence(incoming) && acceptsAbsence(existing));
}

function isUndefined(existing: Requirements, incoming: Requirement, allowUndefined: ReadonlySet<string>): boolean {
  return !hasKey(existing, incoming.key) && !acceptsAbsence(incoming) && !allowUndefined.has(incoming.key);
}

/**
 * Whether every key both sides define has a value in common, or both accept absence (Karpenter's `Intersects`). Keys that only one side
 * defines do not matter.
 */
export function intersects(existing: Requirements, incoming: Requirements): boolean {
  return valuesIn(incoming).every((requirement) => {
    const present = existing[requirement.key];
    return present === undefined || keyCompatible(present, requirement);
  });
}

/**
 * Whether the node side (`existing`) can take the pod side (`incoming`): keys the pod asks for must be defined, unless it accepts their
 * absence or they are among those allowed to be undefined (the well-known labels, for what is yet to be launched).
 */
export function isCompatible(existing: Requirements, incoming: Requirements, allowUndefined: ReadonlySet<string> = NOTHING): boolean {
  return valuesIn(incoming).every((requirement) => {
    const present = existing[requirement.key];
    return present === undefined ? acceptsAbsence(requirement) || allowUndefined.has(requirement.key) : keyCompatible(present, requirement);
  });
}

/** Why the two do not intersect, by key order; empty if they do. */
export function intersectionProblems(existing: Requirements, incoming: Requirements): readonly IncompatibleKey[] {
  return Object.keys(incoming)
    .sort()
    .filter((key) => hasKey(existing, key) && !keyCompatible(existing[key] as Requirement, incoming[key] as Requirement))
    .map((key) => ({ code: "incompatible-key", canResolve: false, key, incoming: incoming[key] as Requirement, existing: existing[key] as Requirement }));
}

/** Why the two are not compatible; empty if they are. As in Karpenter, the first undefined key hides all else. */
export function compatibilityProblems(existing: Requirements, incoming: Requirements, allowUndefined: ReadonlySet<string> = NOTHING): readonly Incompatibility[] {
  const unknown = Object.keys(incoming)
    .sort()
    .find((key) => isUndefined(existing, incoming[key] as Requirement, allowUndefined));
  if (unknown === undefined) return intersectionProblems(existing, incoming);
  const hint = keyHint(unknown, allowUndefined, Object.keys(existing));
  return [{ code: "undefined-key", canResolve: false, key: unknown, ...(hint === undefined ? {} : { hint }) }];
}

/** The reason in Karpenter's words. */
export function explain(reason: Incompatibility): string {
  if (reason.code === "undefined-key") {
    return `label ${JSON.stringify(reason.key)} does not have known values${reason.hint === undefined ? "" : ` (typo of ${JSON.stringify(reason.hint)}?)`}`;
  }
  return `key ${reason.key}, ${requirementText(reason.incoming)} not in ${requirementText(reason.existing)}`;
}
