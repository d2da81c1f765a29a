import { timeMs } from "@groupless/api";
import { byPoolAndName, type Candidate } from "../candidates/candidate.ts";
import { conditionIsTrue } from "../cluster/node-record.ts";
import { unscheduledText } from "../events/blocker-event.ts";
import { nodeEvents } from "../events/consolidation-events.ts";
import { estimatedSavings } from "../replacement/savings.ts";
import { askedOnce } from "./asked-once.ts";
import type { Method } from "./method.ts";

/** Replaces the node that drifted first, whatever its replacements cost; nodes without pods to move come before all others. */
export const drift: Method = {
  name: "Drift",
  reason: "Drifted",
  disruptionClass: "eventual",
  filter: /* @__PURE__ */ askedOnce(({ nodePool, nodeClaim }) => {
    if (nodePool.spec.replicas !== undefined) return [{ code: "static-node-pool", nodePool: nodePool.metadata.name, canResolve: false }];
    return conditionIsTrue(nodeClaim, "Drifted") ? [] : [{ code: "not-drifted", canResolve: false }];
  }),
  commands: (turn) => {
    const oldest = [...turn.candidates].sort((a, b) => driftedAtMs(a) - driftedAtMs(b) || byPoolAndName(a, b));
    const without = (pods: boolean): readonly Candidate[] => oldest.filter(({ reschedulablePods }) => reschedulablePods.length > 0 === pods);
    for (const candidate of [...without(false), ...without(true)]) {
      if ((turn.budgets[candidate.nodePool.metadata.name] ?? 0) === 0) continue;
      const { podErrors, newNodeClaims, existingNodes } = turn.simulate([candidate]);
      if (podErrors.length > 0) {
        nodeEvents(candidate, "DisruptionBlocked", unscheduledText(podErrors)).forEach(turn.report);
        continue;
      }
      return [{ candidates: [candidate], replacements: newNodeClaims, existingNodes, estimatedSavings: estimatedSavings([candidate], newNodeClaims, turn.view, turn.prices) }];
    }
    return [];
  },
  blockers: (candidate, turn) => {
    const { podErrors } = turn.simulate([candidate]);
    return podErrors.length === 0 ? [] : [{ code: "pods-would-not-schedule", canResolve: true, podErrors }];
  },
};

function driftedAtMs({ nodeClaim }: Candidate): number {
  const since = nodeClaim.status?.conditions?.find(({ type }) => type === "Drifted")?.lastTransitionTime;
  return since === undefined ? 0 : timeMs(since);
}
