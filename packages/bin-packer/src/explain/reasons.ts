import type { PodEntry } from "../demand/pod-class.ts";
import { classOf, type Failure } from "../place/failure.ts";
import type { Snapshot } from "../prepare/snapshot.ts";
import type { SchedulingReason } from "../reason.ts";

/** The reasons of a pod without a place, one a pool tried. */
export function reasonsOf(_snapshot: Snapshot, _pod: PodEntry, failures: readonly Failure[]): { readonly reasons: readonly SchedulingReason[]; readonly message: string } {
  const reasons = failures.map((failure): SchedulingReason => ({ code: classOf(failure), canResolve: failure.kind === "reserved-capacity" || failure.kind === "topology", ...("template" in failure ? { nodePool: failure.template.name } : {}) }));
  return { reasons, message: reasons.map((reason) => reason.code).join("; ") };
}
