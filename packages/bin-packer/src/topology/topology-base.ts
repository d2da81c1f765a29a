import { HOSTNAME_LABEL } from "@groupless/api";
import type { Constraints } from "../demand/constraints.ts";
import type { LabelClass, PodEntry } from "../demand/pod-class.ts";
import type { BoundPod, KubeNode, Snapshot } from "../prepare/snapshot.ts";
import { type GroupSpec, groupSpecs, inverseSpecs } from "./group-spec.ts";
import { filterAdmits, TopologyGroup } from "./topology-group.ts";

/** The rules of some pods, before they are counted. */
export interface Rules {
  readonly owned: readonly GroupSpec[];
  /** Their required anti-affinity, looked at from the pods they keep away. */
  readonly inverse: readonly GroupSpec[];
}

/** A group of others' anti-affinity as the cluster has it, and who brought it about, in the order found. */
interface InverseBase {
  readonly group: TopologyGroup;
  readonly brought: readonly BoundPod[];
}

const NO_RULES: Rules = { owned: [], inverse: [] };

/** What topology can work out once for all solves of a snapshot: rules, hosts by number, and counts of the pods that run. */
export class TopologyBase {
  readonly #snapshot: Snapshot;
  readonly #ignorePreferences: boolean;
  readonly #rules: Map<string, Rules>[] = [];
  readonly #hostNumbers = new Map<string, number>();
  readonly #hostNames: string[] = [];
  readonly #counted = new Map<string, TopologyGroup>();
  readonly #inverse: ReadonlyMap<string, InverseBase>;
  /** Host number of each node entry and of each Node object. */
  readonly hostOfEntry: Int32Array;
  readonly hostOfNode: Int32Array;

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
    this.#ignorePreferences = snapshot.options.preferencePolicy === "Ignore";
    this.hostOfEntry = Int32Array.from(snapshot.nodes, (node) => this.#host(node.hostname));
    this.hostOfNode = Int32Array.from(snapshot.kubeNodes, (node) => this.#host(node.labels[HOSTNAME_LABEL] ?? node.name));
    const inverse = new Map<string, { group: TopologyGroup; brought: BoundPod[] }>();
    for (const bound of snapshot.boundWithAntiAffinity) {
      for (const spec of this.rules(bound.entry.class.constraints, bound.entry.class.labels).inverse) {
        let base = inverse.get(spec.text);
        if (base === undefined) inverse.set(spec.text, (base = { group: this.emptyInverse(spec), brought: [] }));
        base.brought.push(bound);
        this.#recordInverse(base.group, bound);
      }
    }
    this.#inverse = inverse;
  }

  get hosts(): number {
    return this.#hostNames.length;
  }

  hostName(host: number): string {
    return this.#hostNames[host] as string;
  }

  rules(constraints: Constraints, labels: LabelClass): Rules {
    if (!constraints.hasTopology) return NO_RULES;
    const byLabels = (this.#rules[constraints.id] ??= new Map());
    // Labels matter only to rules that copy their values into the selector.
    const key = constraints.spreads.some((spread) => spread.matchLabelKeys !== undefined) ? `${labels.id}` : `/${labels.namespace}`;
    let rules = byLabels.get(key);
    if (rules === undefined) {
      const { sets, namespaces } = this.#snapshot;
      rules = { owned: groupSpecs(constraints, labels, sets, namespaces, this.#ignorePreferences), inverse: inverseSpecs(constraints, labels, namespaces) };
      byLabels.set(key, rules);
    }
    return rules;
  }

  /** A group that counts the running pods of the snapshot but the excluded ones, with the domains of its nodes but the removed ones. */
  fork(spec: GroupSpec, excluded: ReadonlySet<PodEntry>, excludedBound: readonly BoundPod[], removed: readonly number[]): TopologyGroup {
    let base = this.#counted.get(spec.full);
    if (base === undefined) this.#counted.set(spec.full, (base = this.#count(spec)));
    const group = new TopologyGroup(spec, base);
    for (const { entry, node } of excludedBound) {
      if (!excluded.has(entry) || !counts(spec, entry.class.labels, group)) continue;
      const domain = this.#domainOf(spec, node);
      if (domain === undefined || !this.#admits(spec, node)) continue;
      if (group.isHostname) group.recordHost(this.hostOfNode[node] as number, -1);
      else group.unrecord(domain);
    }
    if (!group.isHostname) {
      for (const node of removed) {
        const domain = this.#lentDomain(spec, node);
        if (domain !== undefined) group.withdraw(domain);
      }
    }
    return group;
  }

  /** Others' anti-affinity without what excluded pods brought; in the order it was found. */
  *forkInverse(excluded: ReadonlySet<PodEntry>): Iterable<TopologyGroup> {
    for (const { group, brought } of this.#inverse.values()) {
      if (!brought.some((bound) => excluded.has(bound.entry))) {
        yield new TopologyGroup(group.spec, group);
        continue;
      }
      const left = brought.filter((bound) => !excluded.has(bound.entry));
      const first = left[0];
      if (first === undefined) continue;
      // The first that brings a group about lends it its tolerations.
      const spec = this.rules(first.entry.class.constraints, first.entry.class.labels).inverse.find((other) => other.text === group.spec.text) ?? group.spec;
      const rebuilt = this.emptyInverse(spec);
      for (const bound of left) this.#recordInverse(rebuilt, bound);
      yield rebuilt;
    }
  }

  emptyInverse(spec: GroupSpec): TopologyGroup {
    const group = new TopologyGroup(spec);
    if (!group.isHostname) for (const domain of this.#snapshot.universe.domains(spec.key, spec.tolerations)) group.register(domain);
    return group;
  }

  #recordInverse(group: TopologyGroup, { node }: BoundPod): void {
    const { labels } = this.#snapshot.kubeNodes[node] as KubeNode;
    const domain = Object.hasOwn(labels, group.spec.key) ? (labels[group.spec.key] as string) : undefined;
    if (domain === undefined) return;
    if (group.isHostname) group.recordHost(this.hostOfNode[node] as number, 1);
    else group.record(domain);
  }

  /** A group as the cluster has it: domains new nodes may have, domains of nodes, and the pods that run. */
  #count(spec: GroupSpec): TopologyGroup {
    const { universe, kubeNodes, bound } = this.#snapshot;
    const group = new TopologyGroup(spec);
    if (!group.isHostname) {
      // Only spreads may overlook taints: the rules of affinity have no policy, which is not the one that ignores.
      for (const domain of universe.domains(spec.key, spec.filter !== undefined && !spec.filter.honoursTaints ? undefined : spec.tolerations)) group.register(domain);
      for (let node = 0; node < kubeNodes.length; node++) {
        const domain = this.#lentDomain(spec, node);
        if (domain !== undefined) group.register(domain, true);
      }
    }
    for (const [labels, pods] of bound) {
      if (!counts(spec, labels, group)) continue;
      for (const { node } of pods) {
        const domain = this.#domainOf(spec, node);
        if (domain === undefined || !this.#admits(spec, node)) continue;
        if (group.isHostname) group.recordHost(this.hostOfNode[node] as number, 1);
        else group.record(domain);
      }
    }
    return group;
  }

  /** The domain a node of Karpenter's state adds, pods or not. */
  #lentDomain(spec: GroupSpec, node: number): string | undefined {
    const { entry } = this.#snapshot.kubeNodes[node] as KubeNode;
    if (entry === -1) return undefined;
    const domain = this.#snapshot.nodes[entry]?.state.labels[spec.key];
    return domain !== undefined && this.#admits(spec, node) ? domain : undefined;
  }

  #domainOf(spec: GroupSpec, node: number): string | undefined {
    const { labels, name } = this.#snapshot.kubeNodes[node] as KubeNode;
    return labels[spec.key] ?? (spec.key === HOSTNAME_LABEL ? name : undefined);
  }

  #admits(spec: GroupSpec, node: number): boolean {
    if (spec.filter === undefined) return true;
    const { requirements, labels, taints } = this.#snapshot.kubeNodes[node] as KubeNode;
    return filterAdmits(spec.filter, requirements, labels[HOSTNAME_LABEL], taints, this.#snapshot.sets);
  }

  #host(name: string): number {
    let number = this.#hostNumbers.get(name);
    if (number === undefined) {
      number = this.#hostNames.length;
      this.#hostNumbers.set(name, number);
      this.#hostNames.push(name);
    }
    return number;
  }
}

/** Which running pods a rule counts: a rule without selector lists every pod of its namespaces, though it selects none. */
function counts(spec: GroupSpec, labels: LabelClass, group: TopologyGroup): boolean {
  return spec.selector === undefined ? spec.namespaces.has(labels.namespace) : group.selects(labels);
}
