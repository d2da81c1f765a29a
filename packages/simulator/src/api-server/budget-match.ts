import type { LabelSelector, Labels, Pod, PodDisruptionBudget } from "@groupless/api";
import type { ApiServer } from "./api-server.ts";

/** The budgets of the pod's namespace whose selector picks it. */
export function budgetsOf(server: Pick<ApiServer, "list">, pod: Pod): readonly PodDisruptionBudget[] {
  return server.list("PodDisruptionBudget").filter((budget) => covers(budget, pod));
}

/** Does the budget count this pod? */
export function covers(budget: PodDisruptionBudget, pod: Pod): boolean {
  return budget.metadata.namespace === pod.metadata.namespace && budget.spec.selector !== undefined && selects(budget.spec.selector, pod.metadata.labels ?? {});
}

/** Does a label selector pick these labels? (Kubernetes apimachinery labels.Requirement.Matches.) */
export function selects(selector: LabelSelector, labels: Labels): boolean {
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) if (labels[key] !== value) return false;
  return (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    const value = labels[key];
    switch (operator) {
      case "In":
        return value !== undefined && values.includes(value);
      case "NotIn":
        return value === undefined || !values.includes(value);
      case "Exists":
        return value !== undefined;
      case "DoesNotExist":
        return value === undefined;
    }
  });
}
