import { type HostPort, portsConflict } from "../demand/host-port.ts";
import type { Attachments, PodEntry } from "../demand/pod-class.ts";
import { admits } from "../intern/requirement.ts";
import type { RequirementSet } from "../intern/requirement-set.ts";
import { type Amounts, subtract } from "../intern/resources.ts";
import { tolerates } from "../intern/toleration.ts";
import type { NodeEntry } from "../prepare/node-entry.ts";
import type { Snapshot } from "../prepare/snapshot.ts";
import type { Stance, Topology } from "../topology/topology.ts";

/** A node that exists, with the pods this solve puts on it: nothing of the snapshot is changed. */
export class ExistingNode {
  readonly entry: NodeEntry;
  readonly pods: PodEntry[] = [];
  requirements: RequirementSet;
  remaining: Amounts;
  #ports: readonly { readonly pod: string; readonly ports: readonly HostPort[] }[];
  #attached: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(entry: NodeEntry) {
    this.entry = entry;
    this.requirements = entry.requirements;
    this.remaining = entry.remaining;
    this.#ports = entry.ports;
    this.#attached = entry.attached;
  }

  /**
   * What the node's labels would be with the pod on it, or undefined if it does not go there.
   * Karpenter pkg/controllers/provisioning/scheduling/existingnode.go CanAdd.
   */
  accepts(pod: PodEntry, stance: Stance, topology: Topology, snapshot: Snapshot): RequirementSet | undefined {
    const { sets } = snapshot;
    const { constraints } = stance;
    const { requests, hostPorts, volumes } = stance.class;
    if (!fits(requests.amounts, requests.columns, this.remaining)) return undefined;
    if (!tolerates(this.entry.taints, constraints.tolerations)) return undefined;
    if (pod.attachments !== undefined && this.#exceedsAttachLimits(pod.attachments)) return undefined;
    if (hostPorts.length > 0 && this.#ports.some((other) => other.pod !== pod.name && portsConflict(hostPorts, other.ports))) return undefined;
    if (!sets.compatible(this.requirements, constraints.requirements, true)) return undefined;
    if (constraints.hostname !== undefined && !admits(constraints.hostname, this.entry.hostname)) return undefined;
    const base = sets.merge(this.requirements, constraints.requirements);
    if (volumes === undefined) return this.#narrowed(base, stance, topology);
    for (const alternative of volumes) {
      const { rest, hostname } = sets.splitHostname(alternative);
      if (!sets.compatible(base, rest, true) || (hostname !== undefined && !admits(hostname, this.entry.hostname))) continue;
      const narrowed = this.#narrowed(sets.merge(base, rest), stance, topology);
      if (narrowed !== undefined) return narrowed;
    }
    return undefined;
  }

  add(pod: PodEntry, stance: Stance, requirements: RequirementSet, topology: Topology, snapshot: Snapshot): void {
    if (this.pods.length === 0) this.remaining = snapshot.columns.copy(this.remaining);
    this.pods.push(pod);
    subtract(this.remaining, stance.class.requests.amounts);
    this.requirements = requirements;
    topology.record(stance, requirements, this.entry.hostname, this.entry.taints);
    if (stance.class.hostPorts.length > 0) this.#ports = [...this.#ports.filter((other) => other.pod !== pod.name), { pod: pod.name, ports: stance.class.hostPorts }];
    if (pod.attachments !== undefined && pod.attachments !== "unknown") {
      const attached = new Map(this.#attached);
      for (const [driver, claims] of pod.attachments) attached.set(driver, new Set([...(attached.get(driver) ?? []), ...claims]));
      this.#attached = attached;
    }
  }

  #narrowed(requirements: RequirementSet, stance: Stance, topology: Topology): RequirementSet | undefined {
    const narrowed = topology.narrow(stance, requirements, this.entry.hostname, true);
    return "kind" in narrowed ? undefined : narrowed;
  }

  #exceedsAttachLimits(attachments: Attachments): boolean {
    // A pod whose volumes cannot be looked up is offered no node that exists.
    if (attachments === "unknown") return true;
    for (const [driver, limit] of this.entry.attachLimits) {
      const attached = this.#attached.get(driver);
      let count = attached?.size ?? 0;
      for (const claim of attachments.get(driver) ?? []) if (attached?.has(claim) !== true) count++;
      if (count > limit) return true;
    }
    return false;
  }
}

/** Is there room? Nothing fits where any amount is already below zero. */
function fits(amounts: Amounts, columns: readonly number[], room: Amounts): boolean {
  for (const column of columns) if ((amounts[column] as number) > (room[column] as number)) return false;
  for (let column = 0; column < room.length; column++) if ((room[column] as number) < 0) return false;
  return true;
}
