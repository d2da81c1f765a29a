import type { CSINode, KubeObject, PersistentVolume, PersistentVolumeClaim, StorageClass } from "@groupless/api";
import { nameOf } from "@groupless/api";
import { SortedCopy } from "../intern/sorted-copy.ts";
import { compareNames, type Inventory } from "./inventory.ts";
import type { ObjectChange } from "./object-index.ts";

/** Kinds kept as lists, by the list they are in. */
const LISTS = { DaemonSet: "daemonSets", Namespace: "namespaces", PodDisruptionBudget: "budgets", NodeOverlay: "overlays", CapacityBuffer: "buffers", PodTemplate: "podTemplates", Deployment: "workloads", StatefulSet: "workloads", ReplicaSet: "workloads" } as const;

/** The inventory after some changes; kinds that it does not hold are passed over. */
export function inventoryAfter(inventory: Inventory, changes: readonly ObjectChange[]): Inventory {
  if (changes.length === 0) return inventory;
  const lists = new Map<string, SortedCopy<KubeObject, KubeObject>>();
  const csiNodes = new Map<string, CSINode | undefined>();
  const claims = new Map<string, PersistentVolumeClaim | undefined>();
  const volumes = new Map<string, PersistentVolume | undefined>();
  const classes = new Map<string, StorageClass | undefined>();
  for (const { before, after } of changes) {
    const object = (after ?? before) as KubeObject;
    switch (object.kind) {
      case "CSINode":
        csiNodes.set(object.metadata.name, after as CSINode | undefined);
        break;
      case "PersistentVolumeClaim":
        claims.set(nameOf(object), after as PersistentVolumeClaim | undefined);
        break;
      case "PersistentVolume":
        volumes.set(object.metadata.name, after as PersistentVolume | undefined);
        break;
      case "StorageClass":
        classes.set(object.metadata.name, after as StorageClass | undefined);
        break;
      default: {
        const list = LISTS[object.kind as keyof typeof LISTS] as (typeof LISTS)[keyof typeof LISTS] | undefined;
        if (list === undefined) break;
        let copy = lists.get(list);
        if (copy === undefined) lists.set(list, (copy = new SortedCopy(inventory[list] as readonly KubeObject[], compareKinds)));
        if (before !== undefined) copy.drop(before);
        if (after !== undefined) copy.put(after);
      }
    }
  }
  const { storage } = inventory;
  return {
    ...inventory,
    ...Object.fromEntries([...lists].map(([list, { items }]) => [list, items])),
    csiNodes: inventory.csiNodes.with(csiNodes),
    storage: claims.size + volumes.size + classes.size === 0 ? storage : { claims: storage.claims.with(claims), volumes: storage.volumes.with(volumes), classes: storage.classes.with(classes) },
  };
}

function compareKinds(a: KubeObject, b: KubeObject): number {
  return a.kind === b.kind ? compareNames(a, b) : a.kind < b.kind ? -1 : 1;
}
