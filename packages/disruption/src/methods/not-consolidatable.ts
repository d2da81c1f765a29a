import { durationOrNeverMs, InputError, timeMs } from "@groupless/api";
import type { Blocker } from "../blockers/blocker.ts";
import type { Candidate } from "../candidates/candidate.ts";

/** That a claim is not yet marked Consolidatable; with when its quiet time is over, where it tells. */
export function notConsolidatable({ nodeClaim, nodePool }: Candidate, nowMs: number): Blocker {
  const { consolidateAfter } = nodePool.spec.disruption;
  const clearsAtMs = quietUntilMs(nodeClaim, consolidateAfter);
  return { code: "not-consolidatable", canResolve: consolidateAfter !== "Never", consolidateAfter, ...(clearsAtMs === undefined ? {} : { clearsAtMs: Math.max(clearsAtMs, nowMs) }) };
}

function quietUntilMs({ status }: Candidate["nodeClaim"], consolidateAfter: string): number | undefined {
  const initialized = status?.conditions?.find(({ type, status: value }) => type === "Initialized" && value === "True");
  const since = initialized === undefined ? undefined : (status?.lastPodEventTime ?? initialized.lastTransitionTime);
  try {
    const quietMs = durationOrNeverMs(consolidateAfter);
    return since === undefined || quietMs === undefined ? undefined : timeMs(since) + quietMs;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
