import { HOSTNAME_LABEL, type Labels } from "@groupless/api";
import type { LabelClass, PodEntry } from "../demand/pod-class.ts";
import type { RequirementSets } from "../intern/requirement-set.ts";
import type { KubeChange, KubeNode } from "../prepare/kube-node.ts";
import type { DomainUniverse } from "./domain-universe.ts";
import type { GroupSpec } from "./group-spec.ts";
import { filterAdmits, TopologyGroup } from "./topology-group.ts";

/** What running pods are counted over. */
export interface Grounds {
  readonly kubeNodes: readonly KubeNode[];
  readonly universe: DomainUniverse;
  readonly sets: RequirementSets;
}

/** Pods that came to a node or went from it, and whether the node itself did. */
interface Move {
  readonly node: KubeNode;
  readonly by: 1 | -1;
  readonly pods: readonly PodEntry[];
  readonly lends: boolean;
}

/** The pods that run, counted for each rule that has been asked about. */
export class RunningCounts {
  readonly #grounds: Grounds;
  readonly #counted: Map<string, TopologyGroup>;
  #byLabels: ReadonlyMap<LabelClass, readonly KubeNode[]> | undefined;

  constructor(grounds: Grounds, counted: Map<string, TopologyGroup> = new Map()) {
    this.#grounds = grounds;
    this.#counted = counted;
  }

  /** A group as the cluster has it: domains new nodes may have, domains of nodes, and the pods that run. To be forked, not changed. */
  of(spec: GroupSpec): TopologyGroup {
    let group = this.#counted.get(spec.full);
    if (group === undefined) this.#counted.set(spec.full, (group = this.#count(spec)));
    return group;
  }

  /** The counts after some nodes and their pods changed, of the rules that have been asked about; what would come in another order is counted anew when it is asked for. */
  after(grounds: Grounds, changes: readonly KubeChange[]): RunningCounts {
    if (this.#counted.size === 0) return new RunningCounts(grounds);
    const moves = changes.flatMap(movesOf);
    // What comes before what goes: fewer domains are forgotten in between.
    moves.sort((a, b) => b.by - a.by);
    const counted = new Map<string, TopologyGroup>();
    for (const [text, group] of this.#counted) {
      const carried = moves.length === 0 ? group : this.#carried(group, moves);
      if (carried !== undefined) counted.set(text, carried);
    }
    return new RunningCounts(grounds, counted);
  }

  /** Counts a pod of these labels on a node, or takes it back. */
  move(group: TopologyGroup, labels: LabelClass, node: KubeNode, by: 1 | -1): void {
    const { spec } = group;
    if (!counts(spec, labels, group)) return;
    const domain = domainOf(spec, node);
    if (domain === undefined || !this.#admits(spec, node)) return;
    if (group.isHostname) group.recordHost(node.host, by);
    else if (by === 1) group.record(domain);
    else group.unrecord(domain);
  }

  /** The domain a node of Karpenter's state adds, pods or not. */
  lentDomain(spec: GroupSpec, node: KubeNode): string | undefined {
    const domain = node.stateLabels?.[spec.key];
    return domain !== undefined && this.#admits(spec, node) ? domain : undefined;
  }

  #count(spec: GroupSpec): TopologyGroup {
    const { universe, kubeNodes } = this.#grounds;
    const group = new TopologyGroup(spec);
    if (!group.isHostname) {
      const domains = universe.domains(spec);
      for (const domain of domains) group.register(domain);
      if (domains.length > 0 && spec.type !== "anti-affinity") group.inReach = universe.inReach(spec);
      for (const node of kubeNodes) {
        const domain = this.lentDomain(spec, node);
        if (domain !== undefined) group.register(domain, true);
      }
    }
    this.#byLabels ??= nodesByLabels(kubeNodes);
    for (const [labels, nodes] of this.#byLabels) if (counts(spec, labels, group)) for (const node of nodes) this.move(group, labels, node, 1);
    return group;
  }

  #carried(group: TopologyGroup, moves: readonly Move[]): TopologyGroup | undefined {
    let copy: TopologyGroup | undefined;
    const { spec, isHostname } = group;
    for (const { node, by, pods, lends } of moves) {
      const lent = lends && !isHostname ? this.lentDomain(spec, node) : undefined;
      if (lent !== undefined) {
        copy ??= group.copy();
        if (by === 1) copy.register(lent, true);
        else copy.withdraw(lent);
      }
      for (const { class: podClass } of pods) {
        if (!counts(spec, podClass.labels, group)) continue;
        copy ??= group.copy();
        this.move(copy, podClass.labels, node, by);
      }
    }
    return copy === undefined ? group : copy.isReordered ? undefined : copy;
  }

  #admits(spec: GroupSpec, { requirements, labels, taints }: KubeNode): boolean {
    return spec.filter === undefined || filterAdmits(spec.filter, requirements, labels[HOSTNAME_LABEL], taints, this.#grounds.sets);
  }
}

/** Is the node to topology what it was, its pods aside? */
export function hasSameFace(a: KubeNode, b: KubeNode): boolean {
  return a.host === b.host && sameLabels(a.labels, b.labels) && sameLabels(a.stateLabels, b.stateLabels) && (a.taints === b.taints || JSON.stringify(a.taints) === JSON.stringify(b.taints));
}

/** The first list without what the second has too. */
export function without(some: readonly PodEntry[], others: readonly PodEntry[]): readonly PodEntry[] {
  const known = new Set(others);
  return some.filter((entry) => !known.has(entry));
}

function movesOf({ before, after }: KubeChange): Move[] {
  if (before !== undefined && after !== undefined && hasSameFace(before, after)) {
    const [came, went] = [without(after.pods, before.pods), without(before.pods, after.pods)];
    return [...(came.length === 0 ? [] : [{ node: after, by: 1, pods: came, lends: false } as const]), ...(went.length === 0 ? [] : [{ node: before, by: -1, pods: went, lends: false } as const])];
  }
  return [...(after === undefined ? [] : [{ node: after, by: 1, pods: after.pods, lends: true } as const]), ...(before === undefined ? [] : [{ node: before, by: -1, pods: before.pods, lends: true } as const])];
}

function sameLabels(a: Labels | undefined, b: Labels | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  for (const key in a) if (a[key] !== b[key]) return false;
  for (const key in b) if (!(key in a)) return false;
  return true;
}

/** The nodes of running pods, a mention a pod, by what topology sees of the pod. */
function nodesByLabels(kubeNodes: readonly KubeNode[]): ReadonlyMap<LabelClass, readonly KubeNode[]> {
  const found = new Map<LabelClass, KubeNode[]>();
  for (const node of kubeNodes) {
    for (const { class: podClass } of node.pods) {
      const list = found.get(podClass.labels);
      if (list === undefined) found.set(podClass.labels, [node]);
      else list.push(node);
    }
  }
  return found;
}

function domainOf(spec: GroupSpec, { labels, name }: KubeNode): string | undefined {
  return labels[spec.key] ?? (spec.key === HOSTNAME_LABEL ? name : undefined);
}

/** Which running pods a rule counts. */
function counts(spec: GroupSpec, labels: LabelClass, group: TopologyGroup): boolean {
  return spec.listsAll ? spec.namespaces.has(labels.namespace) : group.selects(labels);
}
