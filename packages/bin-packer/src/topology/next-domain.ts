import { admits, type Requirement, type RequirementTable } from "../intern/requirement.ts";
import type { TopologyGroup } from "./topology-group.ts";

/**
 * Where pods may go by one rule on anything but hosts: the domains left, as a requirement on its key; undefined if none is.
 *
 * `podDomains` is what the pod's hard constraints say about the key, `nodeDomains` what the candidate's do; undefined: anything.
 * Of domains of equal count those where a node can be had come first, then names decide; Karpenter takes them in map order and, where it
 * drew one out of reach, another when the pod's turn comes again.
 * Karpenter pkg/controllers/provisioning/scheduling/topologygroup.go.
 */
export function nextDomain(group: TopologyGroup, self: boolean, podDomains: Requirement | undefined, nodeDomains: Requirement | undefined, table: RequirementTable): Requirement | undefined {
  switch (group.spec.type) {
    case "spread":
      return spreadDomain(group, self, podDomains, nodeDomains, table);
    case "affinity":
      return affinityDomains(group, self, podDomains, nodeDomains, table);
    case "anti-affinity":
      return emptyDomains(group, podDomains, nodeDomains, table);
  }
}

/** The fewest pods any domain open to the pod has; zero if there should be more domains than there are. */
export function fewest(group: TopologyGroup, podDomains: Requirement | undefined): number {
  let least = 2147483647;
  let open = 0;
  const { domains, counts } = group;
  for (let i = 0; i < counts.length; i++) {
    if (podDomains !== undefined && !admits(podDomains, domains[i] as string)) continue;
    open++;
    if ((counts[i] as number) < least) least = counts[i] as number;
  }
  return group.spec.minDomains !== undefined && open < group.spec.minDomains ? 0 : least;
}

function spreadDomain(group: TopologyGroup, self: boolean, podDomains: Requirement | undefined, nodeDomains: Requirement | undefined, table: RequirementTable): Requirement | undefined {
  const most = fewest(group, podDomains) + group.spec.maxSkew - (self ? 1 : 0);
  const { domains, counts } = group;
  if (nodeDomains !== undefined && !nodeDomains.complement && nodeDomains.values.length === 1) {
    const count = group.count(nodeDomains.values[0] as string);
    return count !== undefined && count <= most ? nodeDomains.minValues === undefined ? nodeDomains : table.is(group.spec.key, nodeDomains.values[0] as string) : undefined;
  }
  let best: string | undefined;
  let bestCount = 2147483647;
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i] as number;
    if (count > most || count > bestCount) continue;
    const domain = domains[i] as string;
    if (nodeDomains !== undefined && !admits(nodeDomains, domain)) continue;
    if (count < bestCount || best === undefined || group.precedes(domain, best)) {
      best = domain;
      bestCount = count;
    }
  }
  return best === undefined ? undefined : table.is(group.spec.key, best);
}

function affinityDomains(group: TopologyGroup, self: boolean, podDomains: Requirement | undefined, nodeDomains: Requirement | undefined, table: RequirementTable): Requirement | undefined {
  const { domains, counts } = group;
  const options: string[] = [];
  if (group.occupied > 0) {
    for (let i = 0; i < counts.length; i++) {
      if ((counts[i] as number) > 0 && allowed(domains[i] as string, podDomains, nodeDomains)) options.push(domains[i] as string);
    }
  }
  if (options.length === 0 && self && mayBeFirst(group, podDomains)) {
    const sorted = domains.filter((domain) => podDomains === undefined || admits(podDomains, domain)).sort((a, b) => (group.precedes(a, b) ? -1 : 1));
    const here = nodeDomains === undefined ? sorted[0] : sorted.find((domain) => admits(nodeDomains, domain));
    if (here !== undefined) options.push(here);
    if (sorted[0] !== undefined && sorted[0] !== here) options.push(sorted[0]);
  }
  if (options.length === 1) return table.is(group.spec.key, options[0] as string);
  return options.length === 0 ? undefined : table.make(group.spec.key, "In", options);
}

/** The first pod of its kind anywhere, or anywhere it may go at all, chooses freely. */
function mayBeFirst(group: TopologyGroup, podDomains: Requirement | undefined): boolean {
  if (group.occupied === 0) return true;
  if (podDomains === undefined) return false;
  return !group.domains.some((domain, i) => (group.counts[i] as number) > 0 && admits(podDomains, domain));
}

function emptyDomains(group: TopologyGroup, podDomains: Requirement | undefined, nodeDomains: Requirement | undefined, table: RequirementTable): Requirement | undefined {
  const { domains, counts } = group;
  const options: string[] = [];
  for (let i = 0; i < counts.length; i++) if (counts[i] === 0 && allowed(domains[i] as string, podDomains, nodeDomains)) options.push(domains[i] as string);
  if (options.length === 1) return table.is(group.spec.key, options[0] as string);
  return options.length === 0 ? undefined : table.make(group.spec.key, "In", options);
}

function allowed(domain: string, podDomains: Requirement | undefined, nodeDomains: Requirement | undefined): boolean {
  return (nodeDomains === undefined || admits(nodeDomains, domain)) && (podDomains === undefined || admits(podDomains, domain));
}

