import type { Prepared } from "@groupless/bin-packer";
import type { Candidate } from "../candidates/candidate.ts";
import { clusterView } from "../cluster/cluster-view.ts";
import type { DisruptionEvent } from "../events/disruption-event.ts";
import type { Method } from "../methods/method.ts";
import type { Proposal, ValidationFailure } from "../methods/proposal.ts";
import { budgeted } from "../methods/budgeted.ts";
import { totalPrice } from "../replacement/savings.ts";
import { NoNodePoolsError, simulate } from "../simulation/simulate.ts";
import { candidateList } from "./candidate-list.ts";
import { priceList } from "../replacement/launch-prices.ts";
import { budgetsLeft, knownLabels, type PassOptions } from "./method-report.ts";

type Validated = { readonly proposal: Proposal } | { readonly failure: ValidationFailure };

/**
 * Whether a proposal still holds in the cluster as it is by now. Prices are not looked at again.
 *
 * @throws NoNodePoolsError if no dynamic pool is ready any more
 */
export function validated(proposal: Proposal, method: Method, prepared: Prepared, options: PassOptions, report: (event: DisruptionEvent) => void): Validated {
  const view = clusterView(prepared);
  const queued = new Set(options.queued);
  const wanted = new Set(proposal.candidates.map(({ name }) => name));
  const { taken } = candidateList(method, prepared, view, { queued, report });
  const current = taken.filter(({ name }) => wanted.has(name));
  if (current.length === 0 || (proposal.validation === "all" && current.length !== wanted.size)) return { failure: "churn" };
  const allowed = budgeted(current, budgetsLeft(method, prepared, view, report));
  if (proposal.validation === "survivors") {
    return allowed.length === 0 ? { failure: "budget" } : { proposal: { ...proposal, candidates: allowed, estimatedSavings: totalPrice(allowed) } };
  }
  if (allowed.length !== current.length) return { failure: "budget" };
  return samePlan(proposal, method, current, prepared, report) ? { proposal } : { failure: "scheduling" };
}

// The same number of replacements (one at most), and nothing among the types chosen that would not do any more.
function samePlan({ replacements, existingNodes }: Proposal, method: Method, candidates: readonly Candidate[], prepared: Prepared, report: (event: DisruptionEvent) => void): boolean {
  const simulation = simulated(candidates, method.saysWherePodsGo === true ? existingNodes : undefined, prepared, report);
  if (simulation.podErrors.length > 0) return false;
  const [claim, ...more] = simulation.newNodeClaims;
  const [replacement] = replacements;
  if (claim === undefined || more.length > 0 || replacement === undefined) return claim === undefined && replacement === undefined;
  const options = new Set(claim.instanceTypes);
  return replacement.instanceTypes.every((name) => options.has(name));
}

function simulated(candidates: readonly Candidate[], placements: Proposal["existingNodes"] | undefined, prepared: Prepared, report: (event: DisruptionEvent) => void): ReturnType<typeof simulate> {
  try {
    return simulate(prepared, clusterView(prepared), candidates, { consolidation: true, prices: priceList(knownLabels(prepared)), report, ...(placements === undefined ? {} : { placements }) });
  } catch (error) {
    // Karpenter's own spelling: what reads its logs looks for it.
    if (error instanceof NoNodePoolsError) error.message = `validating consolidation, simluating scheduling, ${error.message}`;
    throw error;
  }
}
