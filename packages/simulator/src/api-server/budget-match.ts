import { matchesSelector, type Pod, type PodDisruptionBudget } from "@groupless/api";

/** Does the budget count this pod? */
export function covers(budget: PodDisruptionBudget, pod: Pod): boolean {
  return budget.metadata.namespace === pod.metadata.namespace && matchesSelector(budget.spec.selector, pod.metadata.labels);
}
