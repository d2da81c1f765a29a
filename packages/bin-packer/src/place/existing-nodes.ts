import type { PodEntry } from "../demand/pod-class.ts";
import { admits } from "../intern/requirement.ts";
import type { RequirementSet } from "../intern/requirement-set.ts";
import type { Resources } from "../intern/resources.ts";
import { tolerates } from "../intern/toleration.ts";
import type { NodeEntry } from "../prepare/node-entry.ts";
import type { Snapshot } from "../prepare/snapshot.ts";
import type { Stance, Topology } from "../topology/topology.ts";
import { exceedsAttachLimits, ExistingNode, portsTaken } from "./existing-node.ts";

/** The nodes that exist, as one solve sees them: those it puts pods on get an overlay, the others stay the snapshot's. */
export class ExistingNodes {
  readonly #snapshot: Snapshot;
  readonly #topology: Topology;
  readonly #without: ReadonlySet<NodeEntry>;
  /** In the order they were touched. */
  readonly touched: ExistingNode[] = [];
  /** By place among the snapshot's nodes: those touched, and those left out. */
  readonly #touchedAt: (ExistingNode | undefined)[] = [];
  readonly #isOut: Uint8Array;
  /** By requests: places of nodes that may have room, in order, and how many at the front are left out or have none any more. */
  readonly #roomy = new Map<Resources, { readonly places: Int32Array; from: number }>();
  /** By requirements of a node: what this attempt found out. */
  #verdicts: (RequirementSet | null)[] = [];
  #asked: number[] = [];
  #attempt = 0;

  constructor(snapshot: Snapshot, topology: Topology, without: ReadonlySet<NodeEntry>) {
    this.#snapshot = snapshot;
    this.#topology = topology;
    this.#without = without;
    this.#isOut = new Uint8Array(snapshot.nodes.length);
    for (const node of without) this.#isOut[placeOf(node, snapshot.nodes)] = 1;
  }

  /** Puts the pod on the first node that takes it. Karpenter pkg/controllers/provisioning/scheduling/existingnode.go CanAdd. */
  place(pod: PodEntry, stance: Stance, guarded: boolean): boolean {
    const { nodes, nowMs } = this.#snapshot;
    if (nodes.length === this.#without.size) return false;
    const { requests } = pod.class;
    let roomy = this.#roomy.get(requests);
    if (roomy === undefined) this.#roomy.set(requests, (roomy = { places: placesOf(this.#snapshot.roomFor(requests), nodes), from: 0 }));
    this.#attempt++;
    const { places } = roomy;
    for (let at = roomy.from; at < places.length; at++) {
      const place = places[at] as number;
      const touched = this.#touchedAt[place];
      if (touched === undefined ? this.#isOut[place] === 1 : !this.#snapshot.hasRoom(requests, touched.remaining)) {
        if (at === roomy.from) roomy.from++;
        continue;
      }
      const entry = nodes[place] as NodeEntry;
      if (guarded && nowMs < entry.quietUntilMs) continue;
      const requirements = this.#accepts(pod, stance, entry, touched);
      if (requirements === undefined) continue;
      this.#add(pod, stance, place, requirements);
      return true;
    }
    return false;
  }

  /** Puts the pod on that node, if it takes it. */
  placeOn(entry: NodeEntry, pod: PodEntry, stance: Stance, guarded: boolean): boolean {
    if (this.#without.has(entry) || (guarded && this.#snapshot.nowMs < entry.quietUntilMs)) return false;
    const place = placeOf(entry, this.#snapshot.nodes);
    const touched = this.#touchedAt[place];
    if (!this.#snapshot.hasRoom(pod.class.requests, touched === undefined ? entry.remaining : touched.remaining)) return false;
    this.#attempt++;
    const requirements = this.#accepts(pod, stance, entry, touched);
    if (requirements !== undefined) this.#add(pod, stance, place, requirements);
    return requirements !== undefined;
  }

  #add(pod: PodEntry, stance: Stance, place: number, requirements: RequirementSet): void {
    const entry = this.#snapshot.nodes[place] as NodeEntry;
    let node = this.#touchedAt[place];
    if (node === undefined) {
      this.#touchedAt[place] = node = new ExistingNode(entry, this.#snapshot);
      this.touched.push(node);
    }
    node.add(pod, requirements);
    this.#topology.record(stance, requirements, entry.host, entry.hostname, entry.taints, undefined);
  }

  /** What the node's labels would be with the pod on it, or undefined if it does not go there. */
  #accepts(pod: PodEntry, stance: Stance, entry: NodeEntry, touched: ExistingNode | undefined): RequirementSet | undefined {
    const { constraints } = stance;
    const { hostPorts, volumes } = pod.class;
    if (entry.taints.length > 0 && !tolerates(entry.taints, constraints.tolerations)) return undefined;
    if (constraints.hostname !== undefined && !admits(constraints.hostname, entry.hostname)) return undefined;
    if (pod.attachments !== undefined && (touched === undefined ? exceedsAttachLimits(pod.attachments, entry.attached, entry.attachLimits) : touched.exceedsAttachLimits(pod.attachments))) return undefined;
    if (hostPorts.length > 0 && (touched === undefined ? portsTaken(pod, entry.ports) : touched.portsTaken(pod))) return undefined;
    if (!this.#topology.allowsHost(stance, entry.host)) return undefined;
    const requirements = touched === undefined ? entry.requirements : touched.requirements;
    if (volumes === undefined) return this.#verdict(stance, requirements) ?? undefined;
    const { sets } = this.#snapshot;
    if (!sets.compatible(requirements, constraints.requirements, true)) return undefined;
    const base = sets.join(requirements, constraints.requirements, true);
    for (const alternative of volumes) {
      const { rest, hostname } = sets.splitHostname(alternative);
      if (!sets.compatible(base, rest, true) || (hostname !== undefined && !admits(hostname, entry.hostname))) continue;
      const narrowed = this.#topology.narrow(stance, sets.join(base, rest, true), true);
      if (narrowed !== null) return narrowed;
    }
    return undefined;
  }

  /** For nodes of equal labels the answer is the same within one attempt. */
  #verdict(stance: Stance, requirements: RequirementSet): RequirementSet | null {
    const { id } = requirements;
    if (this.#asked[id] === this.#attempt) return this.#verdicts[id] as RequirementSet | null;
    const { sets } = this.#snapshot;
    const wanted = stance.constraints.requirements;
    const verdict = sets.compatible(requirements, wanted, true) ? this.#topology.narrow(stance, sets.join(requirements, wanted, true), true) : null;
    this.#asked[id] = this.#attempt;
    this.#verdicts[id] = verdict;
    return verdict;
  }
}

const places: WeakMap<readonly NodeEntry[], Int32Array> = /* @__PURE__ */ new WeakMap();

/** Where some nodes are among all, both in the same order; remembered. */
function placesOf(some: readonly NodeEntry[], all: readonly NodeEntry[]): Int32Array {
  let found = places.get(some);
  if (found === undefined) {
    let place = -1;
    found = Int32Array.from(some, (node) => {
      do place++;
      while (all[place] !== node);
      return place;
    });
    places.set(some, found);
  }
  return found;
}

const placesByNode: WeakMap<readonly NodeEntry[], ReadonlyMap<NodeEntry, number>> = /* @__PURE__ */ new WeakMap();

function placeOf(node: NodeEntry, all: readonly NodeEntry[]): number {
  let found = placesByNode.get(all);
  if (found === undefined) placesByNode.set(all, (found = new Map(all.map((one, place) => [one, place]))));
  return found.get(node) as number;
}
