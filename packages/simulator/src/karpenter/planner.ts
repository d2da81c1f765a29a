import { type Kind, nameOf } from "@groupless/api";
import { type Cluster, prepare, type Prepared, type SchedulingOptions, update, type WatchEvent } from "@groupless/bin-packer";
import type { InstanceType } from "@groupless/catalog";
import type { Change } from "../api-server/api-server.ts";
import type { World } from "../controllers/world.ts";

/** The cluster as the autoscaler's decisions see it: prepared once, then kept up to date from the watch. */
export interface Planner {
  /** As of now. */
  prepared(): Prepared;
  /** Changes with everything that a decision might see, but the time. */
  version(): string;
  /** Pods were planned onto the node: nothing disrupts it for a while. */
  nominate(providerID: string, untilMs: number): void;
  /** The node is on its way out, or no longer. */
  mark(providerID: string, leaving: boolean): void;
  setInstanceTypes(nodePool: string, types: readonly InstanceType[]): void;
  instanceTypes(nodePool: string): readonly InstanceType[] | undefined;
}

// Nothing decides on these: the packer looks at pods and daemon sets, not at what makes the pods.
const UNSEEN: ReadonlySet<Kind> = new Set<Kind>(["Deployment", "ReplicaSet", "StatefulSet", "Job"]);

/** A planner over the API server's objects. */
export function planner({ server, clock }: World, options: { readonly wellKnownLabels: readonly string[]; readonly scheduling: SchedulingOptions }): Planner {
  const types = new Map<string, readonly InstanceType[]>();
  const nominated = new Map<string, number>();
  const leaving = new Set<string>();
  const changes = new Map<string, WatchEvent>();
  let known: Prepared | undefined;
  // What is known of the instance types serves again where they are the same lists.
  let last: Prepared | undefined;
  let areMarksChanged = false;
  let version = 0;

  server.watch((change) => {
    if (UNSEEN.has(change.object.kind) || isCountOnly(change)) return;
    version += 1;
    // Classes are no objects of the index: it is made anew.
    if (change.object.kind === "EC2NodeClass") known = undefined;
    changes.set(`${change.object.kind} ${nameOf(change.object)}`, { type: change.type, object: change.object });
  });

  const nominations = (): readonly string[] => {
    for (const [providerID, untilMs] of nominated) if (untilMs <= clock.nowMs()) nominated.delete(providerID);
    return [...nominated.keys()].sort();
  };
  const cluster = (current: readonly string[]): Cluster => ({
    nodePools: server.list("NodePool"),
    nodeClasses: server.list("EC2NodeClass"),
    objects: SEEN.flatMap((kind) => server.list(kind)),
    instanceTypes: Object.fromEntries([...types].sort(([a], [b]) => (a < b ? -1 : 1))),
    wellKnownLabels: options.wellKnownLabels,
    markedForDeletion: [...leaving].sort(),
    nominated: current,
    options: options.scheduling,
  });

  return {
    version: () => `${version} ${nominations().join(" ")}`,
    prepared: () => {
      const nowMs = clock.nowMs();
      const current = nominations();
      if (known === undefined) known = prepare(cluster(current), { nowMs, ...(last === undefined ? {} : { like: last }) });
      else if (changes.size > 0 || known.nowMs !== nowMs || current.join(" ") !== known.cluster.nominated?.join(" ") || areMarksChanged) {
        known = update(known, [...changes.values()], { nowMs, nominated: current, ...(areMarksChanged ? { markedForDeletion: [...leaving].sort() } : {}) });
      }
      changes.clear();
      areMarksChanged = false;
      last = known;
      return known;
    },
    nominate: (providerID, untilMs) => {
      nominated.set(providerID, untilMs);
      version += 1;
    },
    mark: (providerID, going) => {
      if (going) leaving.add(providerID);
      else leaving.delete(providerID);
      areMarksChanged = true;
      version += 1;
    },
    setInstanceTypes: (nodePool, list) => {
      types.set(nodePool, list);
      known = undefined;
      version += 1;
    },
    instanceTypes: (nodePool) => types.get(nodePool),
  };
}

// A pool's count of what its nodes hold: decisions count for themselves.
function isCountOnly({ type, object, old }: Change): boolean {
  if (type !== "MODIFIED" || object.kind !== "NodePool" || old?.kind !== "NodePool") return false;
  return object.spec === old.spec && object.metadata.annotations === old.metadata.annotations && object.status?.conditions === old.status?.conditions;
}

const SEEN: readonly Exclude<Kind, "NodePool" | "EC2NodeClass">[] = ["Namespace", "Node", "NodeClaim", "NodeOverlay", "Pod", "PodDisruptionBudget", "DaemonSet", "CapacityBuffer", "PodTemplate", "PersistentVolume", "PersistentVolumeClaim", "StorageClass", "CSINode", "VolumeAttachment"];
