import { matchesSelector, type Pod, type PodAffinityTerm } from "@groupless/api";
import type { NodeInfo } from "./node-info.ts";

/** Does the term pick the pod, seen from its owner's namespace? */
export function picks(term: PodAffinityTerm, owner: Pod, pod: Pod): boolean {
  const namespaces = term.namespaces !== undefined && term.namespaces.length > 0 ? term.namespaces : [owner.metadata.namespace ?? "default"];
  // An empty namespace selector means all namespaces; others would need their labels, which the model does not keep.
  const anywhere = term.namespaceSelector !== undefined && Object.keys(term.namespaceSelector).length === 0;
  return (anywhere || namespaces.includes(pod.metadata.namespace ?? "default")) && matchesSelector(term.labelSelector, pod.metadata.labels);
}

export const affinityTerms = (pod: Pod): readonly PodAffinityTerm[] => pod.spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
export const antiAffinityTerms = (pod: Pod): readonly PodAffinityTerm[] => pod.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];

/** What required terms between pods forbid or demand, for one pod about to be placed: by topology key and value. */
export interface AffinityView {
  /** `key=value` of domains where an anti-affinity term, the pod's or a running pod's, is against it. */
  readonly forbidden: ReadonlySet<string>;
  /** For each of the pod's affinity terms: the domains that hold a match. */
  readonly demanded: readonly { readonly key: string; readonly domains: ReadonlySet<string>; readonly selfMatch: boolean }[];
}

/** Look over the running pods once for a pod with terms, or with pods that have terms against it. */
export function affinityView(pod: Pod, nodes: Iterable<NodeInfo>, withAntiAffinity: ReadonlyMap<string, Pod>): AffinityView | undefined {
  const [wanted, unwanted] = [affinityTerms(pod), antiAffinityTerms(pod)];
  if (wanted.length === 0 && unwanted.length === 0 && withAntiAffinity.size === 0) return undefined;
  const forbidden = new Set<string>();
  const demanded = wanted.map((term) => ({ term, key: term.topologyKey, domains: new Set<string>(), selfMatch: picks(term, pod, pod) }));
  for (const { node, pods } of nodes) {
    const labels = node.metadata.labels ?? {};
    for (const [name, other] of pods) {
      if (withAntiAffinity.has(name)) for (const term of antiAffinityTerms(other)) if (picks(term, other, pod)) forbidden.add(`${term.topologyKey}=${labels[term.topologyKey] ?? ""}`);
      for (const term of unwanted) if (picks(term, pod, other)) forbidden.add(`${term.topologyKey}=${labels[term.topologyKey] ?? ""}`);
      for (const { term, key, domains } of demanded) if (picks(term, pod, other) && labels[key] !== undefined) domains.add(labels[key]);
    }
  }
  return { forbidden, demanded };
}

/** May the pod go to a node in this view? */
export function affinityAllows({ forbidden, demanded }: AffinityView, { node }: NodeInfo): boolean {
  const labels = node.metadata.labels ?? {};
  for (const domain of forbidden) {
    const split = domain.indexOf("=");
    if (labels[domain.slice(0, split)] === domain.slice(split + 1)) return false;
  }
  return demanded.every(({ key, domains, selfMatch }) => {
    const value = labels[key];
    // The first pod of a series that wants its own kind may go anywhere with the key (kube-scheduler interpodaffinity).
    return value !== undefined && (domains.has(value) || (domains.size === 0 && selfMatch));
  });
}
