import { type Pod, type PodTemplate, uidOf, type Workload, type WorkloadSpec } from "@groupless/api";
import { podDefaults } from "../core/derived-defaults.ts";
import type { JsonObject } from "../read/json.ts";
import { daemonPlacement } from "./daemon-placement.ts";
import { templateHash } from "./template-hash.ts";

/** A Deployment, ReplicaSet, StatefulSet, Job or DaemonSet. */
export type AnyWorkload = Workload<string, string>;

export interface PodsOfOptions {
  /** How many pods, whatever the workload itself says. A DaemonSet has one a node instead. */
  readonly replicas?: number;
  /** Names of nodes: a DaemonSet's pods, one for each. Without them it has one pod, for no node in particular. */
  readonly nodes?: readonly string[];
  /** RFC 3339; the workload's own, if not given. */
  readonly creationTimestamp?: string;
}

/**
 * The pods that a workload's controller would make: pending, owned by it, named `NAME-0`, `NAME-1`, … (a DaemonSet's `NAME-NODE`), the same every time.
 *
 * A Deployment's pods belong to a ReplicaSet `NAME-HASH` and carry `pod-template-hash`; a StatefulSet's mount a claim `TEMPLATE-POD` for each of its claim templates;
 * a Job has as many pods as may run at once.
 *
 * @example
 * podsOf(deployment, { replicas: 2 }).map(({ metadata }) => metadata.name); // => ["web-0", "web-1"]
 */
export function podsOf(workload: AnyWorkload, options: PodsOfOptions = {}): readonly Pod[] {
  if (workload.kind === "DaemonSet") {
    const { nodes } = options;
    if (nodes === undefined) return [podOf(workload, workload.metadata.name, undefined, options)];
    return nodes.map((node) => {
      const pod = podOf(workload, `${workload.metadata.name}-${node}`, undefined, options);
      return { ...pod, spec: { ...pod.spec, ...daemonPlacement(pod.spec, node) } };
    });
  }
  const count = options.replicas ?? podCount(workload);
  return Array.from({ length: count }, (_, index) => podOf(workload, `${workload.metadata.name}-${index}`, index, options));
}

function podCount({ kind, spec }: AnyWorkload): number {
  if (kind !== "Job") return spec.replicas ?? 1;
  const parallelism = spec.parallelism ?? 1;
  return Math.min(parallelism, spec.completions ?? parallelism);
}

function podOf(workload: AnyWorkload, name: string, index: number | undefined, options: PodsOfOptions): Pod {
  const { metadata, spec, kind } = workload;
  const namespace = metadata.namespace ?? "default";
  const { owner, labels } = ownership(workload, name, index);
  const creationTimestamp = options.creationTimestamp ?? metadata.creationTimestamp;
  const template = spec.template.metadata;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...template,
      name,
      namespace,
      uid: `${uidOf({ metadata: { ...metadata, namespace } })}/${kind.toLowerCase()}/${name}`,
      ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
      labels: { ...template?.labels, ...labels },
      ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }],
    },
    spec: podDefaults(withClaims(spec, name) as unknown as JsonObject) as unknown as Pod["spec"],
    status: { phase: "Pending" },
  };
}

/** Who owns the pod, and the labels its controller adds. */
function ownership(workload: AnyWorkload, name: string, index: number | undefined): { readonly owner: { readonly apiVersion: string; readonly kind: string; readonly name: string; readonly uid: string }; readonly labels: Readonly<Record<string, string>> } {
  const { apiVersion, kind, metadata, spec } = workload;
  const uid = uidOf(workload);
  switch (kind) {
    case "Deployment": {
      const hash = templateHash(spec.template);
      return { owner: { apiVersion: "apps/v1", kind: "ReplicaSet", name: `${metadata.name}-${hash}`, uid: `${uid}-${hash}` }, labels: { "pod-template-hash": hash } };
    }
    case "StatefulSet":
      return { owner: { apiVersion, kind, name: metadata.name, uid }, labels: { "statefulset.kubernetes.io/pod-name": name, "apps.kubernetes.io/pod-index": String(index) } };
    case "Job":
      return { owner: { apiVersion, kind, name: metadata.name, uid }, labels: { "batch.kubernetes.io/job-name": metadata.name } };
    default:
      return { owner: { apiVersion, kind, name: metadata.name, uid }, labels: {} };
  }
}

function withClaims(spec: WorkloadSpec, podName: string): PodTemplate["spec"] {
  const { volumeClaimTemplates = [], template } = spec;
  if (volumeClaimTemplates.length === 0) return template.spec;
  const claims = volumeClaimTemplates.map(({ metadata }) => ({ name: metadata.name, persistentVolumeClaim: { claimName: `${metadata.name}-${podName}` } }));
  const names = new Set(claims.map(({ name }) => name));
  return { ...template.spec, volumes: [...(template.spec.volumes ?? []).filter(({ name }) => !names.has(name)), ...claims] };
}

