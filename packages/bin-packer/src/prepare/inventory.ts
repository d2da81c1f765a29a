import type { CSINode, DaemonSet, Deployment, KubeObject, Namespace, Node, NodeClaim, NodeOverlay, CapacityBuffer, PersistentVolume, PersistentVolumeClaim, Pod, PodDisruptionBudget, PodTemplateObject, ReplicaSet, StatefulSet, StorageClass, Workload } from "@groupless/api";
import { nameOf } from "@groupless/api";
import type { Storage } from "../demand/volumes.ts";
import { LayeredMap } from "../intern/layered-map.ts";

/** The objects of a cluster by kind, pods and nodes aside; each list in name order, so that the order they came in decides nothing. */
export interface Inventory {
  readonly daemonSets: readonly DaemonSet[];
  readonly namespaces: readonly Namespace[];
  readonly budgets: readonly PodDisruptionBudget[];
  readonly csiNodes: LayeredMap<CSINode>;
  readonly overlays: readonly NodeOverlay[];
  readonly buffers: readonly CapacityBuffer[];
  readonly podTemplates: readonly PodTemplateObject[];
  /** What a capacity buffer may follow. */
  readonly workloads: readonly Workload<string, string>[];
  readonly storage: Storage;
}

/** What nodes are made of, and what runs on them: read once, then kept in books of their own. */
export interface Moving {
  readonly pods: readonly Pod[];
  readonly nodes: readonly Node[];
  readonly nodeClaims: readonly NodeClaim[];
}

export function inventoryOf(objects: readonly KubeObject[]): Inventory & Moving {
  const byKind = new Map<string, KubeObject[]>();
  for (const object of objects) {
    const list = byKind.get(object.kind);
    if (list === undefined) byKind.set(object.kind, [object]);
    else list.push(object);
  }
  const of = <T extends KubeObject>(kind: T["kind"]): T[] => sortByName((byKind.get(kind) ?? []) as T[]);
  return {
    pods: of<Pod>("Pod"),
    nodes: of<Node>("Node"),
    nodeClaims: of<NodeClaim>("NodeClaim"),
    daemonSets: of<DaemonSet>("DaemonSet"),
    namespaces: of<Namespace>("Namespace"),
    budgets: of<PodDisruptionBudget>("PodDisruptionBudget"),
    csiNodes: new LayeredMap(new Map(of<CSINode>("CSINode").map((csiNode) => [csiNode.metadata.name, csiNode]))),
    overlays: of<NodeOverlay>("NodeOverlay"),
    buffers: of<CapacityBuffer>("CapacityBuffer"),
    podTemplates: of<PodTemplateObject>("PodTemplate"),
    workloads: [...of<Deployment>("Deployment"), ...of<StatefulSet>("StatefulSet"), ...of<ReplicaSet>("ReplicaSet")],
    storage: {
      claims: new LayeredMap(new Map(of<PersistentVolumeClaim>("PersistentVolumeClaim").map((claim) => [nameOf(claim), claim]))),
      volumes: new LayeredMap(new Map(of<PersistentVolume>("PersistentVolume").map((volume) => [volume.metadata.name, volume]))),
      classes: new LayeredMap(new Map(of<StorageClass>("StorageClass").map((storageClass) => [storageClass.metadata.name, storageClass]))),
    },
  };
}

/** Sorts by namespace and name; lists that come sorted, as they do from an API server, cost one pass. */
function sortByName<T extends KubeObject>(objects: T[]): T[] {
  for (let i = 1; i < objects.length; i++) if (compareNames(objects[i - 1] as T, objects[i] as T) > 0) return objects.sort(compareNames);
  return objects;
}

/** Namespaces first, then names. */
export function compareNames({ metadata: a }: Pick<KubeObject, "metadata">, { metadata: b }: Pick<KubeObject, "metadata">): number {
  const x = a.namespace ?? "";
  const y = b.namespace ?? "";
  if (x !== y) return x < y ? -1 : 1;
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
