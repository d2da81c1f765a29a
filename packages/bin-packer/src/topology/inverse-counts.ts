import { type Pod, isTerminal } from "@groupless/api";
import type { PodEntry } from "../demand/pod-class.ts";
import { compareNames } from "../prepare/inventory.ts";
import type { KubeChange, KubeNode } from "../prepare/kube-node.ts";
import type { NodeBook } from "../prepare/node-book.ts";
import type { PodBook } from "../prepare/pod-book.ts";
import type { DomainUniverse } from "./domain-universe.ts";
import type { GroupSpec } from "./group-spec.ts";
import type { RuleTable } from "./rule-table.ts";
import { hasSameFace, without } from "./running-counts.ts";
import { TopologyGroup } from "./topology-group.ts";

/** Where pods that keep others away are looked for. */
export interface InverseGrounds {
  readonly pods: PodBook;
  readonly kubeNodeOf: NodeBook["kubeNodeOf"];
  readonly ruleTable: RuleTable;
  readonly universe: DomainUniverse;
}

/** A group of others' anti-affinity as the cluster has it, and who brought it about, in name order. */
interface InverseBase {
  readonly group: TopologyGroup;
  readonly brought: readonly Bringer[];
}

interface Bringer {
  readonly entry: PodEntry;
  readonly node: KubeNode;
}

/** The required anti-affinity of running pods on nodes that Karpenter knows, looked at from the pods it keeps away. */
export class InverseCounts {
  readonly #grounds: InverseGrounds;
  /** By rule, in the order of their texts; found out when first asked for. */
  #bases: ReadonlyMap<string, InverseBase> | undefined;

  constructor(grounds: InverseGrounds, bases?: ReadonlyMap<string, InverseBase>) {
    this.#grounds = grounds;
    this.#bases = bases;
  }

  /** All groups, without what excluded pods brought. */
  *fork(excluded: ReadonlySet<PodEntry>): Iterable<TopologyGroup> {
    const bases = (this.#bases ??= this.#count());
    const affected = new Set<string>();
    if (bases.size > 0) for (const entry of excluded) for (const { text } of this.#specsOf(entry)) affected.add(text);
    for (const [text, { group, brought }] of bases) {
      if (!affected.has(text)) {
        yield new TopologyGroup(group.spec, group);
        continue;
      }
      const left = this.#base(text, brought.filter(({ entry }) => !excluded.has(entry)));
      if (left !== undefined) yield left.group;
    }
  }

  /** A group of others' anti-affinity before anyone has brought it about. */
  empty(spec: GroupSpec): TopologyGroup {
    const group = new TopologyGroup(spec);
    if (!group.isHostname) for (const domain of this.#grounds.universe.domains(spec)) group.register(domain);
    return group;
  }

  /** The counts after some nodes and their pods changed; only rules of pods that came, went or stand on a changed node are counted again. */
  after(grounds: InverseGrounds, changes: readonly KubeChange[]): InverseCounts {
    if (this.#bases === undefined) return new InverseCounts(grounds);
    const came = new Map<string, Bringer[]>();
    const went = new Map<string, Set<PodEntry>>();
    for (const { before, after } of changes) {
      const name = (after ?? (before as KubeNode)).name;
      const [were, are] = [this.#bringersOn(before, this.#grounds.pods.onNode.get(name)), this.#bringersOn(after, grounds.pods.onNode.get(name))];
      if (were.length + are.length === 0) continue;
      const isSame = before !== undefined && after !== undefined && hasSameFace(before, after);
      for (const entry of isSame ? without(were, are) : were) for (const { text } of this.#specsOf(entry)) listOf(went, text, () => new Set<PodEntry>()).add(entry);
      for (const entry of isSame ? without(are, were) : are) for (const { text } of this.#specsOf(entry)) listOf(came, text, (): Bringer[] => []).push({ entry, node: after as KubeNode });
    }
    const next = new InverseCounts(grounds, this.#bases);
    if (came.size + went.size === 0) return next;
    const bases = new Map(this.#bases);
    for (const text of new Set([...went.keys(), ...came.keys()])) {
      const gone = went.get(text);
      const brought = [...(bases.get(text)?.brought ?? []).filter(({ entry }) => gone?.has(entry) !== true), ...(came.get(text) ?? [])];
      const base = next.#base(text, brought.sort((a, b) => compareNames(a.entry.pod, b.entry.pod)));
      if (base === undefined) bases.delete(text);
      else bases.set(text, base);
    }
    next.#bases = inTextOrder(bases);
    return next;
  }

  #count(): ReadonlyMap<string, InverseBase> {
    const { pods, kubeNodeOf } = this.#grounds;
    const brought = new Map<string, Bringer[]>();
    for (const entry of pods.antiAffine) {
      const node = kubeNodeOf.get(entry.pod.spec.nodeName as string);
      if (node?.stateLabels !== undefined) for (const { text } of this.#specsOf(entry)) listOf(brought, text, (): Bringer[] => []).push({ entry, node });
    }
    return inTextOrder(new Map([...brought].map(([text, list]) => [text, this.#base(text, list) as InverseBase])));
  }

  /** The first that brings a group about lends it its tolerations. */
  #base(text: string, brought: readonly Bringer[]): InverseBase | undefined {
    const [first] = brought;
    if (first === undefined) return undefined;
    const group = this.empty(this.#specsOf(first.entry).find((spec) => spec.text === text) as GroupSpec);
    for (const { node } of brought) {
      const domain = Object.hasOwn(node.labels, group.spec.key) ? (node.labels[group.spec.key] as string) : undefined;
      if (domain === undefined) continue;
      if (group.isHostname) group.recordHost(node.host, 1);
      else group.record(domain);
    }
    return { group, brought };
  }

  #bringersOn(node: KubeNode | undefined, entries: readonly PodEntry[] = []): readonly PodEntry[] {
    return node?.stateLabels === undefined ? [] : entries.filter(({ pod, class: { constraints } }) => constraints.antiAffinity.length > 0 && !isTerminal(pod as Pod));
  }

  #specsOf({ class: { constraints, labels } }: PodEntry): readonly GroupSpec[] {
    return constraints.antiAffinity.length === 0 ? [] : this.#grounds.ruleTable.of(constraints, labels).inverse;
  }
}

function listOf<T>(map: Map<string, T>, key: string, make: () => T): T {
  let list = map.get(key);
  if (list === undefined) map.set(key, (list = make()));
  return list;
}

function inTextOrder(bases: ReadonlyMap<string, InverseBase>): ReadonlyMap<string, InverseBase> {
  return new Map([...bases].sort(([a], [b]) => (a < b ? -1 : 1)));
}
