import { nameOf } from "@groupless/api";
import type { Candidate } from "../candidates/candidate.ts";
import { BALANCED_K, type Score } from "../scoring/score.ts";
import type { DisruptionEvent } from "./disruption-event.ts";
import { fixed } from "./fixed.ts";

interface Plan {
  readonly candidates: readonly Candidate[];
  readonly replacements: readonly unknown[];
  readonly estimatedSavings: number;
}

/** An event on a node, for its claim too. */
export function nodeEvents(candidate: Candidate, reason: string, message: string): readonly DisruptionEvent[] {
  const told = { type: "Normal", reason, message } as const;
  return [
    { object: `Node/${candidate.name}`, ...told },
    { object: `NodeClaim/${nameOf(candidate.nodeClaim)}`, ...told },
  ];
}

/** That a replacement was found; it may still be turned down. */
export function candidateEvents(plan: Plan): readonly DisruptionEvent[] {
  const savings = fixed(plan.estimatedSavings, 2);
  return plan.candidates.flatMap((candidate) => nodeEvents(candidate, "ConsolidationCandidate", `Consolidation candidate: ${planText(plan, candidate)} (savings: $${savings})`));
}

export function rejectedEvents(plan: Plan, kind: string): readonly DisruptionEvent[] {
  const savings = fixed(plan.estimatedSavings, 2);
  return plan.candidates.flatMap((candidate) => nodeEvents(candidate, "ConsolidationRejected", `Consolidation rejected: ${planText(plan, candidate)}, reason: ${kind} (savings: $${savings})`));
}

/** How a Balanced pool scored a move it approves. */
export function scoreText({ score, threshold, savingsFraction, disruptionFraction }: Score): string {
  return `score ${fixed(score, 2)} >= threshold ${fixed(threshold, 2)} (k: ${BALANCED_K}, savings ${fixed(savingsFraction * 100, 1)}%, disruption ${fixed(disruptionFraction * 100, 1)}%)`;
}

function planText({ candidates, replacements }: Plan, candidate: Candidate): string {
  const decision = replacements.length > 0 ? "replace" : "delete";
  if (candidates.length > 1) return `${decision}: [${candidate.name}] (part of ${candidates.length}-node consolidation)`;
  return replacements.length > 0 ? `${decision}: [${candidate.name}] -> [${replacements.length} ${replacements.length === 1 ? "replacement" : "replacements"}]` : `${decision}: [${candidate.name}]`;
}
