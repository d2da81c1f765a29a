import { type Kind, type KubeObject, nameOf, type Node, type NodeClaim, type Pod, UNREGISTERED_TAINT_KEY } from "@groupless/api";
import { readFileSync } from "node:fs";
import { parse } from "@groupless/manifests";

/** As little of an API server, a kube-scheduler and kubelets as a controller needs to have something to do. */
export interface ApiServer {
  list<K extends Kind>(kind: K): Extract<KubeObject, { readonly kind: K }>[];
  all(): KubeObject[];
  put(object: KubeObject): void;
  remove(kind: Kind, name: string): void;
  /** Evicted pods are replaced by new ones, as a ReplicaSet would. */
  evict(name: string): void;
}

export function apiServer(nowMs: () => number): ApiServer {
  const objects = new Map<string, KubeObject>();
  const keyOf = (object: KubeObject): string => `${object.kind} ${nameOf(object)}`;
  const put = (object: KubeObject): void => {
    const { metadata } = object;
    if (metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).length === 0) objects.delete(keyOf(object));
    else objects.set(keyOf(object), { ...object, metadata: { uid: keyOf(object), creationTimestamp: new Date(nowMs()).toISOString(), ...metadata } } as KubeObject);
  };
  const remove = (kind: Kind, name: string): void => {
    const object = objects.get(`${kind} ${name}`);
    if (object?.metadata.deletionTimestamp === undefined && object !== undefined) put({ ...object, metadata: { ...object.metadata, deletionTimestamp: new Date(nowMs()).toISOString() } } as KubeObject);
  };
  return {
    list: (kind) => [...objects.values()].filter((object) => object.kind === kind) as never,
    all: () => [...objects.values()],
    put,
    remove,
    evict: (name) => {
      const pod = objects.get(`Pod ${name}`) as Pod | undefined;
      if (pod === undefined) return;
      objects.delete(`Pod ${name}`);
      put(pending({ ...pod, metadata: { ...pod.metadata, name: `${pod.metadata.name}-again`, uid: `${pod.metadata.uid}-again` } }));
    },
  };
}

/** A pod that nothing could schedule. */
export function pending({ metadata, spec: { nodeName: _, ...spec } }: Pod): Pod {
  return { apiVersion: "v1", kind: "Pod", metadata, spec, status: { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable" }] } };
}

export function bind(pod: Pod, nodeName: string): Pod {
  return { ...pod, spec: { ...pod.spec, nodeName }, status: { phase: "Running", conditions: [{ type: "PodScheduled", status: "True" }] } };
}

/** The node that an instance's kubelet registers. */
export function nodeOf({ spec, status }: NodeClaim, labels: Readonly<Record<string, string>>): Node {
  const { providerID = "", capacity = {}, allocatable = {} } = status ?? {};
  const name = `${providerID.slice(providerID.lastIndexOf("/") + 1)}.internal`;
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { ...labels, "kubernetes.io/hostname": name } },
    spec: { providerID, taints: [{ key: UNREGISTERED_TAINT_KEY, effect: "NoExecute" }, ...(spec.taints ?? [])] },
    status: { capacity, allocatable, conditions: [{ type: "Ready", status: "True" }] },
  };
}

/** The objects of a manifest beside this file. */
export function manifest(name: string): ReturnType<typeof parse> {
  const file = new URL(name, import.meta.url);
  return parse([{ text: readFileSync(file, "utf8"), file: name }]);
}
