import type { CSINode, DaemonSet, Deployment, KubeObject, Namespace, Node, NodeClaim, NodeOverlay, CapacityBuffer, PersistentVolume, PersistentVolumeClaim, Pod, PodDisruptionBudget, PodTemplateObject, ReplicaSet, StatefulSet, StorageClass, Workload } from "@groupless/api";
import { nameOf } from "@groupless/api";
import type { Storage } from "../demand/volumes.ts";

/** The objects of a cluster by kind; each list in name order, so that the order they came in decides nothing. */
export interface Inventory {
  readonly pods: readonly Pod[];
  readonly nodes: readonly Node[];
  readonly nodeClaims: readonly NodeClaim[];
  readonly daemonSets: readonly DaemonSet[];
  readonly namespaces: readonly Namespace[];
  readonly budgets: readonly PodDisruptionBudget[];
  readonly csiNodes: readonly CSINode[];
  readonly overlays: readonly NodeOverlay[];
  readonly buffers: readonly CapacityBuffer[];
  readonly podTemplates: readonly PodTemplateObject[];
  /** What a capacity buffer may follow. */
  readonly workloads: readonly Workload<string, string>[];
  readonly storage: Storage;
}

export function inventoryOf(objects: readonly KubeObject[]): Inventory {
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
    csiNodes: of<CSINode>("CSINode"),
    overlays: of<NodeOverlay>("NodeOverlay"),
    buffers: of<CapacityBuffer>("CapacityBuffer"),
    podTemplates: of<PodTemplateObject>("PodTemplate"),
    workloads: [...of<Deployment>("Deployment"), ...of<StatefulSet>("StatefulSet"), ...of<ReplicaSet>("ReplicaSet")],
    storage: {
      claims: new Map(of<PersistentVolumeClaim>("PersistentVolumeClaim").map((claim) => [nameOf(claim), claim])),
      volumes: new Map(of<PersistentVolume>("PersistentVolume").map((volume) => [volume.metadata.name, volume])),
      classes: new Map(of<StorageClass>("StorageClass").map((storageClass) => [storageClass.metadata.name, storageClass])),
    },
  };
}

/** Sorts by namespace and name; lists that come sorted, as they do from an API server, cost one pass. */
function sortByName<T extends KubeObject>(objects: T[]): T[] {
  const before = (a: T, b: T): number => {
    const [x, y] = [a.metadata.namespace ?? "", b.metadata.namespace ?? ""];
    if (x !== y) return x < y ? -1 : 1;
    return a.metadata.name < b.metadata.name ? -1 : a.metadata.name > b.metadata.name ? 1 : 0;
  };
  for (let i = 1; i < objects.length; i++) if (before(objects[i - 1] as T, objects[i] as T) > 0) return objects.sort(before);
  return objects;
}
