import type { KubeObject } from "@groupless/api";
import type { Listing } from "../record/tables.ts";

/** What happens to a simulated cluster: what is there from the start, and scenes of steps. */
export interface Story {
  readonly name: string;
  /** Epoch milliseconds at which the virtual clock starts. */
  readonly startMs: number;
  readonly cluster: ClusterSpec;
  /** Applied at the start, before the scene. */
  readonly objects: readonly KubeObject[];
  readonly scenes: readonly Scene[];
}

/** The EKS cluster the story plays in. */
export interface ClusterSpec {
  readonly name: string;
  /** An AWS region with embedded facts. */
  readonly region: string;
  /** Kubernetes minor version of the control plane, e.g. `"1.27"`. */
  readonly kubernetesVersion: string;
  /** Nodes that nobody here manages: a managed node group, say. */
  readonly unmanagedNodes: readonly UnmanagedNodes[];
}

export interface UnmanagedNodes {
  readonly count: number;
  readonly instanceType: string;
  /** Used in turn. */
  readonly zones: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
}

export interface Scene {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** Capacity of one kind at EC2. */
export interface CapacityPool {
  readonly instanceType?: string;
  readonly zone?: string;
  readonly capacityType?: string;
}

/** One thing done to the cluster, or a while of letting it run. */
export type Step =
  | { readonly do: "say"; readonly text: string }
  /** `kubectl apply -f`; `source` is what the objects came from. */
  | { readonly do: "apply"; readonly objects: readonly KubeObject[]; readonly source: string }
  | { readonly do: "scale"; readonly kind: "Deployment" | "StatefulSet" | "ReplicaSet"; readonly name: string; readonly replicas: number }
  /** A JSON merge patch (RFC 7386). */
  | { readonly do: "patch"; readonly kind: KubeObject["kind"]; readonly name: string; readonly patch: unknown }
  | { readonly do: "delete"; readonly kind: KubeObject["kind"]; readonly name: string }
  /** `aws eks update-cluster-version`. */
  | { readonly do: "upgrade"; readonly kubernetesVersion: string }
  /** EC2 takes back the spot instances of a NodePool: the warning now, the end `noticeMs` later. */
  | { readonly do: "interrupt"; readonly nodePool: string; readonly count: number; readonly noticeMs: number }
  /** EC2 has no more of a pool for a while; what is not named is any. */
  | { readonly do: "exhaust"; readonly pool: CapacityPool; readonly ms: number }
  /** Let the cluster run. */
  | { readonly do: "advance"; readonly ms: number }
  /** Let the cluster run until no pod is pending or stopping and no claim starting or ending, at most `ms`. */
  | { readonly do: "settle"; readonly ms: number }
  | { readonly do: "observe"; readonly listings: readonly Listing[]; readonly namespace?: string };
