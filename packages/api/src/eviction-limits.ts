import { isDoNotDisruptActive } from "./do-not-disrupt.ts";
import { nameOf } from "./kube-object.ts";
import { matchesSelector, selectorProblem } from "./label-selector.ts";
import type { Pod } from "./pod.ts";
import type { PodDisruptionBudget } from "./pod-disruption-budget.ts";
import { isActive, isEvictable, isReschedulable } from "./pod-state.ts";

/** Whether budgets let a pod go, and the budgets (`namespace/name`) that do not. */
export interface EvictionVerdict {
  readonly evictable: boolean;
  readonly blocking: readonly string[];
}

const FREE: EvictionVerdict = { evictable: true, blocking: [] };

/** The budgets that cover a pod: same namespace, selector matches. Sorted by name. */
export function budgetsOf(pod: Pod, budgets: readonly PodDisruptionBudget[]): readonly PodDisruptionBudget[] {
  return budgets
    .filter((budget) => budget.metadata.namespace === pod.metadata.namespace && matchesSelector(budget.spec.selector, pod.metadata.labels))
    .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

/**
 * Could the pod be evicted now, by what its PodDisruptionBudgets' status allows? Pods that nobody would evict (see `isEvictable`) are never blocked;
 * a pod under two budgets always is, since the eviction API refuses those; `AlwaysAllow` lets pods go that are not ready.
 *
 * @throws InputError `invalid-selector` if any budget's selector is invalid
 */
export function canEvict(pod: Pod, budgets: readonly PodDisruptionBudget[], nowMs: number): EvictionVerdict {
  return verdict(pod, budgets, nowMs, ({ status }) => (status?.disruptionsAllowed ?? 0) === 0);
}

/** Could each of the pods be evicted now, one at a time? The first that could not decides. */
export function canEvictAll(pods: readonly Pod[], budgets: readonly PodDisruptionBudget[], nowMs: number): EvictionVerdict {
  return pods.map((pod) => canEvict(pod, budgets, nowMs)).find(({ evictable }) => !evictable) ?? FREE;
}

/**
 * Does a pod of a node that goes away need room elsewhere already now? Not while its annotation or a budget that never allows anything keeps it where it is.
 *
 * @throws InputError `invalid-selector` if any budget's selector is invalid
 */
export function isCurrentlyReschedulable(pod: Pod, budgets: readonly PodDisruptionBudget[], nowMs: number): boolean {
  return isReschedulable(pod) && !(isActive(pod) && isDoNotDisruptActive(pod, nowMs)) && verdict(pod, budgets, nowMs, isFullyBlocking).evictable;
}

/** A budget that can never allow a disruption: maxUnavailable 0 or 0%, minAvailable 100% (the texts count, not the numbers they mean). */
export function isFullyBlocking({ spec }: PodDisruptionBudget): boolean {
  return spec.maxUnavailable === 0 || spec.maxUnavailable === "0%" || spec.minAvailable === "100%";
}

function verdict(pod: Pod, budgets: readonly PodDisruptionBudget[], nowMs: number, blocks: (budget: PodDisruptionBudget) => boolean): EvictionVerdict {
  for (const { spec } of budgets) {
    const problem = selectorProblem(spec.selector);
    if (problem !== undefined) throw problem;
  }
  if (!isEvictable(pod, nowMs)) return FREE;
  const covering = budgetsOf(pod, budgets);
  if (covering.length > 1) return { evictable: false, blocking: covering.map(nameOf) };
  const [budget] = covering;
  if (budget === undefined) return FREE;
  const unready = pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "False") ?? false;
  if (budget.spec.unhealthyPodEvictionPolicy === "AlwaysAllow" && unready) return FREE;
  return blocks(budget) ? { evictable: false, blocking: [nameOf(budget)] } : FREE;
}
