import type { ObjectMeta } from "./object-meta.ts";
import type { PodTemplate } from "./pod.ts";
import type { LabelSelector } from "./selector.ts";

/** A controller that keeps pods of one template: what the simulator and `plan` make pods from. */
export interface Workload<Kind extends string, ApiVersion extends string> {
  readonly apiVersion: ApiVersion;
  readonly kind: Kind;
  readonly metadata: ObjectMeta;
  readonly spec: WorkloadSpec;
  readonly status?: Readonly<Record<string, unknown>>;
}

export interface WorkloadSpec {
  /** Deployments, ReplicaSets and StatefulSets: 1 when absent. DaemonSets have none. */
  readonly replicas?: number;
  /** Jobs. */
  readonly parallelism?: number;
  readonly completions?: number;
  readonly selector?: LabelSelector;
  /** StatefulSets: each pod mounts a claim of its own for each. */
  readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string }; readonly spec?: Readonly<Record<string, unknown>> }[];
  readonly template: PodTemplate;
}

export type Deployment = Workload<"Deployment", "apps/v1">;
export type ReplicaSet = Workload<"ReplicaSet", "apps/v1">;
export type StatefulSet = Workload<"StatefulSet", "apps/v1">;
export type DaemonSet = Workload<"DaemonSet", "apps/v1">;
export type Job = Workload<"Job", "batch/v1">;
