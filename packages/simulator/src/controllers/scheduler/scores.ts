import { toleratesTaint } from "@groupless/requirements";
import type { NodeInfo } from "./node-info.ts";
import { nonZeroCpu, nonZeroMemory } from "./node-info.ts";
import type { PodView } from "./filters.ts";
import { matchesTerm } from "./node-selector.ts";
import { picks } from "./pod-affinity.ts";

/**
 * kube-scheduler's default scores that decide between nodes, with their default weights:
 * NodeResourcesFit (LeastAllocated) 1, NodeResourcesBalancedAllocation 1, NodeAffinity 2, InterPodAffinity 2, PodTopologySpread 2, TaintToleration 3.
 *
 * Left out: ImageLocality (no images here) and the spread that applies to pods without constraints of their own.
 */
export function scores(view: PodView, infos: readonly NodeInfo[]): readonly number[] {
  const total = infos.map((info) => leastAllocated(view, info) + balanced(view, info));
  const add = (weight: number, raw: readonly number[], reverse: boolean): void => {
    const max = Math.max(...raw);
    if (max === 0 && !reverse) return;
    raw.forEach((score, index) => {
      const normal = max === 0 ? 100 : Math.floor((100 * score) / max);
      total[index] = (total[index] ?? 0) + weight * (reverse && max !== 0 ? 100 - normal : normal);
    });
  };
  const { pod } = view;
  const preferences = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  if (preferences.length > 0) {
    add(2, infos.map(({ node }) => preferences.reduce((sum, { weight, preference }) => sum + (matchesTerm(preference, node.metadata.labels ?? {}, node.metadata.name) ? weight : 0), 0)), false);
  }
  if (infos.some(({ node }) => node.spec?.taints?.some(({ effect }) => effect === "PreferNoSchedule") === true)) {
    const shunned = infos.map(({ node }) => (node.spec?.taints ?? []).filter((taint) => taint.effect === "PreferNoSchedule" && !(pod.spec.tolerations ?? []).some((toleration) => toleratesTaint(toleration, taint))).length);
    add(3, shunned, true);
  }
  const soft = view.spread.filter(({ constraint }) => constraint.whenUnsatisfiable === "ScheduleAnyway");
  if (soft.length > 0) add(2, infos.map(({ node }) => soft.reduce((sum, { constraint, counts }) => sum + (counts.get(node.metadata.labels?.[constraint.topologyKey] ?? "") ?? 0), 0)), true);
  const between = preferredBetween(view, infos);
  if (between !== undefined) add(2, between, false);
  return total;
}

// The mean over cpu and memory of the share that stays free.
function leastAllocated({ requests }: PodView, { allocatable, nonZero }: NodeInfo): number {
  const free = (capacity: number, requested: number): number => (capacity === 0 || requested > capacity ? 0 : Math.floor(((capacity - requested) * 100) / capacity));
  return Math.floor((free(allocatable["cpu"] ?? 0, nonZero.cpu + nonZeroCpu(requests)) + free(allocatable["memory"] ?? 0, nonZero.memory + nonZeroMemory(requests))) / 2);
}

// 100 when cpu and memory are taken to the same share; with two resources the deviation is half their difference.
function balanced({ requests }: PodView, { allocatable, requested }: NodeInfo): number {
  const share = (resource: string): number => Math.min(1, ((requested[resource] ?? 0) + (requests[resource] ?? 0)) / (allocatable[resource] ?? Number.POSITIVE_INFINITY));
  return Math.floor((1 - Math.abs(share("cpu") - share("memory")) / 2) * 100);
}

function preferredBetween({ pod }: PodView, infos: readonly NodeInfo[]): readonly number[] | undefined {
  const wanted = pod.spec.affinity?.podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  const unwanted = pod.spec.affinity?.podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  if (wanted.length === 0 && unwanted.length === 0) return undefined;
  const terms = [...wanted.map((term) => ({ ...term, sign: 1 })), ...unwanted.map((term) => ({ ...term, sign: -1 }))];
  const domains = new Map<string, number>();
  for (const { node, pods } of infos) {
    for (const other of pods.values()) {
      for (const { podAffinityTerm: term, weight, sign } of terms) {
        if (!picks(term, pod, other)) continue;
        const domain = `${term.topologyKey}=${node.metadata.labels?.[term.topologyKey] ?? ""}`;
        domains.set(domain, (domains.get(domain) ?? 0) + sign * weight);
      }
    }
  }
  const raw = infos.map(({ node }) => terms.reduce((sum, { podAffinityTerm: { topologyKey } }) => sum + (domains.get(`${topologyKey}=${node.metadata.labels?.[topologyKey] ?? ""}`) ?? 0), 0));
  const min = Math.min(...raw);
  return raw.map((score) => score - min);
}
