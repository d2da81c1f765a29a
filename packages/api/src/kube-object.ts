import type { CapacityBuffer, PodTemplateObject } from "./capacity-buffer.ts";
import type { EC2NodeClass } from "./ec2-node-class.ts";
import type { Node } from "./node.ts";
import type { NodeClaim } from "./node-claim.ts";
import type { NodeOverlay } from "./node-overlay.ts";
import type { NodePool } from "./node-pool.ts";
import type { ObjectMeta } from "./object-meta.ts";
import type { Pod } from "./pod.ts";
import type { PodDisruptionBudget } from "./pod-disruption-budget.ts";
import type { CSINode, PersistentVolume, PersistentVolumeClaim, StorageClass, VolumeAttachment } from "./storage.ts";
import type { DaemonSet, Deployment, Job, ReplicaSet, StatefulSet } from "./workload.ts";

export interface Namespace {
  readonly apiVersion: "v1";
  readonly kind: "Namespace";
  readonly metadata: ObjectMeta;
}

/** Every kind the SDK understands, discriminated by `kind`. */
export type KubeObject =
  | CapacityBuffer
  | CSINode
  | DaemonSet
  | Deployment
  | EC2NodeClass
  | Job
  | Namespace
  | Node
  | NodeClaim
  | NodeOverlay
  | NodePool
  | PersistentVolume
  | PersistentVolumeClaim
  | Pod
  | PodDisruptionBudget
  | PodTemplateObject
  | ReplicaSet
  | StatefulSet
  | StorageClass
  | VolumeAttachment;

export type Kind = KubeObject["kind"];

/** The object type of a kind: `ObjectOf<"Pod">` is `Pod`. */
export type ObjectOf<K extends Kind> = Extract<KubeObject, { readonly kind: K }>;

/** Narrow an object by its kind. */
export function isKind<K extends Kind>(object: KubeObject, kind: K): object is ObjectOf<K> {
  return object.kind === kind;
}

/** `namespace/name`, or `name` for cluster-scoped objects: how objects are named in every result. */
export function nameOf(object: { readonly metadata: ObjectMeta }): string {
  const { namespace, name } = object.metadata;
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** The object's uid, or its name where it has none (objects from YAML). */
export function uidOf(object: { readonly metadata: ObjectMeta }): string {
  return object.metadata.uid ?? nameOf(object);
}
