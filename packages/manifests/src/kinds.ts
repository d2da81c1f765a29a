import type { Kind } from "@groupless/api";
import { isMisspelling } from "./misspelling.ts";
import type { JsonObject } from "./read/json.ts";

/** Every kind the SDK understands: `apiVersion kind`. */
const KINDS: Readonly<Record<string, Kind | `${Kind}/v1beta1`>> = {
  "karpenter.sh/v1 NodePool": "NodePool",
  "karpenter.sh/v1beta1 NodePool": "NodePool/v1beta1",
  "karpenter.sh/v1 NodeClaim": "NodeClaim",
  "karpenter.sh/v1beta1 NodeClaim": "NodeClaim/v1beta1",
  "karpenter.sh/v1alpha1 NodeOverlay": "NodeOverlay",
  "karpenter.k8s.aws/v1 EC2NodeClass": "EC2NodeClass",
  "karpenter.k8s.aws/v1beta1 EC2NodeClass": "EC2NodeClass/v1beta1",
  "autoscaling.x-k8s.io/v1beta1 CapacityBuffer": "CapacityBuffer",
  "v1 Pod": "Pod",
  "v1 PodTemplate": "PodTemplate",
  "v1 Node": "Node",
  "v1 Namespace": "Namespace",
  "v1 PersistentVolume": "PersistentVolume",
  "v1 PersistentVolumeClaim": "PersistentVolumeClaim",
  "apps/v1 Deployment": "Deployment",
  "apps/v1 ReplicaSet": "ReplicaSet",
  "apps/v1 StatefulSet": "StatefulSet",
  "apps/v1 DaemonSet": "DaemonSet",
  "batch/v1 Job": "Job",
  "policy/v1 PodDisruptionBudget": "PodDisruptionBudget",
  "storage.k8s.io/v1 StorageClass": "StorageClass",
  "storage.k8s.io/v1 CSINode": "CSINode",
  "storage.k8s.io/v1 VolumeAttachment": "VolumeAttachment",
};

const CLUSTER_SCOPED: ReadonlySet<string> = new Set<Kind>(["NodePool", "NodeClaim", "NodeOverlay", "EC2NodeClass", "Node", "Namespace", "PersistentVolume", "StorageClass", "CSINode", "VolumeAttachment"]);

/** The kind of an object, with its old version where it is one that converts; undefined for kinds the SDK does not know. */
export function kindOf(object: JsonObject): Kind | `${Kind}/v1beta1` | undefined {
  const key = `${String(object["apiVersion"])} ${String(object["kind"])}`;
  return Object.hasOwn(KINDS, key) ? KINDS[key] : undefined;
}

/** The kind of the same API group that a misspelt one may have meant. */
export function kindMeant(object: JsonObject): string | undefined {
  const version = String(object["apiVersion"]);
  return Object.keys(KINDS).map((each) => each.split(" ")).find(([known, kind = ""]) => known === version && isMisspelling(String(object["kind"]), kind))?.[1];
}

export function isNamespaced(kind: string): boolean {
  return !CLUSTER_SCOPED.has(kind);
}
