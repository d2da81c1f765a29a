import { type HostPort, portsConflict } from "../demand/host-port.ts";
import type { Attachments, PodEntry } from "../demand/pod-class.ts";
import type { RequirementSet } from "../intern/requirement-set.ts";
import { subtract } from "../intern/amounts.ts";
import type { Amounts, Resources } from "../intern/resources.ts";
import type { NodeEntry } from "../prepare/node-entry.ts";
import type { Snapshot } from "../prepare/snapshot.ts";

/** A node that exists, with the pods this solve puts on it: nothing of the snapshot is changed. */
export class ExistingNode {
  readonly entry: NodeEntry;
  readonly pods: PodEntry[] = [];
  requirements: RequirementSet;
  remaining: Amounts;
  #ports: readonly { readonly pod: string; readonly ports: readonly HostPort[] }[];
  #attached: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(entry: NodeEntry, snapshot: Snapshot) {
    this.entry = entry;
    this.requirements = entry.requirements;
    this.remaining = snapshot.columns.copy(entry.remaining);
    this.#ports = entry.ports;
    this.#attached = entry.attached;
  }

  portsTaken(pod: PodEntry): boolean {
    return portsTaken(pod, this.#ports);
  }

  exceedsAttachLimits(attachments: Attachments): boolean {
    return exceedsAttachLimits(attachments, this.#attached, this.entry.attachLimits);
  }

  add(pod: PodEntry, requirements: RequirementSet): void {
    this.pods.push(pod);
    subtract(this.remaining, pod.class.requests.amounts);
    this.requirements = requirements;
    if (pod.class.hostPorts.length > 0) this.#ports = [...this.#ports.filter((other) => other.pod !== pod.name), { pod: pod.name, ports: pod.class.hostPorts }];
    if (pod.attachments !== undefined && pod.attachments !== "unknown") {
      const attached = new Map(this.#attached);
      for (const [driver, claims] of pod.attachments) attached.set(driver, new Set([...(attached.get(driver) ?? []), ...claims]));
      this.#attached = attached;
    }
  }
}

export function portsTaken(pod: PodEntry, ports: NodeEntry["ports"]): boolean {
  return ports.some((other) => other.pod !== pod.name && portsConflict(pod.class.hostPorts, other.ports));
}

export function exceedsAttachLimits(attachments: Attachments, attached: ReadonlyMap<string, ReadonlySet<string>>, limits: ReadonlyMap<string, number>): boolean {
  // A pod whose volumes cannot be looked up is offered no node that exists.
  if (attachments === "unknown") return true;
  for (const [driver, limit] of limits) {
    const present = attached.get(driver);
    let count = present?.size ?? 0;
    for (const claim of attachments.get(driver) ?? []) if (present?.has(claim) !== true) count++;
    if (count > limit) return true;
  }
  return false;
}

/** Is there room for what is asked? */
export function hasRoom({ amounts, columns }: Resources, room: Amounts): boolean {
  for (const column of columns) if ((amounts[column] as number) > (room[column] as number)) return false;
  return true;
}

/** The same to Karpenter: nothing fits where any amount is below zero already. */
export function hasRoomAndIsNotShort(requests: Resources, room: Amounts): boolean {
  if (!hasRoom(requests, room)) return false;
  for (let column = 0; column < room.length; column++) if ((room[column] as number) < 0) return false;
  return true;
}
