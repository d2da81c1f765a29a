import { admits, operatorOf, type Requirement, type RequirementTable } from "../intern/requirement.ts";
import type { TopologyGroup } from "./topology-group.ts";

/**
 * Where pods may go by one rule: the domains left, as a requirement on its key; undefined if none is.
 *
 * `podDomains` is what the pod's hard constraints say about the key, `nodeDomains` what the candidate's do; undefined: anything.
 * Domains of equal count are taken in name order, where Karpenter takes them in map order.
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

/** May a pod go to this host? Hosts can always be added, so a host is judged by itself. */
export function hostAllowed(group: TopologyGroup, self: boolean, podDomains: Requirement | undefined, hostname: string): boolean {
  const count = group.count(hostname) ?? 0;
  switch (group.spec.type) {
    case "spread":
      return count + (self ? 1 : 0) <= group.spec.maxSkew;
    case "affinity":
      if (podDomains !== undefined && !admits(podDomains, hostname)) return false;
      return count > 0 || (self && mayBeFirst(group, podDomains));
    case "anti-affinity":
      return count === 0;
  }
}

/** The fewest pods any domain open to the pod has; zero if there should be more domains than there are. */
export function fewest(group: TopologyGroup, podDomains: Requirement | undefined): number {
  let least = 2147483647;
  let open = 0;
  const { domains, counts } = group;
  for (let i = 0; i < domains.length; i++) {
    if (podDomains !== undefined && !admits(podDomains, domains[i] as string)) continue;
    open++;
    if ((counts[i] as number) < least) least = counts[i] as number;
  }
  return group.spec.minDomains !== undefined && open < group.spec.minDomains ? 0 : least;
}

function spreadDomain(group: TopologyGroup, self: boolean, podDomains: Requirement | undefined, nodeDomains: Requirement | undefined, table: RequirementTable): Requirement | undefined {
  const least = group.isHostname ? 0 : fewest(group, podDomains);
  const { domains, counts } = group;
  let best: string | undefined;
  let bestCount = 2147483647;
  const consider = (domain: string, present: number): void => {
    const count = present + (self ? 1 : 0);
    if (count - least > group.spec.maxSkew) return;
    if (count < bestCount || (count === bestCount && best !== undefined && domain < best)) {
      best = domain;
      bestCount = count;
    }
  };
  if (nodeDomains !== undefined && operatorOf(nodeDomains) === "In") {
    for (const domain of nodeDomains.values) {
      const count = group.count(domain);
      if (count !== undefined) consider(domain, count);
    }
  } else {
    for (let i = 0; i < domains.length; i++) if (nodeDomains === undefined || admits(nodeDomains, domains[i] as string)) consider(domains[i] as string, counts[i] as number);
  }
  return best === undefined ? undefined : table.is(group.spec.key, best);
}

function affinityDomains(group: TopologyGroup, self: boolean, podDomains: Requirement | undefined, nodeDomains: Requirement | undefined, table: RequirementTable): Requirement | undefined {
  const { domains, counts } = group;
  const options: string[] = [];
  for (let i = 0; i < domains.length; i++) {
    const domain = domains[i] as string;
    if ((counts[i] as number) > 0 && (podDomains === undefined || admits(podDomains, domain)) && (nodeDomains === undefined || admits(nodeDomains, domain))) options.push(domain);
  }
  if (options.length === 0 && self && mayBeFirst(group, podDomains)) {
    const sorted = domains.filter((domain) => podDomains === undefined || admits(podDomains, domain)).sort();
    const here = nodeDomains === undefined ? sorted[0] : sorted.find((domain) => admits(nodeDomains, domain));
    if (here !== undefined) options.push(here);
    if (sorted[0] !== undefined && sorted[0] !== here) options.push(sorted[0]);
  }
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
  for (let i = 0; i < domains.length; i++) {
    const domain = domains[i] as string;
    if (counts[i] === 0 && (nodeDomains === undefined || admits(nodeDomains, domain)) && (podDomains === undefined || admits(podDomains, domain))) options.push(domain);
  }
  return options.length === 0 ? undefined : table.make(group.spec.key, "In", options);
}
