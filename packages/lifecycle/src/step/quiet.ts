import type { ClaimState, Quiet } from "../claim-state.ts";
import type { LifecycleEvent } from "../event.ts";
import { isDeleting } from "../object/metadata.ts";
import { claimOf, type Folded } from "./fold.ts";

/** The span that a look at everything opens. */
export function quietSince(fromMs: number, untilMs: number | undefined): Quiet {
  return untilMs === undefined ? { fromMs } : { fromMs, untilMs };
}

/**
 * Is all said with the event taken in? Pods come and go far more often than anything else, and unless the claim or its node is going
 * none of the controllers looks at them: only the time of the last such event counts, and that is written by taking it in.
 */
export function isQuietPod({ state, actions }: Folded, event: LifecycleEvent, nowMs: number): boolean {
  const isPod = (event.type === "observed" && event.object.kind === "Pod") || (event.type === "removed" && event.kind === "Pod");
  return isPod && actions.length === 0 && isWithin(state.quiet, nowMs) && !isGoing(state);
}

function isWithin(quiet: Quiet | undefined, nowMs: number): boolean {
  return quiet !== undefined && nowMs >= quiet.fromMs && (quiet.untilMs === undefined || nowMs < quiet.untilMs);
}

function isGoing(state: ClaimState): boolean {
  const nodeClaim = claimOf(state);
  return nodeClaim === undefined || isDeleting(nodeClaim) || state.observed.nodes.some(isDeleting) || Object.keys(state.strays).length > 0 || Object.keys(state.evictions).length > 0;
}
