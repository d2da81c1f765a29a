import type { ClaimState } from "../claim-state.ts";
import { idle, type Outcome } from "../outcome.ts";
import { isDue } from "./due.ts";

/** How often the termination of a stray instance is asked for, in milliseconds. */
const ASK_AGAIN_MS = 30_000;

/** Terminates the instances that were launched for the claim beside its own, or whose claim is gone, until the provider says that they are. */
export function endStrays(state: ClaimState, nowMs: number): { readonly state: ClaimState; readonly outcome: Outcome } {
  const strays = Object.entries(state.strays);
  if (strays.length === 0) return { state, outcome: idle };
  const due = strays.filter(([, { askedMs }]) => isDue(nowMs, askedMs, ASK_AGAIN_MS)).map(([providerID]) => providerID);
  return {
    state: due.length === 0 ? state : { ...state, strays: { ...state.strays, ...Object.fromEntries(due.map((providerID) => [providerID, { askedMs: nowMs }])) } },
    outcome: { actions: due.map((providerID) => ({ type: "terminate", nodeClaim: state.nodeClaim, providerID })), reasons: [], requeueAfterMs: ASK_AGAIN_MS },
  };
}
