import { InputError } from "./input-error.ts";
import { matchesSelector } from "./label-selector.ts";
import type { Pod } from "./pod.ts";
import type { PodDisruptionBudget, PodDisruptionBudgetStatus } from "./pod-disruption-budget.ts";
import { isTerminating } from "./pod-state.ts";

/**
 * The status that Kubernetes' disruption controller gives a budget over these pods (Kubernetes docs, "Specifying a Disruption Budget"): healthy are the
 * ready pods that are not being deleted; percentages round up; with neither field set nothing may be disrupted.
 *
 * @param expectedPods how many pods the workloads behind the budget want; the pods there are, if not given
 * @throws InputError `invalid-budget` for a text that is no percentage
 * @example
 * budgetStatus(budget, threeReadyPods).disruptionsAllowed // 1 with minAvailable 2
 */
export function budgetStatus(budget: PodDisruptionBudget, pods: readonly Pod[], expectedPods?: number): PodDisruptionBudgetStatus {
  const covered = pods.filter((pod) => pod.metadata.namespace === budget.metadata.namespace && matchesSelector(budget.spec.selector, pod.metadata.labels) && pod.status?.phase !== "Succeeded" && pod.status?.phase !== "Failed");
  const { minAvailable, maxUnavailable } = budget.spec;
  // A plain minAvailable needs no workload to be a share of.
  const expected = typeof minAvailable === "number" && maxUnavailable === undefined ? covered.length : (expectedPods ?? covered.length);
  const currentHealthy = covered.filter((pod) => !isTerminating(pod) && pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True")).length;
  const desiredHealthy = maxUnavailable !== undefined ? Math.max(0, expected - scaled(maxUnavailable, expected)) : minAvailable !== undefined ? scaled(minAvailable, expected) : expected;
  return { expectedPods: expected, currentHealthy, desiredHealthy, disruptionsAllowed: expected > 0 ? Math.max(0, currentHealthy - desiredHealthy) : 0 };
}

function scaled(value: number | string, total: number): number {
  if (typeof value === "number") return value;
  if (!/^\d{1,9}%$/.test(value)) throw new InputError("invalid-budget", `${JSON.stringify(value.slice(0, 80))}`, { expected: "a count or a percentage such as 50%" });
  return Math.ceil((Number(value.slice(0, -1)) * total) / 100);
}
