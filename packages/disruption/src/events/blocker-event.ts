import { NODE_POOL_LABEL } from "@groupless/api";
import type { Blocker } from "../blockers/blocker.ts";

/** What Karpenter's event about a blocker says, and under which reason; undefined where it says nothing. */
export function blockerEvent(blocker: Blocker): { readonly reason: "DisruptionBlocked" | "Unconsolidatable"; readonly message: string } | undefined {
  const blocked = (message: string): { reason: "DisruptionBlocked"; message: string } => ({ reason: "DisruptionBlocked", message });
  const unconsolidatable = (message: string): { reason: "Unconsolidatable"; message: string } => ({ reason: "Unconsolidatable", message });
  switch (blocker.code) {
    case "no-node":
      return blocked("Nodeclaim does not have an associated node");
    case "not-initialized":
      return blocked("Node isn't initialized");
    case "deleting":
      return blocked("Node is deleting or marked for deletion");
    case "nominated":
      return blocked("Node is nominated for a pending pod");
    case "node-do-not-disrupt":
      return blocked('Disruption is blocked through the "karpenter.sh/do-not-disrupt" annotation');
    case "missing-label":
      return blocker.label === NODE_POOL_LABEL ? blocked(`Node doesn't have required label (label=${blocker.label})`) : unconsolidatable(`Node does not have label "${blocker.label}"`);
    case "node-pool-not-found":
      return blocked(`NodePool not found (NodePool=${blocker.nodePool})`);
    case "pod-do-not-disrupt":
      return blocked(`Pod has "karpenter.sh/do-not-disrupt" annotation (Pod=${blocker.pod})`);
    case "pod-disruption-budget":
      return blocked(`Pdb prevents pod evictions (PodDisruptionBudget=[${blocker.podDisruptionBudgets.join(" ")}])`);
    case "multiple-pod-disruption-budgets":
      return blocked(`Eviction does not support multiple PDBs (PodDisruptionBudget(s)=[${blocker.podDisruptionBudgets.join(" ")}])`);
    case "instance-type-not-found":
      return unconsolidatable(`Instance Type "${blocker.instanceType}" not found`);
    case "consolidation-disabled":
      return unconsolidatable(`NodePool "${blocker.nodePool}" has consolidation disabled`);
    case "buffer-pods":
      return unconsolidatable(`Node "${blocker.node}" has buffer pods`);
    case "consolidation-policy":
      return unconsolidatable(`NodePool "${blocker.nodePool}" has consolidation policy ${blocker.policy}, but node is not empty`);
    case "pods-would-not-schedule":
      return unconsolidatable(unscheduledText(blocker.podErrors));
    case "many-replacements":
      return unconsolidatable(`Can't remove without creating ${blocker.count} candidates`);
    case "not-cheaper":
      return unconsolidatable("Can't replace with a cheaper node");
    case "min-values":
      return unconsolidatable(`Filtering by price: minValues requirement is not met for label(s) (label(s)=[${blocker.labels.join(" ")}])`);
    case "spot-to-spot-disabled":
      return unconsolidatable("SpotToSpotConsolidation is disabled, can't replace a spot node with a spot node");
    case "spot-flexibility":
      return unconsolidatable(`SpotToSpotConsolidation requires ${blocker.needed} cheaper instance type options than the current candidate to consolidate, got ${blocker.got}`);
    default:
      return undefined;
  }
}

const MOST_ERRORS = 5;

/** Karpenter's list of at most five pods that would have no place, each with its error. */
export function unscheduledText(podErrors: readonly { readonly pod: string; readonly message: string }[]): string {
  const listed = podErrors.slice(0, MOST_ERRORS).map(({ pod, message }) => `${pod} => ${message} `);
  const more = podErrors.length >= MOST_ERRORS ? ` and ${podErrors.length - MOST_ERRORS} other(s)` : "";
  return `Not all pods would schedule, ${listed.join("")}${more}`;
}
