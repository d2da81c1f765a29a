import type { Reason } from "@groupless/api";
import { keyHint } from "../labels/label-key.ts";
import { ABSENT, ANYTHING, type ValueSet, valuesMeet } from "../values/value-set.ts";
import { valuesText } from "../values/value-set-text.ts";
import { listed } from "./listed.ts";
import { type Requirements, valuesFor } from "./requirements.ts";

/** The two sides leave a key no value, and may not leave it out. */
export interface NoCommonValue extends Reason {
  readonly code: "no-common-value";
  readonly key: string;
  readonly existing: ValueSet;
  readonly incoming: ValueSet;
}

/** The key must be present, and nothing on the existing side defines it. */
export interface KeyNotDefined extends Reason {
  readonly code: "key-not-defined";
  readonly key: string;
  readonly incoming: ValueSet;
  /** The known key it may be a misspelling of. */
  readonly hint?: string;
}

export type Incompatibility = NoCommonValue | KeyNotDefined;

const NOTHING: ReadonlySet<string> = new Set();

function existingValues(existing: Requirements, key: string, allowUndefined: ReadonlySet<string>): ValueSet {
  if (Object.hasOwn(existing, key)) return valuesFor(existing, key);
  return allowUndefined.has(key) ? ANYTHING : ABSENT;
}

/**
 * Whether some node of the existing side meets the incoming requirements. A key the existing side does not define is absent there, or
 * free if it is among those allowed to be undefined.
 */
export function compatible(existing: Requirements, incoming: Requirements, allowUndefined: ReadonlySet<string> = NOTHING): boolean {
  const present = listed(existing);
  if (present.empty) return false;
  const { keys, sets } = listed(incoming);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string;
    if (!valuesMeet(present.byKey.get(key) ?? (allowUndefined.has(key) ? ANYTHING : ABSENT), sets[i] as ValueSet)) return false;
  }
  return true;
}

/** Every key that stands in the way, in key order; empty if the two are compatible. */
export function incompatibilities(existing: Requirements, incoming: Requirements, allowUndefined: ReadonlySet<string> = NOTHING): readonly Incompatibility[] {
  const reasons: Incompatibility[] = [];
  for (const key of [...new Set([...Object.keys(existing), ...Object.keys(incoming)])].sort()) {
    const present = existingValues(existing, key, allowUndefined);
    const asked = valuesFor(incoming, key);
    if (valuesMeet(present, asked)) continue;
    if (Object.hasOwn(existing, key)) reasons.push({ code: "no-common-value", canResolve: false, key, existing: present, incoming: asked });
    else {
      const hint = keyHint(key, allowUndefined, Object.keys(existing));
      reasons.push({ code: "key-not-defined", canResolve: false, key, incoming: asked, ...(hint === undefined ? {} : { hint }) });
    }
  }
  return reasons;
}

/** The reason in English. */
export function explainIncompatibility(reason: Incompatibility): string {
  if (reason.code === "no-common-value") return `label ${reason.key} is ${valuesText(reason.existing)}, and must be ${valuesText(reason.incoming)}`;
  const hint = reason.hint === undefined ? "" : ` (do you mean ${reason.hint}?)`;
  return `label ${reason.key} must be ${valuesText(reason.incoming)}, and nothing defines it${hint}`;
}
