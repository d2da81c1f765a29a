import { hasRequiredPodAntiAffinity, isOwnedByDaemonSet, isOwnedByNode, isPreempting, isProvisionable, isScheduled, isTerminal, type Pod } from "@groupless/api";
import type { Constraints } from "../demand/constraints.ts";
import type { PodEntry } from "../demand/pod-class.ts";
import { type Objection, objections, type ValidationRules, volumeObjection } from "../demand/validate.ts";
import { hasClaims, type Storage } from "../demand/volumes.ts";
import { LayeredMap } from "../intern/layered-map.ts";
import { SortedCopy, SortedGroups } from "../intern/sorted-copy.ts";
import { daemonSetOf } from "../supply/daemon.ts";
import { compareNames } from "./inventory.ts";

/** A pod that validation turns away. */
export interface IgnoredPod {
  readonly pod: Pod;
  readonly name: string;
  readonly objections: readonly Objection[];
}

/** The pods of a snapshot by where they stand. Every list is in the order of namespaces and names. */
export interface PodBook {
  /** By the name of the node they are bound to, whether there is one of that name or not. */
  readonly onNode: LayeredMap<readonly PodEntry[]>;
  /** Those that wait for a node. */
  readonly waiting: readonly PodEntry[];
  readonly ignored: readonly IgnoredPod[];
  /** Bound ones that keep others away. */
  readonly antiAffine: readonly PodEntry[];
  /** Those that mount volume claims. */
  readonly claimants: readonly PodEntry[];
  /** By the DaemonSet they are of, see {@link daemonSetOf}; only where there are DaemonSets. */
  readonly ofDaemonSets: LayeredMap<readonly Pod[]>;
}

/** What one pod was and is; undefined: not there. */
export interface PodChange {
  readonly before: Pod | undefined;
  readonly after: PodEntry | undefined;
}

/** Turns pods away for what they ask; what follows from constraints is looked at once for all pods that have them. */
export class Screen {
  readonly #rules: ValidationRules;
  readonly #known = new Map<Constraints, readonly Objection[]>();

  constructor(rules: ValidationRules) {
    this.#rules = rules;
  }

  objections({ pod, class: { constraints } }: PodEntry, storage: Storage): readonly Objection[] {
    let found = this.#known.get(constraints);
    if (found === undefined) this.#known.set(constraints, (found = objections(constraints, this.#rules)));
    const volume = pod.spec.volumes === undefined ? undefined : volumeObjection(pod, storage, this.#rules);
    return volume === undefined ? found : [...found, volume];
  }
}

/** The book of entries that come in name order. */
export function podBookOf(entries: readonly PodEntry[], ofDaemonSets: ReadonlyMap<string, readonly Pod[]>, screen: Screen, storage: Storage): PodBook {
  const onNode = new Map<string, PodEntry[]>();
  const waiting: PodEntry[] = [];
  const ignored: IgnoredPod[] = [];
  const antiAffine: PodEntry[] = [];
  const claimants: PodEntry[] = [];
  for (const entry of entries) {
    const { pod } = entry;
    if (isScheduled(pod)) {
      const name = pod.spec.nodeName as string;
      const list = onNode.get(name);
      if (list === undefined) onNode.set(name, [entry]);
      else list.push(entry);
      if (hasRequiredPodAntiAffinity(pod) && !isTerminal(pod)) antiAffine.push(entry);
    } else if (waits(pod)) {
      const found = screen.objections(entry, storage);
      if (found.length > 0) ignored.push({ pod, name: entry.name, objections: found });
      else waiting.push(entry);
    }
    if (pod.spec.volumes !== undefined && hasClaims(pod)) claimants.push(entry);
  }
  return { onNode: new LayeredMap(onNode), waiting, ignored, antiAffine, claimants, ofDaemonSets: new LayeredMap(ofDaemonSets) };
}

/** The book after some changes, the nodes whose pods are others now, and whether pods of DaemonSets are among them. */
export function podBookAfter(book: PodBook, changes: readonly PodChange[], hasDaemonSets: boolean, screen: Screen, storage: Storage): { readonly book: PodBook; readonly nodes: ReadonlySet<string>; readonly ofDaemonSets: boolean } {
  const onNode = new SortedGroups<Named, PodEntry>(book.onNode, byName);
  const ofDaemonSets = new SortedGroups<Pod, Pod>(book.ofDaemonSets, (a, b) => compareNames(a, b));
  const waiting = new SortedCopy<Named, PodEntry>(book.waiting, byName);
  const ignored = new SortedCopy<Named, IgnoredPod>(book.ignored, byName);
  const antiAffine = new SortedCopy<Named, PodEntry>(book.antiAffine, byName);
  const claimants = new SortedCopy<Named, PodEntry>(book.claimants, byName);
  for (const { before, after } of changes) {
    if (before !== undefined) {
      const one = { pod: before };
      if (isScheduled(before)) onNode.of(before.spec.nodeName as string).drop(one);
      else if (!waiting.drop(one)) ignored.drop(one);
      if (keepsAway(before)) antiAffine.drop(one);
      if (hasClaims(before)) claimants.drop(one);
      const key = hasDaemonSets ? daemonSetOf(before) : undefined;
      if (key !== undefined) ofDaemonSets.of(key).drop(before);
    }
    if (after === undefined) continue;
    const { pod } = after;
    if (isScheduled(pod)) onNode.of(pod.spec.nodeName as string).put(after);
    else if (waits(pod)) {
      const found = screen.objections(after, storage);
      if (found.length > 0) ignored.put({ pod, name: after.name, objections: found });
      else waiting.put(after);
    }
    if (keepsAway(pod)) antiAffine.put(after);
    if (hasClaims(pod)) claimants.put(after);
    const key = hasDaemonSets ? daemonSetOf(pod) : undefined;
    if (key !== undefined) ofDaemonSets.of(key).put(pod);
  }
  return {
    book: { onNode: onNode.map, waiting: waiting.items, ignored: ignored.items, antiAffine: antiAffine.items, claimants: claimants.items, ofDaemonSets: ofDaemonSets.map },
    nodes: new Set(onNode.touched),
    ofDaemonSets: [...ofDaemonSets.touched].length > 0,
  };
}

/** What entries and ignored pods go by. */
interface Named {
  readonly pod: Pod;
}

function byName({ pod: a }: Named, { pod: b }: Named): number {
  return compareNames(a, b);
}

/** A pod without a word about scheduling waits for a node, unless it is gated: objects from YAML have no conditions. */
function waits(pod: Pod): boolean {
  const conditions = pod.status?.conditions;
  if (conditions !== undefined && conditions.length > 0) return isProvisionable(pod);
  return (pod.spec.schedulingGates ?? []).length === 0 && !isPreempting(pod) && !isOwnedByDaemonSet(pod) && !isOwnedByNode(pod);
}

function keepsAway(pod: Pod): boolean {
  return isScheduled(pod) && hasRequiredPodAntiAffinity(pod) && !isTerminal(pod);
}
