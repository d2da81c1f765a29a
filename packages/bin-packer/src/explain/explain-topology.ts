import type { SchedulingReason } from "../reason.ts";

type TopologyReason = Extract<SchedulingReason, { readonly code: "topology-spread" | "pod-affinity" | "pod-anti-affinity" }>;

/** A rule of topology that leaves no domain, with the counts that say so. */
export function explainTopology(reason: TopologyReason): string {
  const { topologyKey, counts, selector = "", podDomains } = reason;
  const among = selector === "" ? "pods" : `pods with ${selector}`;
  const domains = Object.entries(counts);
  const state = topologyKey === "kubernetes.io/hostname" ? "" : domains.length === 0 ? `No node has or could have the label ${topologyKey}.` : `Now: ${domains.map(([domain, count]) => `${domain} ${count}`).join(", ")}.`;
  const where = podDomains === undefined ? "" : ` The pod may only go to ${podDomains.length === 0 ? "nodes without it" : podDomains.join(", ")}.`;
  return text(reason, among, state, where).trimEnd();
}

function text(reason: TopologyReason, among: string, state: string, where: string): string {
  const { topologyKey, nodePool, counts, ofOthers } = reason;
  const domains = Object.entries(counts);
  switch (reason.code) {
    case "topology-spread":
      return `No domain of ${topologyKey} on NodePool ${nodePool} would keep ${among} within a skew of ${reason.maxSkew ?? 1}${reason.minDomains === undefined ? "" : ` over at least ${reason.minDomains} domains`}. ${state}${where}`;
    case "pod-affinity":
      return `The pod must share its ${topologyKey} with ${among}, and NodePool ${nodePool} cannot make a node where there are any. ${topologyKey === "kubernetes.io/hostname" ? "A new node has none." : domains.some(([, count]) => count > 0) || domains.length === 0 ? state : "There are none anywhere."}${where}`;
    case "pod-anti-affinity":
      return ofOthers
        ? `Pods that are there keep ${among} away from their ${topologyKey}, and NodePool ${nodePool} has none left without them. ${state}${where}`
        : `The pod must not share its ${topologyKey} with ${among}, and NodePool ${nodePool} has none left without them. ${state}${where}`;
  }
}
