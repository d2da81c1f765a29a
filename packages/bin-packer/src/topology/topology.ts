import { HOSTNAME_LABEL, type Taint } from "@groupless/api";
import type { Constraints } from "../demand/constraints.ts";
import type { LabelClass, PodClass, PodEntry } from "../demand/pod-class.ts";
import type { Requirement } from "../intern/requirement.ts";
import type { RequirementSet } from "../intern/requirement-set.ts";
import type { Snapshot } from "../prepare/snapshot.ts";
import { type GroupSpec, groupSpecs, inverseSpecs } from "./group-spec.ts";
import { hostAllowed, nextDomain } from "./next-domain.ts";
import { filterAdmits, TopologyGroup } from "./topology-group.ts";

/** A pod class at one level of constraints, with the rules that bear on it in this solve. */
export interface Stance {
  readonly class: PodClass;
  readonly constraints: Constraints;
  /** Rules of its own. */
  readonly owned: readonly TopologyGroup[];
  /** Others' anti-affinity that its own kind brings along: recorded where its pods go. */
  readonly inverseOwned: readonly TopologyGroup[];
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

/** The topology rules of one solve: groups come about as pods bring them, and count where pods go. */
export class Topology {
  readonly #snapshot: Snapshot;
  readonly #excluded: ReadonlySet<PodEntry>;
  readonly #removed: ReadonlySet<number>;
  readonly #groups = new Map<string, TopologyGroup>();
  readonly #inverse = new Map<string, TopologyGroup>();
  readonly #stances = new Map<string, Stance>();
  readonly #selecting = new Map<LabelClass, { size: number; groups: TopologyGroup[] }>();
  readonly #inverseSelecting = new Map<LabelClass, { size: number; groups: TopologyGroup[] }>();
  readonly #ignorePreferences: boolean;

  /** `excluded` pods are being placed, so they do not count where they are; `removed` nodes lend no domains. */
  constructor(snapshot: Snapshot, excluded: ReadonlySet<PodEntry>, removed: ReadonlySet<number>) {
    this.#snapshot = snapshot;
    this.#excluded = excluded;
    this.#removed = removed;
    this.#ignorePreferences = snapshot.options.preferencePolicy === "Ignore";
    for (const { entry, node } of snapshot.boundWithAntiAffinity) {
      if (excluded.has(entry)) continue;
      const labels = (snapshot.kubeNodes[node] as Snapshot["kubeNodes"][number]).labels;
      for (const spec of inverseSpecs(entry.class.constraints, entry.class.labels, snapshot.namespaces)) {
        const group = this.#inverseGroup(spec);
        if (Object.hasOwn(labels, spec.key)) group.record(labels[spec.key] as string);
      }
    }
  }

  /** The rules of a class at a level; brings about the groups nobody has had yet. */
  stance(podClass: PodClass, constraints: Constraints): Stance {
    const key = `${podClass.id},${constraints.id}`;
    let found = this.#stances.get(key);
    if (found === undefined) {
      const { sets, namespaces } = this.#snapshot;
      const inverseOwned = inverseSpecs(constraints, podClass.labels, namespaces).map((spec) => this.#inverseGroup(spec));
      const owned = constraints.hasTopology ? groupSpecs(constraints, podClass.labels, sets, namespaces, this.#ignorePreferences).map((spec) => this.#group(spec)) : [];
      found = { class: podClass, constraints, owned: [...new Set(owned)], inverseOwned: [...new Set(inverseOwned)] };
      this.#stances.set(key, found);
    }
    return found;
  }

  /** Others' anti-affinity that keeps pods of this class away. */
  inverseSelecting(labels: LabelClass): readonly TopologyGroup[] {
    return selecting(labels, this.#inverse, this.#inverseSelecting);
  }

  /**
   * Narrows a candidate to the domains every rule allows. Rules are asked about the candidate as it comes, and what they say is
   * put together at the end, so two rules on one key may choose domains that do not go together.
   */
  narrow(stance: Stance, requirements: RequirementSet, hostname: string, strict: boolean): RequirementSet | TopologyFailure {
    const inverse = this.inverseSelecting(stance.class.labels);
    if (stance.owned.length === 0 && inverse.length === 0) return requirements;
    const { sets } = this.#snapshot;
    const table = sets.table;
    const chosen: Requirement[] = [];
    let last: TopologyGroup | undefined;
    for (const groups of [stance.owned, inverse]) {
      for (const group of groups) {
        const self = group.selects(stance.class.labels);
        if (group.isHostname) {
          if (!hostAllowed(group, self, stance.constraints.strictHostname, hostname)) return { kind: "unsatisfiable", group, podDomains: stance.constraints.strictHostname, nodeDomains: table.is(HOSTNAME_LABEL, hostname) };
          continue;
        }
        const podDomains = stance.constraints.strict.byKey.get(group.spec.key);
        const nodeDomains = requirements.byKey.get(group.spec.key);
        const domains = nextDomain(group, self, podDomains, nodeDomains, table);
        if (domains === undefined) return { kind: "unsatisfiable", group, podDomains, nodeDomains };
        chosen.push(domains);
        last = group;
      }
    }
    if (chosen.length === 0) return requirements;
    const wanted = chosen.length === 1 ? undefined : sets.of(chosen);
    const together = wanted === undefined ? sets.narrow(requirements, chosen[0] as Requirement, strict) : sets.merge(requirements, wanted);
    if (together !== null && (wanted === undefined || sets.compatible(requirements, together, strict))) return together;
    const all = wanted ?? sets.of(chosen);
    const conflict = sets.conflict(requirements, sets.merge(requirements, all), strict);
    return { kind: conflict?.kind === "undefined" ? "undefined" : "incompatible", group: last as TopologyGroup, podDomains: undefined, nodeDomains: undefined, chosen: all };
  }

  /** Counts a pod where it went. Only a candidate that is down to one domain counts, but for anti-affinity, which keeps every domain it might be in. */
  record(stance: Stance, requirements: RequirementSet, hostname: string, taints: readonly Taint[]): void {
    const { sets } = this.#snapshot;
    for (const group of selecting(stance.class.labels, this.#groups, this.#selecting)) {
      if (!filterAdmits(group.spec.filter, requirements, hostname, taints, sets)) continue;
      if (group.isHostname) group.record(hostname);
      else {
        const domains = requirements.byKey.get(group.spec.key);
        if (domains === undefined) continue;
        if (group.spec.type === "anti-affinity") for (const domain of domains.values) group.record(domain);
        else if (!domains.complement && domains.values.length === 1) group.record(domains.values[0] as string);
      }
    }
    for (const group of stance.inverseOwned) {
      if (group.isHostname) group.record(hostname);
      else for (const domain of requirements.byKey.get(group.spec.key)?.values ?? []) group.record(domain);
    }
  }

  #group(spec: GroupSpec): TopologyGroup {
    let found = this.#groups.get(spec.text);
    if (found === undefined) {
      found = this.#counted(spec);
      this.#groups.set(spec.text, found);
    }
    return found;
  }

  #inverseGroup(spec: GroupSpec): TopologyGroup {
    let found = this.#inverse.get(spec.text);
    if (found === undefined) {
      found = new TopologyGroup(spec);
      for (const domain of this.#snapshot.universe.domains(spec.key, spec.tolerations)) found.register(domain);
      this.#inverse.set(spec.text, found);
    }
    return found;
  }

  /** A group as the cluster has it: domains new nodes may have, domains of nodes, and the pods that run. */
  #counted(spec: GroupSpec): TopologyGroup {
    const { universe, nodes, kubeNodes, bound, sets } = this.#snapshot;
    const group = new TopologyGroup(spec);
    // Only spreads may overlook taints: the rules of affinity have no policy, which is not the one that ignores.
    for (const domain of universe.domains(spec.key, spec.filter !== undefined && !spec.filter.honoursTaints ? undefined : spec.tolerations)) group.register(domain);
    const admitted = new Map<number, boolean>();
    const admits = (node: number): boolean => {
      let answer = admitted.get(node);
      if (answer === undefined) {
        const { requirements, labels, taints } = kubeNodes[node] as Snapshot["kubeNodes"][number];
        answer = filterAdmits(spec.filter, requirements, labels[HOSTNAME_LABEL], taints, sets);
        admitted.set(node, answer);
      }
      return answer;
    };
    for (const [index, node] of kubeNodes.entries()) {
      if (node.entry === -1 || this.#removed.has(node.entry)) continue;
      const domain = nodes[node.entry]?.state.labels[spec.key];
      if (domain !== undefined && admits(index)) group.register(domain);
    }
    for (const [labels, pods] of bound) {
      if (!counts(spec, labels, group)) continue;
      for (const { entry, node } of pods) {
        if (this.#excluded.has(entry)) continue;
        const { labels: own, name } = kubeNodes[node] as Snapshot["kubeNodes"][number];
        const domain = own[spec.key] ?? (group.isHostname ? name : undefined);
        if (domain !== undefined && admits(node)) group.record(domain);
      }
    }
    return group;
  }
}

/** Which running pods a rule counts: a rule without selector lists every pod of its namespaces, though it selects none. */
function counts(spec: GroupSpec, labels: LabelClass, group: TopologyGroup): boolean {
  return spec.selector === undefined ? spec.namespaces.has(labels.namespace) : group.selects(labels);
}

/** Groups that select a label class; found again only when groups have come about. */
function selecting(labels: LabelClass, groups: ReadonlyMap<string, TopologyGroup>, known: Map<LabelClass, { size: number; groups: TopologyGroup[] }>): readonly TopologyGroup[] {
  let found = known.get(labels);
  if (found === undefined || found.size !== groups.size) {
    found = { size: groups.size, groups: [...groups.values()].filter((group) => group.selects(labels)) };
    known.set(labels, found);
  }
  return found.groups;
}

