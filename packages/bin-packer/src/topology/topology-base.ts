import type { Constraints } from "../demand/constraints.ts";
import type { LabelClass, PodEntry } from "../demand/pod-class.ts";
import type { Hosts } from "../prepare/hosts.ts";
import type { KubeChange, KubeNode } from "../prepare/kube-node.ts";
import type { BoundPod } from "../prepare/snapshot.ts";
import type { GroupSpec } from "./group-spec.ts";
import { InverseCounts, type InverseGrounds } from "./inverse-counts.ts";
import type { Rules } from "./rule-table.ts";
import { type Grounds, RunningCounts } from "./running-counts.ts";
import { TopologyGroup } from "./topology-group.ts";

/** What topology looks at of a snapshot. */
export interface BaseGrounds extends Grounds, InverseGrounds {
  readonly hosts: Hosts;
}

/** What topology can work out once for all solves of a snapshot: rules, hosts by number, and counts of the pods that run. */
export class TopologyBase {
  readonly #grounds: BaseGrounds;
  readonly #running: RunningCounts;
  readonly #inverse: InverseCounts;

  constructor(grounds: BaseGrounds, running: RunningCounts = new RunningCounts(grounds), inverse: InverseCounts = new InverseCounts(grounds)) {
    this.#grounds = grounds;
    this.#running = running;
    this.#inverse = inverse;
  }

  /** The base after some nodes and their pods changed; rules, pools and namespaces are what they were. */
  after(grounds: BaseGrounds, changes: readonly KubeChange[]): TopologyBase {
    return new TopologyBase(grounds, this.#running.after(grounds, changes), this.#inverse.after(grounds, changes));
  }

  /** Numbers from here on stand for no host of the cluster. */
  get hosts(): number {
    return this.#grounds.hosts.size;
  }

  hostName(host: number): string {
    return this.#grounds.hosts.name(host);
  }

  rules(constraints: Constraints, labels: LabelClass): Rules {
    return this.#grounds.ruleTable.of(constraints, labels);
  }

  /** A group that counts the running pods of the snapshot but the excluded ones, with the domains of its nodes but the removed ones. */
  fork(spec: GroupSpec, excluded: ReadonlySet<PodEntry>, excludedBound: readonly BoundPod[], removed: readonly KubeNode[]): TopologyGroup {
    const group = new TopologyGroup(spec, this.#running.of(spec));
    for (const { entry, node } of excludedBound) if (excluded.has(entry)) this.#running.move(group, entry.class.labels, node, -1);
    if (!group.isHostname) {
      for (const node of removed) {
        const domain = this.#running.lentDomain(spec, node);
        if (domain !== undefined) group.withdraw(domain);
      }
    }
    return group;
  }

  /** Others' anti-affinity without what excluded pods brought. */
  forkInverse(excluded: ReadonlySet<PodEntry>): Iterable<TopologyGroup> {
    return this.#inverse.fork(excluded);
  }

  emptyInverse(spec: GroupSpec): TopologyGroup {
    return this.#inverse.empty(spec);
  }
}
