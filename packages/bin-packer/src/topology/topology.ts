import { HOSTNAME_LABEL, type Taint } from "@groupless/api";
import type { Constraints } from "../demand/constraints.ts";
import type { LabelClass, PodClass, PodEntry } from "../demand/pod-class.ts";
import { admits, type Requirement } from "../intern/requirement.ts";
import type { RequirementSet } from "../intern/requirement-set.ts";
import { Blocker } from "../place/blocker.ts";
import type { Failure } from "../place/failure.ts";
import type { OpenClaim } from "../place/open-claim.ts";
import type { KubeNode } from "../prepare/kube-node.ts";
import type { BoundPod, Snapshot } from "../prepare/snapshot.ts";
import { GroupIndex } from "./group-index.ts";
import type { GroupSpec } from "./group-spec.ts";
import { nextDomain } from "./next-domain.ts";
import type { Rules } from "./rule-table.ts";
import { filterAdmits, TopologyGroup } from "./topology-group.ts";

/** A pod class at one level of constraints, with the rules that bear on it in this solve. */
export interface Stance {
  readonly class: PodClass;
  readonly constraints: Constraints;
  /** Rules of its own. */
  readonly owned: readonly TopologyGroup[];
  /** Others' anti-affinity that its own kind brings along: recorded where its pods go. */
  readonly inverseOwned: readonly TopologyGroup[];
  /** The rules its candidates must pass, by what they count: domains of one kind or hosts. Renewed when groups come about. */
  active: ActiveRules;
  /** Why it failed when it was last tried, and what had been placed by then: nothing has changed for it as long as nothing is placed. */
  failed: { readonly version: number; readonly failures: readonly Failure[] } | undefined;
}

export interface ActiveRules {
  readonly groups: number;
  readonly domains: readonly TopologyGroup[];
  /** Host rules that close a claim for good: spread and anti-affinity. */
  readonly hosts: readonly TopologyGroup[];
  readonly blockers: readonly Blocker[];
  /** Host rules that may open again: affinity. */
  readonly hostAffinities: readonly TopologyGroup[];
}

/** What rules come to in this solve. */
interface Standing {
  readonly owned: readonly TopologyGroup[];
  readonly inverseOwned: readonly TopologyGroup[];
  /** By label class. */
  readonly active: (ActiveRules | undefined)[];
}

/** Which rule left no domain. */
export interface TopologyFailure {
  readonly kind: "unsatisfiable" | "incompatible" | "undefined";
  readonly group: TopologyGroup;
  readonly podDomains: Requirement | undefined;
  readonly nodeDomains: Requirement | undefined;
  /** What the rules chose together, where that is not to be had: it contradicts the candidate, or the candidate does not define the key. */
  readonly chosen?: RequirementSet;
}

const NONE: readonly never[] = [];
const UNSET: ActiveRules = { groups: -1, domains: NONE, hosts: NONE, blockers: NONE, hostAffinities: NONE };
const NO_RULES: ActiveRules = { groups: 0, domains: NONE, hosts: NONE, blockers: NONE, hostAffinities: NONE };

/** The topology rules of one solve: groups come about as pods bring them, and count where pods go. */
export class Topology {
  protected readonly snapshot: Snapshot;
  readonly #excluded: ReadonlySet<PodEntry>;
  readonly #excludedBound: readonly BoundPod[];
  readonly #removedNodes: readonly KubeNode[];
  readonly #claims: readonly OpenClaim[];
  readonly #groups = new Map<string, TopologyGroup>();
  readonly #groupIndex = new GroupIndex();
  readonly #inverse = new Map<string, TopologyGroup>();
  readonly #inverseIndex = new GroupIndex();
  /** By class: at the level it starts with; by level, then class: at all others. */
  readonly #declared: (Stance | undefined)[] = [];
  readonly #relaxed: Map<number, Stance>[] = [];
  readonly #standings = new Map<Rules, Standing>();
  readonly #counting: ({ size: number; groups: readonly TopologyGroup[] } | undefined)[] = [];
  readonly #hostsBefore: number;

  /** `excluded` pods are being placed, so they do not count where they are (`bound`, those of them that are somewhere); `removed` Node objects lend no domains. */
  constructor(snapshot: Snapshot, excluded: ReadonlySet<PodEntry>, bound: readonly BoundPod[], removed: readonly KubeNode[], claims: readonly OpenClaim[]) {
    this.snapshot = snapshot;
    this.#excluded = excluded;
    this.#excludedBound = bound;
    this.#removedNodes = removed;
    this.#claims = claims;
    this.#hostsBefore = snapshot.topology.hosts;
    for (const group of snapshot.topology.forkInverse(excluded)) this.#addInverse(group.spec.text, group);
  }

  /** The host number of an open claim. */
  hostOf(claim: OpenClaim): number {
    return this.#hostsBefore + claim.index;
  }

  /** The rules of a class at a level; brings about the groups nobody has had yet. */
  stance(podClass: PodClass, constraints: Constraints): Stance {
    const isDeclared = constraints === podClass.constraints;
    let stance = isDeclared ? this.#declared[podClass.id] : this.#relaxed[constraints.id]?.get(podClass.id);
    if (stance === undefined) {
      const { owned, inverseOwned } = this.#standing(constraints, podClass.labels);
      stance = { class: podClass, constraints, owned, inverseOwned, active: UNSET, failed: undefined };
      if (isDeclared) this.#declared[podClass.id] = stance;
      else (this.#relaxed[constraints.id] ??= new Map()).set(podClass.id, stance);
    }
    if (stance.active.groups !== this.#inverse.size) {
      // Pods of equal rules and labels differ in what they ask of a node, not in the rules they must pass.
      const { active } = this.#standing(constraints, podClass.labels);
      const { id } = podClass.labels;
      const known = active[id];
      stance.active = known !== undefined && known.groups === this.#inverse.size ? known : (active[id] = this.#activate(stance));
    }
    return stance;
  }

  /** The groups behind the rules, which pods of many classes share. */
  #standing(constraints: Constraints, labels: LabelClass): Standing {
    const rules = this.snapshot.topology.rules(constraints, labels);
    let standing = this.#standings.get(rules);
    if (standing === undefined) {
      const inverseOwned = rules.inverse.length === 0 ? NONE : [...new Set(rules.inverse.map((spec) => this.#inverseGroup(spec)))];
      standing = { owned: rules.owned.length === 0 ? NONE : [...new Set(rules.owned.map((spec) => this.#group(spec)))], inverseOwned, active: [] };
      this.#standings.set(rules, standing);
    }
    return standing;
  }

  /**
   * Narrows a candidate to the domains every rule allows, hosts aside; null where none is left. Rules are asked about the candidate
   * as it comes, and what they say is put together at the end, so two rules on one key may choose domains that do not go together.
   */
  narrow(stance: Stance, requirements: RequirementSet, strict: boolean, _claim?: OpenClaim): RequirementSet | null {
    const groups = stance.active.domains;
    if (groups.length === 0) return requirements;
    const { sets } = this.snapshot;
    if (groups.length === 1) {
      const domains = this.#domains(groups[0] as TopologyGroup, stance, requirements);
      return domains === undefined ? null : sets.narrow(requirements, domains, strict);
    }
    const chosen: Requirement[] = [];
    for (const group of groups) {
      const domains = this.#domains(group, stance, requirements);
      if (domains === undefined) return null;
      chosen.push(domains);
    }
    const together = sets.merge(requirements, sets.of(chosen));
    return sets.compatible(requirements, together, strict) ? together : null;
  }

  /** Other domains the rules leave a candidate, if `narrow`'s choice comes to nothing: Karpenter knows of none. */
  otherwise(_stance: Stance, _requirements: RequirementSet, _claim: OpenClaim): Iterable<RequirementSet> {
    return NONE;
  }

  /** Do the host rules let the pod onto this host? */
  allowsHost(stance: Stance, host: number): boolean {
    for (const group of stance.active.hosts) if (group.hostCount(host) > group.mostOnHost(group.selects(stance.class.labels))) return false;
    return stance.active.hostAffinities.length === 0 || this.allowsHostAffinity(stance, host);
  }

  allowsHostAffinity(stance: Stance, host: number): boolean {
    return stance.active.hostAffinities.every((group) => this.#mayJoin(group, stance, host));
  }

  /** Why `narrow` or the host rules refuse: the first rule that does, in the order Karpenter's own rules come before others'. */
  failure(stance: Stance, requirements: RequirementSet, host: number, hostname: string, strict: boolean): TopologyFailure | undefined {
    const { sets } = this.snapshot;
    const onHost = sets.table.is(HOSTNAME_LABEL, hostname);
    const chosen: Requirement[] = [];
    let last: TopologyGroup | undefined;
    for (const group of [...stance.owned, ...this.inverseSelecting(stance.class.labels)]) {
      if (group.isHostname) {
        if (!this.opensHost(group, stance, host)) return { kind: "unsatisfiable", group, podDomains: stance.constraints.strictHostname, nodeDomains: onHost };
        continue;
      }
      const domains = this.#domains(group, stance, requirements);
      if (domains === undefined) return { kind: "unsatisfiable", group, podDomains: stance.constraints.strict.byKey.get(group.spec.key), nodeDomains: requirements.byKey.get(group.spec.key) };
      chosen.push(domains);
      last = group;
    }
    if (last === undefined) return undefined;
    const all = sets.of(chosen);
    const conflict = sets.conflict(requirements, sets.merge(requirements, all), strict);
    return conflict === undefined ? undefined : { kind: conflict.kind, group: last, podDomains: undefined, nodeDomains: undefined, chosen: all };
  }

  /** Counts a pod where it went. Only a candidate that is down to one domain counts, but for anti-affinity, which keeps every domain it might be in. */
  record(stance: Stance, requirements: RequirementSet, host: number, hostname: string, taints: readonly Taint[], claim: OpenClaim | undefined): void {
    const { sets } = this.snapshot;
    for (const group of this.countingGroups(stance.class.labels)) {
      if (!group.seesAllNodes && !filterAdmits(group.spec.filter, requirements, hostname, taints, sets)) continue;
      if (group.isHostname) countHost(group, host, claim);
      else {
        const domains = requirements.byKey.get(group.spec.key);
        if (domains === undefined) continue;
        if (group.spec.type === "anti-affinity") for (const domain of domains.values) group.record(domain);
        else if (!domains.complement && domains.values.length === 1) group.record(domains.values[0] as string);
      }
    }
    for (const group of stance.inverseOwned) {
      if (group.isHostname) countHost(group, host, claim);
      else for (const domain of requirements.byKey.get(group.spec.key)?.values ?? NONE) group.record(domain);
    }
  }

  /** Is it all the same to every rule where these pods go, now and from now on? Nothing restricts them, and nothing counts them. */
  ignores({ active, inverseOwned, class: { labels } }: Stance): boolean {
    return active.domains.length + active.hosts.length + active.hostAffinities.length + inverseOwned.length === 0 && this.countingGroups(labels).length === 0;
  }

  /** Does one rule about hosts let the pod onto this one? */
  protected opensHost(group: TopologyGroup, stance: Stance, host: number): boolean {
    return group.spec.type === "affinity" ? this.#mayJoin(group, stance, host) : group.hostCount(host) <= group.mostOnHost(group.selects(stance.class.labels));
  }

  #domains(group: TopologyGroup, stance: Stance, requirements: RequirementSet): Requirement | undefined {
    const { key } = group.spec;
    return nextDomain(group, group.selects(stance.class.labels), stance.constraints.strict.byKey.get(key), requirements.byKey.get(key), this.snapshot.sets.table);
  }

  #mayJoin(group: TopologyGroup, stance: Stance, host: number): boolean {
    const wanted = stance.constraints.strictHostname;
    if (wanted !== undefined && !admits(wanted, this.#hostName(host))) return false;
    if (group.hostCount(host) > 0) return true;
    if (!group.selects(stance.class.labels)) return false;
    if (group.occupied === 0) return true;
    if (wanted === undefined || !this.startsWhereItMayGo) return false;
    for (const other of group.hosts()) if (admits(wanted, this.#hostName(other))) return false;
    return true;
  }

  /** Is a pod that wants its own kind near the first of it also where the others are out of its reach? */
  protected get startsWhereItMayGo(): boolean {
    return true;
  }

  #hostName(host: number): string {
    return host < this.#hostsBefore ? this.snapshot.topology.hostName(host) : (this.#claims[host - this.#hostsBefore]?.hostname ?? "");
  }

  #activate(stance: Stance): ActiveRules {
    const groups = this.#inverse.size;
    const { labels } = stance.class;
    const all = [...stance.owned, ...this.inverseSelecting(labels)];
    if (all.length === 0) return groups === 0 ? NO_RULES : { ...NO_RULES, groups };
    const hosts = all.filter((group) => group.isHostname && group.spec.type !== "affinity");
    return {
      groups,
      domains: all.filter((group) => !group.isHostname),
      hosts,
      blockers: hosts.map((group) => this.#blockerOf(group, group.selects(labels))),
      hostAffinities: all.filter((group) => group.isHostname && group.spec.type === "affinity"),
    };
  }

  /** Made when the first pod asks; claims that are full already are entered then. */
  #blockerOf(group: TopologyGroup, self: boolean): Blocker {
    const known = self ? group.selectedBlocker : group.unselectedBlocker;
    if (known !== undefined) return known;
    const blocker = new Blocker();
    if (self) group.selectedBlocker = blocker;
    else group.unselectedBlocker = blocker;
    const most = group.mostOnHost(self);
    for (const claim of this.#claims) {
      if (group.hostCount(this.hostOf(claim)) <= most) continue;
      blocker.block(claim);
      blocker.mark(claim.pods.length, claim.slot);
    }
    return blocker;
  }

  #group(spec: GroupSpec): TopologyGroup {
    let found = this.#groups.get(spec.text);
    if (found === undefined) {
      found = this.snapshot.topology.fork(spec, this.#excluded, this.#excludedBound, this.#removedNodes);
      this.#groups.set(spec.text, found);
      this.#groupIndex.add(found);
    }
    return found;
  }

  /** The rules of pods there are so far. */
  protected groups(): Iterable<TopologyGroup> {
    return this.#groups.values();
  }

  #inverseGroup(spec: GroupSpec): TopologyGroup {
    return this.#inverse.get(spec.text) ?? this.#addInverse(spec.text, this.snapshot.topology.emptyInverse(spec));
  }

  #addInverse(text: string, group: TopologyGroup): TopologyGroup {
    this.#inverse.set(text, group);
    this.#inverseIndex.add(group);
    return group;
  }

  protected inverseSelecting(labels: LabelClass): TopologyGroup[] {
    return this.#inverse.size === 0 ? [] : this.#inverseIndex.selecting(labels);
  }

  /** Groups that count pods of a label class; found again only when groups have come about. */
  protected countingGroups(labels: LabelClass): readonly TopologyGroup[] {
    const known = this.#counting[labels.id];
    if (known !== undefined && known.size === this.#groups.size) return known.groups;
    const groups = this.#groupIndex.selecting(labels);
    this.#counting[labels.id] = { size: this.#groups.size, groups };
    return groups;
  }
}

export function countHost(group: TopologyGroup, host: number, claim: OpenClaim | undefined): void {
  const count = group.recordHost(host, 1);
  if (claim === undefined) return;
  if (group.selectedBlocker !== undefined && count === group.mostOnHost(true) + 1) group.selectedBlocker.block(claim);
  if (group.unselectedBlocker !== undefined && count === group.mostOnHost(false) + 1) group.unselectedBlocker.block(claim);
}
