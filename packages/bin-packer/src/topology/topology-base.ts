import { HOSTNAME_LABEL } from "@groupless/api";
import type { Constraints } from "../demand/constraints.ts";
import type { LabelClass, PodEntry } from "../demand/pod-class.ts";
import type { KubeNode } from "../prepare/kube-node.ts";
import type { BoundPod, Snapshot } from "../prepare/snapshot.ts";
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
  readonly #counted = new Map<string, TopologyGroup>();
  #inverse: ReadonlyMap<string, InverseBase> | undefined;
  #bound: ReadonlyMap<LabelClass, readonly BoundPod[]> | undefined;

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
    this.#ignorePreferences = snapshot.options.preferencePolicy === "Ignore";
  }

  /** Numbers from here on stand for no host of the cluster. */
  get hosts(): number {
    return this.#snapshot.tables.hosts.size;
  }

  hostName(host: number): string {
    return this.#snapshot.tables.hosts.name(host);
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
  fork(spec: GroupSpec, excluded: ReadonlySet<PodEntry>, excludedBound: readonly BoundPod[], removed: readonly KubeNode[]): TopologyGroup {
    let base = this.#counted.get(spec.full);
    if (base === undefined) this.#counted.set(spec.full, (base = this.#count(spec)));
    const group = new TopologyGroup(spec, base);
    for (const { entry, node } of excludedBound) {
      if (!excluded.has(entry) || !counts(spec, entry.class.labels, group)) continue;
      const domain = this.#domainOf(spec, node);
      if (domain === undefined || !this.#admits(spec, node)) continue;
      if (group.isHostname) group.recordHost(node.host, -1);
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
    this.#inverse ??= this.#countInverse();
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
    const { labels } = node;
    const domain = Object.hasOwn(labels, group.spec.key) ? (labels[group.spec.key] as string) : undefined;
    if (domain === undefined) return;
    if (group.isHostname) group.recordHost(node.host, 1);
    else group.record(domain);
  }

  /** A group as the cluster has it: domains new nodes may have, domains of nodes, and the pods that run. */
  #count(spec: GroupSpec): TopologyGroup {
    const { universe, kubeNodes } = this.#snapshot;
    const group = new TopologyGroup(spec);
    if (!group.isHostname) {
      // Only spreads may overlook taints: the rules of affinity have no policy, which is not the one that ignores.
      for (const domain of universe.domains(spec.key, spec.filter !== undefined && !spec.filter.honoursTaints ? undefined : spec.tolerations)) group.register(domain);
      for (const node of kubeNodes) {
        const domain = this.#lentDomain(spec, node);
        if (domain !== undefined) group.register(domain, true);
      }
    }
    this.#bound ??= boundByLabels(kubeNodes);
    for (const [labels, pods] of this.#bound) {
      if (!counts(spec, labels, group)) continue;
      for (const { node } of pods) {
        const domain = this.#domainOf(spec, node);
        if (domain === undefined || !this.#admits(spec, node)) continue;
        if (group.isHostname) group.recordHost(node.host, 1);
        else group.record(domain);
      }
    }
    return group;
  }

  /** Others' anti-affinity as the running pods of nodes that Karpenter knows bring it about. */
  #countInverse(): ReadonlyMap<string, InverseBase> {
    const { pods, kubeNodeOf } = this.#snapshot;
    const inverse = new Map<string, { group: TopologyGroup; brought: BoundPod[] }>();
    for (const entry of pods.antiAffine) {
      const node = kubeNodeOf.get(entry.pod.spec.nodeName as string);
      if (node?.stateLabels === undefined) continue;
      for (const spec of this.rules(entry.class.constraints, entry.class.labels).inverse) {
        let base = inverse.get(spec.text);
        if (base === undefined) inverse.set(spec.text, (base = { group: this.emptyInverse(spec), brought: [] }));
        base.brought.push({ entry, node });
        this.#recordInverse(base.group, { entry, node });
      }
    }
    return inverse;
  }

  /** The domain a node of Karpenter's state adds, pods or not. */
  #lentDomain(spec: GroupSpec, node: KubeNode): string | undefined {
    const domain = node.stateLabels?.[spec.key];
    return domain !== undefined && this.#admits(spec, node) ? domain : undefined;
  }

  #domainOf(spec: GroupSpec, { labels, name }: KubeNode): string | undefined {
    return labels[spec.key] ?? (spec.key === HOSTNAME_LABEL ? name : undefined);
  }

  #admits(spec: GroupSpec, { requirements, labels, taints }: KubeNode): boolean {
    return spec.filter === undefined || filterAdmits(spec.filter, requirements, labels[HOSTNAME_LABEL], taints, this.#snapshot.sets);
  }
}

/** Running pods by what topology sees of them. */
function boundByLabels(kubeNodes: readonly KubeNode[]): ReadonlyMap<LabelClass, readonly BoundPod[]> {
  const bound = new Map<LabelClass, BoundPod[]>();
  for (const node of kubeNodes) {
    for (const entry of node.pods) {
      const list = bound.get(entry.class.labels);
      if (list === undefined) bound.set(entry.class.labels, [{ entry, node }]);
      else list.push({ entry, node });
    }
  }
  return bound;
}

/** Which running pods a rule counts: a rule without selector lists every pod of its namespaces, though it selects none. */
function counts(spec: GroupSpec, labels: LabelClass, group: TopologyGroup): boolean {
  return spec.selector === undefined ? spec.namespaces.has(labels.namespace) : group.selects(labels);
}
