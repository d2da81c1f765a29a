import type { ClaimState } from "../claim-state.ts";

/**
 * The state with fields that it may not have had. Not by spreading: V8 gives each `{ ...state, added }` a hidden class of its own,
 * and every copy of it, and whoever reads one, pays for that.
 */
export function withField(state: ClaimState, fields: Partial<ClaimState>): ClaimState {
  return Object.assign({}, state, fields);
}
