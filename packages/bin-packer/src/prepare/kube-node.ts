import { HOSTNAME_LABEL, isActive, type Labels, type Node, type Taint } from "@groupless/api";
import type { PodEntry } from "../demand/pod-class.ts";
import { normalisedKey, type Requirement } from "../intern/requirement.ts";
import type { RequirementSet, RequirementSets } from "../intern/requirement-set.ts";
import type { Rules } from "../profile/rules.ts";
import type { StateNode } from "../supply/state-node.ts";
import type { Hosts } from "./hosts.ts";

/** A Node object as topology sees it. */
export interface KubeNode {
  readonly node: Node;
  readonly name: string;
  readonly labels: Labels;
  readonly requirements: RequirementSet;
  readonly taints: readonly Taint[];
  readonly host: number;
  /** Its labels as Karpenter's state has them; undefined where the state does not know it. */
  readonly stateLabels: Labels | undefined;
  /** The pods on it that are neither done nor going. */
  readonly pods: readonly PodEntry[];
}

/** One Node object as it was and as it is. */
export interface KubeChange {
  readonly before: KubeNode | undefined;
  readonly after: KubeNode | undefined;
}

/** What reading a node depends on besides itself. */
export interface NodeTerms {
  readonly rules: Pick<Rules, "nodesAsTheyWillBe" | "daemonsKeepTerms">;
  readonly sets: RequirementSets;
  /** Label keys that some pod asks for. */
  readonly asked: ReadonlySet<string>;
  readonly hosts: Hosts;
}

export function kubeNodeOf(node: Node, state: StateNode | undefined, pods: readonly PodEntry[], { rules: { nodesAsTheyWillBe }, sets, asked, hosts }: NodeTerms): KubeNode {
  const { name, labels: today = {} } = node.metadata;
  const labels = nodesAsTheyWillBe && state !== undefined ? { [HOSTNAME_LABEL]: state.hostname, ...state.labels } : today;
  return {
    node,
    name,
    labels,
    requirements: labelRequirements(labels, sets, asked),
    taints: node.spec?.taints ?? [],
    host: hosts.number(labels[HOSTNAME_LABEL] ?? name),
    stateLabels: nodesAsTheyWillBe ? labels : state?.labels,
    pods: pods.filter(({ pod }) => isActive(pod)),
  };
}

/** What a node's labels say about the keys that some pod asks for; no one looks at the others. */
export function labelRequirements(labels: Labels, sets: RequirementSets, asked: ReadonlySet<string>): RequirementSet {
  const found: Requirement[] = [];
  if (asked.size > 0) {
    for (const key in labels) {
      const normal = normalisedKey(key);
      if (asked.has(normal)) found.push(sets.table.is(normal, labels[key] as string));
    }
  }
  return found.length === 0 ? sets.empty : sets.of(found);
}
