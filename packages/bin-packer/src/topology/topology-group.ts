import { HOSTNAME_LABEL, matchesSelector, type Taint } from "@groupless/api";
import type { LabelClass } from "../demand/pod-class.ts";
import { admits, type Requirement } from "../intern/requirement.ts";
import type { RequirementSet, RequirementSets } from "../intern/requirement-set.ts";
import { tolerates } from "../intern/toleration.ts";
import type { Blocker } from "../place/blocker.ts";
import type { GroupSpec, NodeFilter } from "./group-spec.ts";

/** A domain that new nodes may have stays known whatever happens to the nodes that are there. */
const FOREVER = 0x3fffffff;
const NO_HOSTS: ReadonlyMap<number, number> = new Map();

/**
 * Pods counted by the value of one node label: which pods a rule selects, and where they are. Hosts are counted by number, other
 * domains by name. A fork starts from what its origin counted and leaves that as it is.
 */
export class TopologyGroup {
  readonly spec: GroupSpec;
  readonly isHostname: boolean;
  /** Does the rule look at every node? */
  readonly seesAllNodes: boolean;
  /** Domain names in the order they became known; counts beside them. */
  domains: string[];
  counts: number[];
  /** The domains in which a node can be had; undefined: any. See {@link DomainUniverse.inReach}. */
  inReach: ReadonlySet<string> | undefined;
  /** How many domains have a count above zero. */
  occupied: number;
  /** Open claims that can take no more pods that the rule selects, or no more that it does not. */
  selectedBlocker: Blocker | undefined;
  unselectedBlocker: Blocker | undefined;
  /** Have domains come or gone since it was copied? */
  isReordered = false;
  /** Have pods been counted by domain since it was copied? */
  hasGrown = false;
  /** How many nodes lend each domain. */
  #lent: number[];
  #index: Map<string, number>;
  #shared: boolean;
  #hostsBefore: ReadonlyMap<number, number>;
  readonly #hosts: Map<number, number>;

  constructor(spec: GroupSpec, origin?: TopologyGroup, hosts: Map<number, number> = new Map()) {
    this.spec = spec;
    this.isHostname = spec.key === HOSTNAME_LABEL;
    this.seesAllNodes = spec.filter === undefined || (!spec.filter.honoursTaints && (!spec.filter.honoursAffinity || spec.filter.alternatives.every((alternative) => alternative.requirements.length === 0)));
    this.#shared = origin !== undefined;
    this.domains = origin?.domains ?? [];
    this.counts = origin === undefined ? [] : origin.counts.slice();
    this.inReach = origin?.inReach;
    this.occupied = origin?.occupied ?? 0;
    this.#lent = origin === undefined ? [] : origin.#lent;
    this.#index = origin === undefined ? new Map() : origin.#index;
    this.#hostsBefore = origin === undefined ? NO_HOSTS : origin.#hosts;
    this.#hosts = hosts;
  }

  /** A group of its own that counts the same; of one that is no fork. */
  copy(): TopologyGroup {
    const copy = new TopologyGroup(this.spec, this, new Map(this.#hosts));
    copy.#hostsBefore = NO_HOSTS;
    return copy;
  }

  /** Does the rule look at these pods? */
  selects(labels: LabelClass): boolean {
    return (this.spec.selected[labels.id] ??= selects(this.spec, labels));
  }

  /** Makes a domain known; `node`: only as long as some node lends it. */
  register(domain: string, node = false): void {
    const index = this.#index.get(domain);
    if (index === undefined) this.#append(domain, node ? 1 : FOREVER);
    else {
      this.#own();
      (this.#lent[index] as number) += node ? 1 : FOREVER;
    }
  }

  /** A node no longer lends a domain. */
  withdraw(domain: string): void {
    const index = this.#index.get(domain);
    if (index === undefined) return;
    this.#own();
    (this.#lent[index] as number) -= 1;
    this.#forgetIfGone(index);
  }

  record(domain: string): void {
    this.hasGrown = true;
    let index = this.#index.get(domain);
    if (index === undefined) index = this.#append(domain, 0);
    const before = this.counts[index] as number;
    this.counts[index] = before + 1;
    if (before === 0) this.occupied++;
  }

  /** Takes back a recorded pod. */
  unrecord(domain: string): void {
    const index = this.#index.get(domain);
    if (index === undefined) return;
    const left = (this.counts[index] as number) - 1;
    this.counts[index] = left;
    if (left > 0) return;
    this.occupied--;
    this.#forgetIfGone(index);
  }

  /** Is one domain to be taken before another that counts as many pods? What can be had goes first, then names. */
  precedes(domain: string, other: string): boolean {
    const { inReach } = this;
    if (inReach !== undefined && inReach.has(domain) !== inReach.has(other)) return inReach.has(domain);
    return domain < other;
  }

  /** Pods in the domain, or undefined if the domain is not known. */
  count(domain: string): number | undefined {
    const index = this.#index.get(domain);
    return index === undefined ? undefined : this.counts[index];
  }

  recordHost(host: number, by: 1 | -1): number {
    const before = this.hostCount(host);
    const after = before + by;
    this.#hosts.set(host, (this.#hosts.get(host) ?? 0) + by);
    if (before === 0) this.occupied++;
    else if (after === 0) this.occupied--;
    return after;
  }

  hostCount(host: number): number {
    return (this.#hostsBefore.get(host) ?? 0) + (this.#hosts.get(host) ?? 0);
  }

  /** Hosts that have been counted on. */
  *hosts(): Iterable<number> {
    for (const host of this.#hostsBefore.keys()) if (this.hostCount(host) > 0) yield host;
    for (const host of this.#hosts.keys()) if (!this.#hostsBefore.has(host) && this.hostCount(host) > 0) yield host;
  }

  /** The most a host may hold for one more pod to go there. */
  mostOnHost(self: boolean): number {
    return this.spec.type === "anti-affinity" ? 0 : this.spec.maxSkew - (self ? 1 : 0);
  }

  #append(domain: string, lent: number): number {
    this.#own();
    this.isReordered = true;
    const index = this.domains.length;
    this.#index.set(domain, index);
    this.domains.push(domain);
    this.counts.push(0);
    this.#lent.push(lent);
    return index;
  }

  #forgetIfGone(index: number): void {
    if ((this.#lent[index] as number) > 0 || (this.counts[index] as number) > 0) return;
    this.#own();
    this.isReordered = true;
    const last = this.domains.length - 1;
    this.#index.delete(this.domains[index] as string);
    if (index !== last) {
      this.domains[index] = this.domains[last] as string;
      this.counts[index] = this.counts[last] as number;
      this.#lent[index] = this.#lent[last] as number;
      this.#index.set(this.domains[index] as string, index);
    }
    this.domains.pop();
    this.counts.pop();
    this.#lent.pop();
  }

  /** Before the first change to what a fork shares with its origin. */
  #own(): void {
    if (!this.#shared) return;
    this.#shared = false;
    this.domains = this.domains.slice();
    this.#lent = this.#lent.slice();
    this.#index = new Map(this.#index);
  }
}

function selects(spec: GroupSpec, labels: LabelClass): boolean {
  return looksAt(spec, labels) && spec.also.every((other) => looksAt(other, labels));
}

function looksAt({ selector, badSelector, namespaces }: Pick<GroupSpec, "selector" | "badSelector" | "namespaces">, labels: LabelClass): boolean {
  return selector !== undefined && !badSelector && namespaces.has(labels.namespace) && matchesSelector(selector, labels.labels);
}

/** Does the spread look at a node of these labels, hostname and taints? Requirements of nodes to be made are read as strictly as labels, unless `strict` is off. */
export function filterAdmits(filter: NodeFilter | undefined, node: RequirementSet, hostname: string | undefined, taints: readonly Taint[], sets: RequirementSets, strict = true): boolean {
  if (filter === undefined) return true;
  if (!filterAdmitsTaints(filter, taints)) return false;
  if (!filter.honoursAffinity || filter.alternatives.length === 0) return true;
  return filter.alternatives.some((alternative) => {
    const { rest, hostname: wanted } = sets.splitHostname(alternative);
    return sets.compatible(node, rest, strict) && (wanted === undefined || hostnameAdmitted(wanted, hostname));
  });
}

export function filterAdmitsTaints({ honoursTaints, softTaintsCount, tolerations }: NodeFilter, taints: readonly Taint[]): boolean {
  return !honoursTaints || tolerates(softTaintsCount ? taints : taints.filter(({ effect }) => effect !== "PreferNoSchedule"), tolerations);
}

export function hostnameAdmitted(wanted: Requirement, hostname: string | undefined): boolean {
  if (hostname === undefined) return wanted.absent;
  return admits(wanted, hostname);
}
