import type { ClaimState, Quiet } from "../claim-state.ts";
import type { LifecycleEvent } from "../event.ts";
import { isDeleting } from "../object/metadata.ts";
import { claimOf, type Folded } from "./fold.ts";

/**
 * Is there nothing new in the event but the time, or when a pod last came or went? Pods come and go far more often than anything else, and unless the claim or its
 * node is going none of the controllers looks at them: of all conditions only Consolidatable hangs on the time of the last such event.
 */
export function isQuiet({ quiet }: ClaimState, { state, actions, reasons }: Folded, event: LifecycleEvent, nowMs: number): boolean {
  const isSmall = event.type === "tick" || (event.type === "observed" && event.object.kind === "Pod") || (event.type === "removed" && event.kind === "Pod");
  return isSmall && quiet !== undefined && nowMs >= quiet.fromMs && reasons.length === 0 && !isGoing(state) && actions.every((action) => action.type === "update" && action.object.kind === "NodeClaim");
}

/** How long until the first of them falls due; undefined: for ever. */
export function waitMs(quiet: Quiet | undefined, nowMs: number): number | undefined {
  let first: number | undefined;
  for (const due of quiet?.dueMs ?? []) if (due !== null && (first === undefined || due < first)) first = due;
  return first === undefined ? undefined : Math.max(0, first - nowMs);
}

function isGoing(state: ClaimState): boolean {
  const nodeClaim = claimOf(state);
  return nodeClaim === undefined || isDeleting(nodeClaim) || state.observed.nodes.some(isDeleting) || !isEmpty(state.strays) || !isEmpty(state.evictions);
}

function isEmpty(record: object): boolean {
  for (const _ in record) return false;
  return true;
}
