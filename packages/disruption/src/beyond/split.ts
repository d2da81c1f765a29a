import { INSTANCE_TYPE_LABEL } from "@groupless/api";
import { whatIf } from "@groupless/bin-packer";
import { fromNodePool, toSelectorRequirementList } from "@groupless/requirements/karpenter";
import { askedOnce } from "../methods/asked-once.ts";
import { bySavingsRatio, type Candidate } from "../candidates/candidate.ts";
import { consolidationFilter } from "../methods/consolidation.ts";
import { type ConsolidationOptions, savingsBlockers, utilizationBlockers } from "../methods/consolidation-options.ts";
import type { Method } from "../methods/method.ts";
import type { Proposal } from "../methods/proposal.ts";
import type { Turn } from "../methods/turn.ts";
import { estimatedSavings } from "../replacement/savings.ts";
import { cheaperTogether } from "./cheaper-together.ts";

/** How far splitting may go. */
export interface SplitOptions extends ConsolidationOptions {
  /** At most so many nodes in place of one. Default 4. */
  readonly maxReplacements?: number;
}

/**
 * Replaces one large node by several small ones that cost less together, whichever of their types is launched (aws#5304). Karpenter never
 * turns one node into several.
 */
export function splitConsolidation(options: SplitOptions = {}): Method {
  return {
    name: options.name ?? "SplitConsolidation",
    reason: "Underutilized",
    disruptionClass: "graceful",
    filter: askedOnce((candidate, turn) => [...consolidationFilter(candidate, turn), ...utilizationBlockers(candidate, options)]),
    settles: ({ candidates, budgets }) => candidates.every(({ nodePool }) => (budgets[nodePool.metadata.name] ?? 0) > 0),
    commands: (turn) => {
      for (const candidate of bySavingsRatio(turn.candidates)) {
        if ((turn.budgets[candidate.nodePool.metadata.name] ?? 0) === 0) continue;
        const proposal = split(candidate, turn, options.maxReplacements ?? 4);
        if (proposal !== undefined && savingsBlockers(proposal.estimatedSavings, options).length === 0) return [proposal];
      }
      return [];
    },
  };
}

function split(candidate: Candidate, turn: Turn, maxReplacements: number): Proposal | undefined {
  if (turn.simulate([candidate], { consolidation: true }).podErrors.length > 0) return undefined;
  // With only types below an n-th of its price to choose from, up to n nodes are cheaper than the one.
  for (let parts = 2; parts <= maxReplacements; parts++) {
    const dear = typesFrom(candidate, candidate.price / parts, turn);
    const change = { removeNodes: [candidate.name], unavailable: [{ requirements: [{ key: INSTANCE_TYPE_LABEL, operator: "In" as const, values: dear }] }] };
    const { newNodeClaims, podErrors, existingNodes } = whatIf(turn.prepared, change, { purpose: "disruption" });
    if (podErrors.some(({ pod }) => (turn.view.podOf.get(pod)?.spec.nodeName ?? "") !== "")) return undefined;
    if (newNodeClaims.length < 2 || newNodeClaims.length > maxReplacements) continue;
    const replacements = cheaperTogether(newNodeClaims, candidate.price, turn);
    if (replacements !== undefined) return { candidates: [candidate], replacements, existingNodes, estimatedSavings: estimatedSavings([candidate], replacements, turn.view, turn.prices) };
  }
  return undefined;
}

// Names of the pool's types that may cost that much or more.
function typesFrom({ nodePool }: Candidate, limitUsdPerHour: number, { view, prices, labels }: Turn): readonly string[] {
  const requirements = toSelectorRequirementList(fromNodePool(nodePool, labels.tables));
  const types = [...(view.instanceTypes(nodePool.metadata.name)?.values() ?? [])];
  return types.filter((type) => (prices.prices(type, requirements).worst ?? Infinity) >= limitUsdPerHour).map(({ name }) => name);
}
