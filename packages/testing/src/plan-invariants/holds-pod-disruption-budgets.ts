import { nameOf, type Pod, type PodDisruptionBudget } from "@groupless/api";
import { ofKind } from "../final-state/final-state.ts";
import { selects, tolerates } from "../final-state/selectors.ts";
import { endsByForce, nodeIn, type PlanInvariant } from "./plan.ts";

const DISRUPTED = { key: "karpenter.sh/disrupted", effect: "NoSchedule" as const };

/** No node goes with a pod that its PodDisruptionBudget does not let go now, or that several of them select: the eviction API refuses those. */
export const holdsPodDisruptionBudgets: PlanInvariant = {
  name: "holdsPodDisruptionBudgets",
  check: ({ before, commands }) => {
    const budgets = ofKind(before, "PodDisruptionBudget");
    return commands.flatMap((command) =>
      command.sourceNodes
        .map((name) => nodeIn(before, name))
        .filter((node) => !endsByForce(node, command))
        .flatMap((node) =>
          node.pods.filter(isEvicted).flatMap((pod) => {
            const mine = budgets.filter((budget) => (budget.metadata.namespace ?? "default") === (pod.metadata.namespace ?? "default") && selects(budget.spec.selector, pod.metadata.labels ?? {}));
            const kept = mine.length > 1 || mine.some((budget) => (budget.status?.disruptionsAllowed ?? 0) === 0 && !letsUnhealthyGo(budget, pod));
            return kept ? [{ pod: nameOf(pod), node: node.name, message: `may not be evicted: ${mine.map(nameOf).join(", ")}` }] : [];
          }),
        ),
    );
  },
};

function isEvicted(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp === undefined && !(pod.metadata.ownerReferences ?? []).some(({ kind }) => kind === "Node") && !tolerates(pod.spec.tolerations, DISRUPTED);
}

function letsUnhealthyGo({ spec }: PodDisruptionBudget, pod: Pod): boolean {
  return spec.unhealthyPodEvictionPolicy === "AlwaysAllow" && pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "False") === true;
}
