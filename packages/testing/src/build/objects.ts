import type { DaemonSet, Deployment, KubeObject, LabelSelector, Node, NodeClaim, NodePool, NodePoolSpec, ObjectMeta, Pod, PodDisruptionBudget, PodDisruptionBudgetSpec, PodSpec, ResourceList } from "@groupless/api";

/** A fixed moment, so that built objects are the same every time. */
const CREATED = "2026-09-01T12:00:00Z";

type Overrides<T> = { readonly metadata?: Partial<ObjectMeta>; readonly spec?: Partial<T> };

function meta(kind: string, name: string, overrides: Partial<ObjectMeta> | undefined, namespaced: boolean): ObjectMeta {
  const namespace = namespaced ? (overrides?.namespace ?? "default") : undefined;
  return { name, ...(namespace === undefined ? {} : { namespace }), uid: `${kind}-${namespace === undefined ? "" : `${namespace}-`}${name}`.toLowerCase(), creationTimestamp: CREATED, ...overrides };
}

/**
 * A pending pod asking for `requests`.
 *
 * @example
 * ```ts
 * import { pod } from "@groupless/testing";
 * pod("web", { cpu: "1" }).metadata.namespace; // => "default"
 * ```
 */
export function pod(name: string, requests: ResourceList = { cpu: "100m", memory: "128Mi" }, overrides: Overrides<PodSpec> & { readonly status?: Pod["status"] } = {}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: meta("Pod", name, overrides.metadata, true),
    spec: { containers: [{ name: "main", resources: { requests } }], ...overrides.spec },
    ...(overrides.status === undefined ? {} : { status: overrides.status }),
  };
}

/** The pod, running on a node since its creation. */
export function bound(toBind: Pod, nodeName: string): Pod {
  return { ...toBind, spec: { ...toBind.spec, nodeName }, status: { phase: "Running", startTime: CREATED, conditions: [{ type: "PodScheduled", status: "True" }, { type: "Ready", status: "True" }] } };
}

/** A NodePool that lets everything through and consolidates at once. */
export function nodePool(name = "default", overrides: { readonly metadata?: Partial<ObjectMeta>; readonly spec?: Partial<NodePoolSpec>; readonly template?: Partial<NodePoolSpec["template"]["spec"]>; readonly labels?: Readonly<Record<string, string>> } = {}): NodePool {
  return {
    apiVersion: "karpenter.sh/v1",
    kind: "NodePool",
    metadata: meta("NodePool", name, overrides.metadata, false),
    spec: {
      template: {
        ...(overrides.labels === undefined ? {} : { metadata: { labels: overrides.labels } }),
        spec: { nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "default" }, requirements: [], expireAfter: "720h", ...overrides.template },
      },
      disruption: { consolidateAfter: "0s", consolidationPolicy: "WhenEmptyOrUnderutilized", budgets: [{ nodes: "100%" }] },
      ...overrides.spec,
    },
  };
}

export interface NodeOptions {
  readonly nodePool?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: NonNullable<Node["spec"]>["taints"];
  readonly allocatable?: ResourceList;
  readonly capacity?: ResourceList;
  readonly createdAt?: string;
}

/** A ready node and, where it belongs to a NodePool, its initialized NodeClaim. */
export function node(name: string, options: NodeOptions = {}): { readonly node: Node; readonly nodeClaim?: NodeClaim; readonly objects: readonly KubeObject[] } {
  const providerID = `aws:///us-west-2/i-${name}`;
  const managed: Record<string, string> = options.nodePool === undefined ? {} : { "karpenter.sh/nodepool": options.nodePool };
  const labels: Record<string, string> = { "kubernetes.io/arch": "amd64", "kubernetes.io/os": "linux", ...managed, ...options.labels };
  const creationTimestamp = options.createdAt ?? CREATED;
  const allocatable = options.allocatable ?? { cpu: "4", memory: "16Gi", pods: "58" };
  const capacity = options.capacity ?? allocatable;
  const taints = options.taints === undefined ? {} : { taints: options.taints };
  const kubeNode: Node = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { ...meta("Node", name, undefined, false), creationTimestamp, labels: { ...labels, "kubernetes.io/hostname": name, ...(options.nodePool === undefined ? {} : { "karpenter.sh/registered": "true", "karpenter.sh/initialized": "true" }) } },
    spec: { providerID, ...taints },
    status: { capacity, allocatable, conditions: [{ type: "Ready", status: "True" }] },
  };
  if (options.nodePool === undefined) return { node: kubeNode, objects: [kubeNode] };
  const condition = (type: string) => ({ type, status: "True" as const, reason: type, message: "", lastTransitionTime: creationTimestamp });
  const nodeClaim: NodeClaim = {
    apiVersion: "karpenter.sh/v1",
    kind: "NodeClaim",
    metadata: { ...meta("NodeClaim", `claim-${name}`, undefined, false), creationTimestamp, labels },
    spec: { nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "default" }, requirements: [], expireAfter: "720h", ...taints },
    status: { nodeName: name, providerID, capacity, allocatable, conditions: ["Launched", "Registered", "Initialized", "Consolidatable"].map(condition) },
  };
  return { node: kubeNode, nodeClaim, objects: [nodeClaim, kubeNode] };
}

/** A PodDisruptionBudget over the pods with these labels. */
export function podDisruptionBudget(name: string, selector: LabelSelector, spec: Partial<PodDisruptionBudgetSpec> = { maxUnavailable: 1 }): PodDisruptionBudget {
  return { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: meta("PodDisruptionBudget", name, undefined, true), spec: { selector, ...spec } };
}

/** A Deployment whose pods carry `app: name`. */
export function deployment(name: string, replicas: number, requests: ResourceList = { cpu: "100m", memory: "128Mi" }, spec: Partial<PodSpec> = {}): Deployment {
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: meta("Deployment", name, undefined, true), spec: { replicas, selector: { matchLabels: { app: name } }, template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: "main", resources: { requests } }], ...spec } } } };
}

/** A DaemonSet in kube-system that tolerates everything. */
export function daemonSet(name: string, requests: ResourceList = { cpu: "50m", memory: "32Mi" }, spec: Partial<PodSpec> = {}): DaemonSet {
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: meta("DaemonSet", name, { namespace: "kube-system" }, true),
    spec: { selector: { matchLabels: { app: name } }, template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: "main", resources: { requests } }], tolerations: [{ operator: "Exists" }], ...spec } } },
  };
}
