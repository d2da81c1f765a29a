import type { Taint } from "@groupless/api";
import type { Requirement } from "../intern/requirement.ts";
import type { RequirementSet } from "../intern/requirement-set.ts";
import type { OpenClaim } from "../place/open-claim.ts";
import { Contributions } from "./contributions.ts";
import { choicesOf, type Seat } from "./joint-choice.ts";
import { type Stance, Topology, type TopologyFailure } from "./topology.ts";
import type { TopologyGroup } from "./topology-group.ts";

/**
 * Topology by Kubernetes' own rules: all rules on one label choose a domain together, a choice that comes to nothing is followed by the
 * next, pods count as soon as it is certain that their claim is one to be counted and where it is, and pods of one claim are near each
 * other, wherever that will be.
 */
export class ExactTopology extends Topology {
  readonly #claims = new Map<OpenClaim, Contributions>();

  override narrow(stance: Stance, requirements: RequirementSet, strict: boolean, claim?: OpenClaim): RequirementSet | null {
    if (stance.active.domains.length === 0) return requirements;
    for (const way of this.#ways(stance, requirements, strict, claim)) return way;
    return null;
  }

  override *otherwise(stance: Stance, requirements: RequirementSet, claim: OpenClaim): Iterable<RequirementSet> {
    let isFirst = true;
    for (const way of this.#ways(stance, requirements, false, claim)) {
      if (!isFirst) yield way;
      isFirst = false;
    }
  }

  override failure(stance: Stance, requirements: RequirementSet, host: number, hostname: string, strict: boolean): TopologyFailure | undefined {
    const groups = [...stance.owned, ...this.inverseSelecting(stance.class.labels)];
    const seat = this.#seat(requirements, strict, undefined);
    for (const group of groups) {
      if (group.isHostname) {
        if (!this.opensHost(group, stance, host)) return { kind: "unsatisfiable", group, podDomains: stance.constraints.strictHostname, nodeDomains: this.snapshot.sets.table.is(group.spec.key, hostname) };
      } else if (choicesOf(group.spec.key, [group], stance, seat)?.length === 0) {
        return { kind: "unsatisfiable", group, podDomains: stance.constraints.strict.byKey.get(group.spec.key), nodeDomains: requirements.byKey.get(group.spec.key) };
      }
    }
    const domains = groups.filter((group) => !group.isHostname);
    for (const _way of this.#ways(stance, requirements, strict, undefined)) return undefined;
    return { kind: "incompatible", group: domains.at(-1) as TopologyGroup, podDomains: undefined, nodeDomains: undefined, chosen: this.snapshot.sets.empty };
  }

  override record(stance: Stance, requirements: RequirementSet, host: number, hostname: string, taints: readonly Taint[], claim: OpenClaim | undefined): void {
    let contributions = claim === undefined ? undefined : this.#claims.get(claim);
    if (contributions === undefined) contributions = new Contributions(this.snapshot.sets, { host, hostname, taints, claim });
    if (claim !== undefined) this.#claims.set(claim, contributions);
    if (claim !== undefined && contributions.requirements !== requirements) this.#lend(contributions, requirements);
    contributions.add(stance, this.countingGroups(stance.class.labels), requirements);
    if (claim !== undefined) claim.isApart = contributions.isOpen(requirements);
  }

  /** A node that will be makes its domain known to spreads, as nodes that are do. */
  #lend(node: Contributions, requirements: RequirementSet): void {
    for (const group of this.groups()) {
      if (group.spec.type !== "spread" || group.isHostname) continue;
      const domain = node.domainFor(group, requirements);
      if (domain !== undefined && group.count(domain) === undefined) group.register(domain, true);
    }
  }

  /** Every pod of a claim is kept in mind: rules that come about later may count it. */
  override ignores(): boolean {
    return false;
  }

  protected override get startsWhereItMayGo(): boolean {
    return false;
  }

  /** The candidate as the rules may leave it, best first: a choice a label, in name order. */
  *#ways(stance: Stance, requirements: RequirementSet, strict: boolean, claim: OpenClaim | undefined): Iterable<RequirementSet> {
    const seat = this.#seat(requirements, strict, claim);
    const byKey = new Map<string, TopologyGroup[]>();
    for (const group of stance.active.domains) {
      const known = byKey.get(group.spec.key);
      if (known === undefined) byKey.set(group.spec.key, [group]);
      else known.push(group);
    }
    const choices: (readonly Requirement[])[] = [];
    for (const key of [...byKey.keys()].sort()) {
      const found = choicesOf(key, byKey.get(key) as readonly TopologyGroup[], stance, seat);
      if (found?.length === 0) return;
      if (found !== undefined) choices.push(found);
    }
    const { sets } = this.snapshot;
    for (const chosen of combinations(choices, 0)) {
      const together = chosen.length === 0 ? requirements : sets.merge(requirements, sets.of(chosen));
      if (sets.compatible(requirements, together, strict)) yield together;
    }
  }

  #seat(requirements: RequirementSet, strict: boolean, claim: OpenClaim | undefined): Seat {
    const { sets } = this.snapshot;
    const there = claim?.isApart === true ? this.#claims.get(claim) : undefined;
    return {
      table: sets.table,
      selected: (group) => there?.selected(group) ?? 0,
      uncounted: (group) => there?.uncounted(group) ?? 0,
      domains: (key) => requirements.byKey.get(key),
      lacks(key) {
        const own = requirements.byKey.get(key);
        return own === undefined ? strict || !sets.wellKnown.has(key) : !own.complement && own.values.length === 0;
      },
      mayBeNew: (key) => !strict && !sets.wellKnown.has(key),
    };
  }
}

function* combinations(choices: readonly (readonly Requirement[])[], from: number): Iterable<Requirement[]> {
  const here = choices[from];
  if (here === undefined) {
    yield [];
    return;
  }
  for (const one of here) for (const rest of combinations(choices, from + 1)) yield [one, ...rest];
}
