import type { ClaimState, Quiet } from "../claim-state.ts";
import type { LifecycleEvent } from "../event.ts";
import { isDeleting } from "../object/metadata.ts";
import { sooner } from "../outcome.ts";
import { claimOf, type Folded } from "./fold.ts";

/** The span that a look at everything opens. */
export function quietSince(fromMs: number, untilMs: number | undefined): Quiet {
  return untilMs === undefined ? { fromMs } : { fromMs, untilMs };
}

/**
 * Does the event concern nothing but when a pod last came or went? Pods come and go far more often than anything else, and unless the claim or its node is going
 * none of the controllers looks at them: only the time of the last such event counts, and of all conditions only Consolidatable hangs on it.
 */
export function isQuietPod(before: ClaimState, { state, actions }: Folded, event: LifecycleEvent, nowMs: number): boolean {
  const isPod = (event.type === "observed" && event.object.kind === "Pod") || (event.type === "removed" && event.kind === "Pod");
  return isPod && isWithin(before.quiet, nowMs) && !isGoing(state) && actions.every((action) => action.type === "update" && action.object.kind === "NodeClaim");
}

/** The span after a quiet event: what fell due at some time still does, or something new before it. */
export function quietStill({ quiet }: ClaimState, nowMs: number, requeueAfterMs: number | undefined): Quiet {
  return quietSince(quiet?.fromMs ?? nowMs, sooner(quiet?.untilMs, requeueAfterMs === undefined ? undefined : nowMs + requeueAfterMs));
}

function isWithin(quiet: Quiet | undefined, nowMs: number): boolean {
  return quiet !== undefined && nowMs >= quiet.fromMs && (quiet.untilMs === undefined || nowMs < quiet.untilMs);
}

function isGoing(state: ClaimState): boolean {
  const nodeClaim = claimOf(state);
  return nodeClaim === undefined || isDeleting(nodeClaim) || state.observed.nodes.some(isDeleting) || !isEmpty(state.strays) || !isEmpty(state.evictions);
}

function isEmpty(record: object): boolean {
  for (const _ in record) return false;
  return true;
}
