import type { Blocker } from "../blockers/blocker.ts";
import { bySavingsRatio, isEmpty } from "../candidates/candidate.ts";
import { nameOf } from "@groupless/api";
import { conditionIsTrue } from "../cluster/node-record.ts";
import { totalPrice } from "../replacement/savings.ts";
import { askedOnce } from "./asked-once.ts";
import { budgeted } from "./budgeted.ts";
import type { Method } from "./method.ts";
import { notConsolidatable } from "./not-consolidatable.ts";

/** Deletes all nodes at once whose pods cost nothing to evict, as far as budgets let them go. Nothing is simulated. */
export const emptiness: Method = {
  name: "Emptiness",
  reason: "Empty",
  disruptionClass: "graceful",
  usesTotals: true,
  filter: /* @__PURE__ */ askedOnce((candidate, { prepared }) => {
    const { nodePool, record } = candidate;
    const { name } = nodePool.metadata;
    const no = { canResolve: false };
    if (nodePool.spec.replicas !== undefined) return [{ code: "static-node-pool", nodePool: name, ...no }];
    const blockers: Blocker[] = [];
    const { consolidateAfter } = nodePool.spec.disruption;
    if (consolidateAfter === "Never" || consolidateAfter === undefined) blockers.push({ code: "consolidation-disabled", nodePool: name, ...no });
    const count = prepared.cluster.bufferPods?.[record.providerID] ?? 0;
    if (count > 0) blockers.push({ code: "buffer-pods", node: candidate.name, count, canResolve: true });
    if (!isEmpty(candidate, prepared.profile)) blockers.push({ code: "not-empty", pods: candidate.reschedulablePods.map(nameOf), disruptionCost: candidate.disruptionCost, canResolve: true });
    if (!conditionIsTrue(candidate.nodeClaim, "Consolidatable")) blockers.push(notConsolidatable(candidate, prepared.nowMs));
    return blockers;
  }),
  settles: ({ candidates, budgets }) => budgeted(candidates, budgets).length === candidates.length,
  commands: ({ prepared, candidates, budgets }) => {
    const empty = budgeted(bySavingsRatio(candidates.filter((candidate) => isEmpty(candidate, prepared.profile))), budgets);
    return empty.length === 0 ? [] : [{ candidates: empty, replacements: [], existingNodes: [], estimatedSavings: totalPrice(empty), validation: "survivors" }];
  },
};
