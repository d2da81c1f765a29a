import { whatIf } from "@groupless/bin-packer";
import { askedOnce } from "../methods/asked-once.ts";
import { bySavingsRatio, type Candidate } from "../candidates/candidate.ts";
import { budgeted } from "../methods/budgeted.ts";
import { consolidationFilter } from "../methods/consolidation.ts";
import { type ConsolidationOptions, savingsBlockers, utilizationBlockers } from "../methods/consolidation-options.ts";
import type { Method } from "../methods/method.ts";
import type { Proposal } from "../methods/proposal.ts";
import type { Turn } from "../methods/turn.ts";
import { estimatedSavings, totalPrice } from "../replacement/savings.ts";
import { cheaperTogether } from "./cheaper-together.ts";

/** How much regrouping may change at once. */
export interface RegroupOptions extends ConsolidationOptions {
  /** At most so many nodes in one go. Default 100. */
  readonly maxNodes?: number;
  /** At least this share of their price must be saved, 0 to 1. Default 0.05. */
  readonly minSavingsShare?: number;
}

/**
 * Replaces many nodes by other, cheaper ones, as few or many as the packer's cheapest plan takes. Karpenter replaces groups by one node at most,
 * and stays where no single node would do; here every pod moves once.
 *
 * If the whole group would not save enough, half of it is tried, the half with the better savings ratios.
 */
export function regroupConsolidation(options: RegroupOptions = {}): Method {
  return {
    name: options.name ?? "RegroupConsolidation",
    reason: "Underutilized",
    disruptionClass: "graceful",
    filter: askedOnce((candidate, turn) => [...consolidationFilter(candidate, turn), ...utilizationBlockers(candidate, options)]),
    settles: ({ candidates, budgets }) => budgeted(candidates, budgets).length === candidates.length,
    commands: (turn) => {
      let group = budgeted(bySavingsRatio(turn.candidates), turn.budgets).slice(0, options.maxNodes ?? 100);
      for (; group.length > 1; group = group.slice(0, Math.floor(group.length / 2))) {
        const proposal = regroup(group, turn, options.minSavingsShare ?? 0.05);
        if (proposal !== undefined && savingsBlockers(proposal.estimatedSavings, options).length === 0) return [proposal];
      }
      return [];
    },
  };
}

function regroup(group: readonly Candidate[], turn: Turn, minShare: number): Proposal | undefined {
  const { newNodeClaims, podErrors, existingNodes } = whatIf(turn.prepared, { removeNodes: group.map(({ name }) => name) }, { purpose: "disruption", objective: "cheapest" });
  if (podErrors.some(({ pod }) => (turn.view.podOf.get(pod)?.spec.nodeName ?? "") !== "")) return undefined;
  const limit = totalPrice(group) * (1 - minShare);
  const replacements = newNodeClaims.length === 0 ? [] : cheaperTogether(newNodeClaims, limit, turn);
  if (replacements === undefined) return undefined;
  return { candidates: group, replacements, existingNodes, estimatedSavings: estimatedSavings(group, replacements, turn.view, turn.prices) };
}
