import type { FinalState } from "../final-state/final-state.ts";
import type { Violation } from "../invariants/invariant.ts";

/** A place where a scheduler is known to depart from Kubernetes' definitions, and how to tell that a violation is of that kind. */
export interface Deviation {
  /** In kebab-case; docs/differences.md has a paragraph of this name. */
  readonly name: string;
  /** Whether the violation is of this kind and nothing else is wrong with it. */
  readonly explains: (state: FinalState, violation: Violation) => boolean;
}
