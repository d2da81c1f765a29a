import { HOSTNAME_LABEL, type LabelSelector, matchesSelector, selectorProblem } from "@groupless/api";
import type { LabelClass, PodClass } from "../demand/pod-class.ts";

/** How many pods of a class one node may hold by their own rules on hosts. */
export interface HostLimit {
  readonly pods: number;
  /** Whatever else is on other nodes: a bound may count on it. */
  readonly always: boolean;
}

/**
 * The limit that pods of a class set each other: one a node where required anti-affinity on hosts selects themselves; `maxSkew` where a
 * required spread over hosts does, since a node that could still be launched is empty. Limits between classes are left to those who place.
 */
export function hostLimit({ constraints, labels }: PodClass): HostLimit | undefined {
  for (const { topologyKey, labelSelector, namespaces = [], namespaceSelector, mismatchLabelKeys = [] } of constraints.antiAffinity) {
    if (topologyKey !== HOSTNAME_LABEL || mismatchLabelKeys.length > 0) continue;
    const own = namespaces.length === 0 ? namespaceSelector === undefined : namespaces.includes(labels.namespace);
    if (own && selects(labelSelector, labels)) return { pods: 1, always: true };
  }
  let pods = Infinity;
  for (const { topologyKey, whenUnsatisfiable, maxSkew, labelSelector } of constraints.spreads) {
    if (topologyKey === HOSTNAME_LABEL && whenUnsatisfiable === "DoNotSchedule" && selects(labelSelector, labels)) pods = Math.min(pods, maxSkew);
  }
  return pods === Infinity ? undefined : { pods, always: false };
}

function selects(selector: LabelSelector | undefined, { labels }: LabelClass): boolean {
  return selectorProblem(selector) === undefined && matchesSelector(selector, labels);
}
