import { type HostPort, portsConflict } from "../demand/host-port.ts";
import type { PodEntry } from "../demand/pod-class.ts";
import type { Bits } from "../intern/bits.ts";
import { add } from "../intern/amounts.ts";
import type { Amounts, Resources } from "../intern/resources.ts";
import type { Template } from "../supply/template.ts";
import type { Blocker } from "./blocker.ts";
import type { Lane } from "./lane.ts";
import type { PlannedNode } from "./planned-node.ts";

/** What a claim would be with one more pod. */
export interface Fit {
  readonly lane: Lane;
  /** Variants of the types that would be left. */
  readonly options: Bits;
  readonly reserved: ReadonlySet<string>;
}

export const NOTHING_HELD: ReadonlySet<string> = new Set();

/**
 * A node to be made, not decided yet: the requirements its pods have narrowed it to, and the types that are left.
 * Karpenter pkg/controllers/provisioning/scheduling/nodeclaim.go.
 */
export class OpenClaim {
  /** Its place among the claims of the solve, in the order they were opened. */
  readonly index: number;
  readonly template: Template;
  lane: Lane;
  /** Variants of the types that are left; never changed in place. */
  options: Bits;
  /** What its pods need, daemons aside. */
  readonly requests: Amounts;
  readonly pods: PodEntry[] = [];
  reserved: ReadonlySet<string> = NOTHING_HELD;
  /** Its slot in the bucket of its pod count. */
  slot = 0;
  readonly blockers: Blocker[] = [];
  /** Do its own pods bear on where it may be, beyond what its lane says? */
  isApart = false;
  /** What it must stay able to become, whoever joins. */
  planned: PlannedNode | undefined = undefined;
  /** Requests that are known not to fit any more. */
  readonly #full: Set<Resources> = new Set();
  #ports: { readonly pod: string; readonly ports: readonly HostPort[] }[] | undefined;

  constructor(index: number, lane: Lane, options: Bits, requests: Amounts) {
    this.index = index;
    this.template = lane.template;
    this.lane = lane;
    this.options = options;
    this.requests = requests;
  }

  get hostname(): string {
    return `hostname-placeholder-${String(this.index + 1).padStart(4, "0")}`;
  }

  add(pod: PodEntry, fit: Fit): void {
    this.pods.push(pod);
    this.lane = fit.lane;
    this.options = fit.options;
    this.reserved = fit.reserved;
    add(this.requests, pod.class.requests.amounts);
    if (pod.class.hostPorts.length > 0) (this.#ports ??= []).push({ pod: pod.name, ports: pod.class.hostPorts });
  }

  /** Takes more pods of a class that asks for no ports and changes nothing but the types that are left. */
  addAlike(pods: readonly PodEntry[], options: Bits): void {
    const { amounts } = (pods[0] as PodEntry).class.requests;
    for (const pod of pods) {
      this.pods.push(pod);
      add(this.requests, amounts);
    }
    this.options = options;
  }

  /** Are ports taken that the pod asks for? */
  portsTaken(pod: PodEntry, ports: readonly HostPort[]): boolean {
    return this.#ports?.some((other) => other.pod !== pod.name && portsConflict(ports, other.ports)) ?? false;
  }

  isFullFor(requests: Resources): boolean {
    return this.#full.size > 0 && this.#full.has(requests);
  }

  /** No type that is left has room for these, whatever else is asked; that stays so, for types only become fewer and pods more. */
  markFullFor(requests: Resources): void {
    this.#full.add(requests);
  }
}
