import type { Action } from "../action.ts";
import { conditionOf, isTrue } from "../object/condition.ts";
import { isDeleting } from "../object/metadata.ts";
import { nodeOf } from "../object/provider-id.ts";
import type { Observed } from "../observed.ts";
import { isManaged, type Outcome, type PassOptions } from "../outcome.ts";

/** Instances are compared with claims that often, in milliseconds. */
export const GARBAGE_COLLECTION_MS = 120_000;

/**
 * Deletes registered claims whose instance the provider no longer lists. A node that is still Ready proves the list wrong; unregistered claims are left to their time limit
 * (Karpenter pkg/controllers/nodeclaim/garbagecollection).
 *
 * @param instances the provider's instances; those that are terminating count as gone
 */
export function collectGarbage(observed: Observed, instances: readonly { readonly providerID: string; readonly terminating?: boolean }[], options: PassOptions): Outcome {
  const running = new Set(instances.filter(({ terminating }) => terminating !== true).map(({ providerID }) => providerID));
  const actions: readonly Action[] = observed.nodeClaims
    .filter((nodeClaim) => isManaged(nodeClaim, options) && isTrue(nodeClaim, "Registered") && !isDeleting(nodeClaim) && !running.has(nodeClaim.status?.providerID ?? ""))
    .filter((nodeClaim) => conditionOf(nodeOf(observed, nodeClaim), "Ready")?.status !== "True")
    .map(({ metadata }) => metadata.name)
    .toSorted()
    .map((name) => ({ type: "delete", kind: "NodeClaim", name }));
  return { actions, reasons: [], requeueAfterMs: GARBAGE_COLLECTION_MS };
}
