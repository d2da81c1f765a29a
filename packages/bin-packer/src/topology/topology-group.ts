import { HOSTNAME_LABEL, matchesSelector, type Taint } from "@groupless/api";
import type { LabelClass } from "../demand/pod-class.ts";
import { admits, type Requirement } from "../intern/requirement.ts";
import type { RequirementSet, RequirementSets } from "../intern/requirement-set.ts";
import { tolerates } from "../intern/toleration.ts";
import type { GroupSpec, NodeFilter } from "./group-spec.ts";

/** Pods counted by the value of one node label: which pods a spec selects, and where they are. */
export class TopologyGroup {
  readonly spec: GroupSpec;
  readonly isHostname: boolean;
  /** Domain names in the order they became known; counts beside them. */
  readonly domains: string[];
  readonly counts: number[];
  /** How many domains have a count above zero. */
  occupied: number;
  readonly #index: Map<string, number>;
  readonly #selected: Map<number, boolean>;

  constructor(spec: GroupSpec, from?: TopologyGroup) {
    this.spec = spec;
    this.isHostname = spec.key === HOSTNAME_LABEL;
    this.domains = from === undefined ? [] : from.domains.slice();
    this.counts = from === undefined ? [] : from.counts.slice();
    this.occupied = from === undefined ? 0 : from.occupied;
    this.#index = from === undefined ? new Map() : new Map(from.#index);
    this.#selected = from === undefined ? new Map() : from.#selected;
  }

  /** Does the rule look at these pods? */
  selects(labels: LabelClass): boolean {
    let found = this.#selected.get(labels.id);
    if (found === undefined) this.#selected.set(labels.id, (found = selects(this.spec, labels)));
    return found;
  }

  register(domain: string): void {
    if (this.#index.has(domain)) return;
    this.#index.set(domain, this.domains.length);
    this.domains.push(domain);
    this.counts.push(0);
  }

  record(domain: string, by = 1): void {
    this.register(domain);
    const index = this.#index.get(domain) as number;
    const before = this.counts[index] as number;
    this.counts[index] = before + by;
    if (before === 0) this.occupied++;
    else if (before + by === 0) this.occupied--;
  }

  forget(domain: string): void {
    const index = this.#index.get(domain);
    if (index === undefined) return;
    const last = this.domains.length - 1;
    if ((this.counts[index] as number) > 0) this.occupied--;
    this.#index.delete(domain);
    if (index !== last) {
      const moved = this.domains[last] as string;
      this.domains[index] = moved;
      this.counts[index] = this.counts[last] as number;
      this.#index.set(moved, index);
    }
    this.domains.pop();
    this.counts.pop();
  }

  /** Pods in the domain, or undefined if the domain is not known. */
  count(domain: string): number | undefined {
    const index = this.#index.get(domain);
    return index === undefined ? undefined : this.counts[index];
  }
}

function selects(spec: GroupSpec, labels: LabelClass): boolean {
  return spec.selector !== undefined && !spec.badSelector && spec.namespaces.has(labels.namespace) && matchesSelector(spec.selector, labels.labels);
}

/** Does the spread look at a node of these labels, hostname and taints? Requirements of nodes to be made are read as strictly as labels. */
export function filterAdmits(filter: NodeFilter | undefined, node: RequirementSet, hostname: string | undefined, taints: readonly Taint[], sets: RequirementSets): boolean {
  if (filter === undefined) return true;
  if (filter.honoursTaints && !tolerates(taints, filter.tolerations)) return false;
  if (!filter.honoursAffinity || filter.alternatives.length === 0) return true;
  return filter.alternatives.some((alternative) => {
    const { rest, hostname: wanted } = sets.splitHostname(alternative);
    return sets.compatible(node, rest, true) && (wanted === undefined || hostnameAdmitted(wanted, hostname));
  });
}

function hostnameAdmitted(wanted: Requirement, hostname: string | undefined): boolean {
  if (hostname === undefined) return wanted.complement === wanted.values.length > 0;
  return admits(wanted, hostname);
}
