import { isOwnedByDaemonSet, isTerminal, isTerminating, type Pod, timeText } from "@groupless/api";
import { instantOf } from "../object/timestamp.ts";
import { nodeClaimOf } from "../object/provider-id.ts";
import type { Observed } from "../observed.ts";
import { idle, isManaged, type Outcome, type PassOptions } from "../outcome.ts";

/** Pod events that come closer together count as one, in milliseconds. */
export const POD_EVENT_DEDUPE_MS = 10_000;

/** Is this change of a pod one that resets consolidateAfter: bound, terminal or terminating for the first time, or seen for the first time? */
export function isPodEvent(before: Pod | undefined, after: Pod): boolean {
  const isBound = (after.spec.nodeName ?? "") !== "";
  if (!isBound) return false;
  if (before === undefined) return true;
  return (before.spec.nodeName ?? "") === "" || (!isTerminal(before) && isTerminal(after)) || (!isTerminating(before) && isTerminating(after));
}

/** Notes on the claim of the pod's node when a pod last came or went; daemons do not count (Karpenter pkg/controllers/nodeclaim/podevents). */
export function stampPodEvent(observed: Observed, pod: Pod, options: PassOptions): Outcome {
  const node = observed.nodes.find(({ metadata }) => metadata.name === pod.spec.nodeName);
  if (node === undefined || isOwnedByDaemonSet(pod)) return idle;
  const nodeClaim = nodeClaimOf(observed, node);
  if (nodeClaim === undefined || !isManaged(nodeClaim, options)) return idle;
  const last = instantOf(nodeClaim.status?.lastPodEventTime);
  if (last !== undefined && options.nowMs - last < POD_EVENT_DEDUPE_MS) return idle;
  const status = Object.assign({}, nodeClaim.status, { lastPodEventTime: timeText(options.nowMs) });
  return { actions: [{ type: "update", object: Object.assign({}, nodeClaim, { status }) }], reasons: [] };
}
