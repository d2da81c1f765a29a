import { admits, type Requirement, type RequirementTable } from "../intern/requirement.ts";
import { neededValue } from "../intern/label-value.ts";
import type { Stance } from "./topology.ts";
import type { TopologyGroup } from "./topology-group.ts";

/** A candidate as the rules see it. */
export interface Seat {
  readonly table: RequirementTable;
  /** How many pods on it the rule selects; they will be where it is. */
  selected(group: TopologyGroup): number;
  /** How many of those the rule does not count yet, because too little is known of the candidate. */
  uncounted(group: TopologyGroup): number;
  /** What its requirements say about a label; undefined: anything. */
  domains(key: string): Requirement | undefined;
  /** Is it certain not to have the label? */
  lacks(key: string): boolean;
  /** May it have a value of the label that no node has and no pool or type lists? */
  mayBeNew(key: string): boolean;
}

/**
 * The domains that all rules on one label allow a pod on a candidate, as requirements, best first; empty: none; undefined: they do not
 * care.
 *
 * Spread takes the domain with the fewest pods, then the first by name; the first pod of a kind that wants to be near its kind the first
 * by name; other rules leave the choice open. Kubernetes: PodTopologySpread and InterPodAffinity filters.
 */
export function choicesOf(key: string, groups: readonly TopologyGroup[], stance: Stance, seat: Seat): readonly Requirement[] | undefined {
  // Without the label no pod is in a domain: nothing keeps it away from others, and nothing brings it near them.
  if (seat.lacks(key)) return groups.some(({ spec }) => spec.type !== "anti-affinity") ? [] : undefined;
  const { labels } = stance.class;
  const tests: ((domain: string) => boolean)[] = [];
  const counted: TopologyGroup[] = [];
  const others: TopologyGroup[] = [];
  let isFirst = false;
  // A node of a domain that nobody has yet makes that a domain, with no pods in it.
  let opens = seat.mayBeNew(key);
  for (const group of groups) {
    switch (group.spec.type) {
      case "anti-affinity":
        others.push(group);
        tests.push((domain) => (group.count(domain) ?? 0) === 0);
        break;
      case "affinity":
        if (seat.selected(group) > 0) break;
        others.push(group);
        opens = false;
        if (group.occupied > 0) tests.push((domain) => (group.count(domain) ?? 0) > 0);
        else if (group.selects(labels)) isFirst = true;
        else return [];
        break;
      case "spread": {
        const here = seat.uncounted(group);
        const most = fewest(group) + group.spec.maxSkew - (group.selects(labels) ? 1 : 0);
        counted.push(group);
        opens &&= mayOpen(group, here + (group.selects(labels) ? 1 : 0));
        // The pods that are there will be where this one is: they count in the domain and may raise the least.
        tests.push((domain) => {
          const count = group.count(domain);
          if (count === undefined) return opens;
          return count + here <= most || (here > 0 && count + here <= fewest(group, domain, here) + group.spec.maxSkew - (group.selects(labels) ? 1 : 0));
        });
      }
    }
  }
  const own = seat.domains(key);
  const listed = own !== undefined && !own.complement;
  if (tests.length === 0 && !isFirst) return undefined;
  const known = [...counted, ...others];
  const domains = listed ? own.values : known.flatMap((group, index) => (index === 0 ? group.domains : group.domains.filter((domain) => known.slice(0, index).every((other) => other.count(domain) === undefined))));
  const left = domains.filter((domain) => (own === undefined || admits(own, domain)) && tests.every((test) => test(domain))).sort();
  // To keep away from others a node may get the label; to be spread only if it has to have it anyway.
  if (left.length === 0) return opens && own !== undefined && own.complement && !(own.absent && counted.length > 0) ? newDomain(key, known, own, seat.table) : [];
  if (counted.length > 0) {
    const ranked = left.sort((a, b) => {
      for (const group of counted) {
        const difference = (group.count(a) ?? 0) - (group.count(b) ?? 0);
        if (difference !== 0) return difference;
      }
      return a < b ? -1 : 1;
    });
    return ranked.map((domain) => seat.table.is(key, domain));
  }
  if (isFirst) return left.map((domain) => seat.table.is(key, domain));
  return [left.length === 1 ? seat.table.is(key, left[0] as string) : seat.table.make(key, "In", left)];
}

/** A value of the label that nobody has yet. */
function newDomain(key: string, groups: readonly TopologyGroup[], own: Requirement, table: RequirementTable): readonly Requirement[] {
  const taken = groups.flatMap(({ domains }) => domains);
  const free = taken.length === 0 ? own : table.intersect(own, table.make(key, "NotIn", taken));
  const value = neededValue(table.intersect(free, table.exists(key)));
  return admits(free, value) ? [table.is(key, value)] : [];
}

/**
 * May a spread get one more domain, with so many of its pods? It would lower the least that other domains are held against: pods counted there
 * in this solve must be within the skew of it, for nobody knows which node comes up first.
 */
function mayOpen(group: TopologyGroup, pods: number): boolean {
  const { maxSkew } = group.spec;
  if (pods > maxSkew) return false;
  return !group.hasGrown || group.counts.every((count) => count <= maxSkew + Math.min(pods, fewest(group)));
}

/** The fewest pods of any domain that counts, some more in one of them; zero if there should be more domains than there are. */
function fewest({ domains, counts, spec: { minDomains } }: TopologyGroup, into?: string, more = 0): number {
  if (minDomains !== undefined && counts.length < minDomains) return 0;
  let least = 2147483647;
  for (let index = 0; index < counts.length; index++) least = Math.min(least, (counts[index] as number) + (domains[index] === into ? more : 0));
  return least;
}
