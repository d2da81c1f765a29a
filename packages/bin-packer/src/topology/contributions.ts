import type { Taint } from "@groupless/api";
import type { RequirementSet, RequirementSets } from "../intern/requirement-set.ts";
import type { OpenClaim } from "../place/open-claim.ts";
import { countHost, type Stance } from "./topology.ts";
import { filterAdmits, filterAdmitsTaints, hostnameAdmitted, type TopologyGroup } from "./topology-group.ts";

/** Where pods are placed. */
interface Place {
  readonly host: number;
  readonly hostname: string;
  readonly taints: readonly Taint[];
  /** Undefined: a node that exists. */
  readonly claim: OpenClaim | undefined;
}

interface Resident {
  readonly stance: Stance;
  readonly counting: readonly TopologyGroup[];
}

/**
 * What the pods of one node add to what rules count. Once more is known of a claim, they count where it will be: a pod counts for a
 * spread or an affinity as soon as there is but one domain left, for anti-affinity in every domain that is listed.
 */
export class Contributions {
  readonly #sets: RequirementSets;
  readonly #place: Place;
  readonly #residents: Resident[] = [];
  #requirements: RequirementSet | undefined;

  constructor(sets: RequirementSets, place: Place) {
    this.#sets = sets;
    this.#place = place;
  }

  /** What the node was known to be when the last pod came; undefined: there is none. */
  get requirements(): RequirementSet | undefined {
    return this.#requirements;
  }

  /** The one domain that the node is with these requirements, if a rule may look at it: what types add to them is not known yet. */
  domainFor({ spec: { key, filter } }: TopologyGroup, requirements: RequirementSet): string | undefined {
    if (!isSingle(requirements, key)) return undefined;
    const { hostname, taints } = this.#place;
    return filterAdmits(filter, requirements, hostname, taints, this.#sets, false) ? requirements.byKey.get(key)?.values[0] : undefined;
  }

  /** How many of the pods a rule selects. */
  selected(group: TopologyGroup): number {
    return this.#residents.reduce((count, { stance }) => count + (group.selects(stance.class.labels) ? 1 : 0), 0);
  }

  /** How many of the pods a rule selects but does not count yet. */
  uncounted(group: TopologyGroup): number {
    const requirements = this.#requirements;
    return requirements === undefined || (this.#isSeen(group, requirements) && domainsIn(group, requirements).length > 0) ? 0 : this.selected(group);
  }

  /** One more pod, with which the node has these requirements. */
  add(stance: Stance, counting: readonly TopologyGroup[], requirements: RequirementSet): void {
    const before = this.#requirements;
    if (before !== undefined && before !== requirements) for (const resident of this.#residents) this.#count(resident, before, requirements);
    const resident = { stance, counting };
    this.#residents.push(resident);
    this.#count(resident, undefined, requirements);
    this.#requirements = requirements;
  }

  /** Is there a rule about domains that looks at these pods and does not count them for good yet? */
  isOpen(requirements: RequirementSet): boolean {
    return this.#residents.some(({ counting }) => counting.some((group) => !group.isHostname && !(isSingle(requirements, group.spec.key) && this.#isSeen(group, requirements))));
  }

  #count({ stance, counting }: Resident, before: RequirementSet | undefined, after: RequirementSet): void {
    const { host, claim } = this.#place;
    for (const group of counting) {
      const was = before !== undefined && this.#isSeen(group, before);
      const is = this.#isSeen(group, after);
      if (group.isHostname) {
        if (is && !was) countHost(group, host, claim);
      } else move(group, was ? domainsIn(group, before) : [], is ? domainsIn(group, after) : []);
    }
    for (const group of stance.inverseOwned) {
      if (!group.isHostname) move(group, before === undefined ? [] : domainsIn(group, before), domainsIn(group, after));
      else if (before === undefined) countHost(group, host, claim);
    }
  }

  /** Is the node certain to be one that the rule looks at? */
  #isSeen({ seesAllNodes, spec: { filter } }: TopologyGroup, requirements: RequirementSet): boolean {
    if (seesAllNodes || filter === undefined) return true;
    const { claim, hostname, taints } = this.#place;
    if (!filterAdmitsTaints(filter, taints)) return false;
    if (!filter.honoursAffinity) return true;
    return filter.alternatives.some((alternative) => {
      const { rest, hostname: wanted } = this.#sets.splitHostname(alternative);
      return this.#sets.implies(requirements, rest, claim === undefined) && (wanted === undefined || hostnameAdmitted(wanted, hostname));
    });
  }
}

function domainsIn({ spec: { key, type } }: TopologyGroup, requirements: RequirementSet): readonly string[] {
  const own = requirements.byKey.get(key);
  return own === undefined || own.complement || (own.values.length > 1 && type !== "anti-affinity") ? [] : own.values;
}

function isSingle(requirements: RequirementSet, key: string): boolean {
  const own = requirements.byKey.get(key);
  return own !== undefined && !own.complement && own.values.length === 1;
}

function move(group: TopologyGroup, from: readonly string[], to: readonly string[]): void {
  for (const domain of to) if (!from.includes(domain)) group.record(domain);
  for (const domain of from) if (!to.includes(domain)) group.unrecord(domain);
}
