import type { ExistingNodePlacement, NewNodeClaim } from "@groupless/bin-packer";
import type { Candidate } from "../candidates/candidate.ts";
import type { DisruptionEvent } from "../events/disruption-event.ts";

/** What a method would do with some of its candidates. */
export interface Proposal {
  readonly candidates: readonly Candidate[];
  readonly replacements: readonly NewNodeClaim[];
  readonly existingNodes: readonly ExistingNodePlacement[];
  /** USD an hour. */
  readonly estimatedSavings: number;
  /** Whether it must still hold a while later, for all of its nodes or for those of which it then does; absent: it is carried out at once. */
  readonly validation?: "all" | "survivors";
  /** What to tell whom if it no longer holds. */
  readonly rejection?: (kind: ValidationFailure) => readonly DisruptionEvent[];
}

/** Why a command no longer holds: its nodes changed, a budget (or a nomination) is in the way, or its pods would go elsewhere. */
export type ValidationFailure = "churn" | "budget" | "scheduling";
