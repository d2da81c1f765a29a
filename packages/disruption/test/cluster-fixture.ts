import type { Budget, KubeObject, Node, NodeClaim, NodePool, NodeSelectorRequirementWithMinValues, Pod, PodDisruptionBudget } from "@groupless/api";
import type { Cluster } from "@groupless/bin-packer";
import type { InstanceType } from "@groupless/catalog";

const NOW = "2026-08-20T12:00:00Z";
export const NOW_MS: number = Date.parse(NOW);

/** Prices of the sizes, on-demand; spot is 40 % of them. */
export const PRICES: Readonly<Record<string, number>> = { small: 0.02, medium: 0.04, large: 0.08, xlarge: 0.16, "2xlarge": 0.32 };
const CPUS: Readonly<Record<string, number>> = { small: 1, medium: 2, large: 4, xlarge: 8, "2xlarge": 16 };
const ZONES = ["zone-a", "zone-b"];

/** Five sizes, each twice as big and dear as the one before, in two zones, on demand and spot. */
export const catalog: readonly InstanceType[] = Object.keys(PRICES).map((size) => instanceType(size));

export function instanceType(size: string, changes: { readonly price?: number; readonly cpu?: number; readonly capacityTypes?: readonly string[] } = {}): InstanceType {
  const price = changes.price ?? (PRICES[size] as number);
  const cpu = changes.cpu ?? (CPUS[size] as number);
  const capacityTypes = changes.capacityTypes ?? ["on-demand", "spot"];
  const requirement = (key: string, ...values: string[]): NodeSelectorRequirementWithMinValues => ({ key, operator: "In", values });
  return {
    name: size,
    requirements: [
      requirement("node.kubernetes.io/instance-type", size),
      requirement("kubernetes.io/arch", "amd64"),
      requirement("kubernetes.io/os", "linux"),
      requirement("karpenter.sh/capacity-type", ...capacityTypes),
      requirement("topology.kubernetes.io/zone", ...ZONES),
    ],
    capacity: { cpu: String(cpu), memory: `${4 * cpu}Gi`, pods: "110" },
    overhead: {},
    offerings: ZONES.flatMap((zone) =>
      capacityTypes.map((capacityType) => ({ requirements: [requirement("topology.kubernetes.io/zone", zone), requirement("karpenter.sh/capacity-type", capacityType)], price: capacityType === "spot" ? price * 0.4 : price, available: true })),
    ),
  };
}

export interface PoolChanges {
  readonly name?: string;
  readonly policy?: NodePool["spec"]["disruption"]["consolidationPolicy"];
  readonly consolidateAfter?: string;
  readonly budgets?: readonly Budget[];
  readonly requirements?: readonly NodeSelectorRequirementWithMinValues[];
  readonly limits?: Readonly<Record<string, string>>;
  readonly replicas?: number;
  readonly terminationGracePeriod?: string;
}

const ON_DEMAND: NodeSelectorRequirementWithMinValues = { key: "karpenter.sh/capacity-type", operator: "In", values: ["on-demand"] };

/** A ready pool of on-demand nodes that consolidates at once, with no budget. */
export function nodePool({ name = "default", policy = "WhenEmptyOrUnderutilized", consolidateAfter = "0s", budgets = [], requirements = [ON_DEMAND], limits, replicas, terminationGracePeriod }: PoolChanges = {}): NodePool {
  return {
    apiVersion: "karpenter.sh/v1",
    kind: "NodePool",
    metadata: { name, uid: `uid-${name}`, creationTimestamp: "2026-08-01T00:00:00Z" },
    spec: {
      template: { spec: { nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "default" }, requirements, expireAfter: "720h", ...(terminationGracePeriod === undefined ? {} : { terminationGracePeriod }) } },
      disruption: { consolidateAfter, consolidationPolicy: policy, budgets },
      ...(limits === undefined ? {} : { limits }),
      ...(replicas === undefined ? {} : { replicas }),
    },
    status: { conditions: [{ type: "Ready", status: "True" }] },
  };
}

export interface NodeChanges {
  readonly pool?: string;
  readonly size?: string;
  readonly capacityType?: string;
  readonly zone?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly conditions?: NonNullable<NodeClaim["status"]>["conditions"];
  readonly initialized?: boolean;
  readonly ready?: boolean;
  readonly lastPodEventTime?: string;
  readonly terminationGracePeriod?: string;
  readonly deleting?: boolean;
}

/** An initialized, consolidatable node and its claim. */
export function node(name: string, { pool = "default", size = "large", capacityType = "on-demand", zone = "zone-a", labels = {}, annotations = {}, conditions, initialized = true, ready = true, lastPodEventTime, terminationGracePeriod, deleting = false }: NodeChanges = {}): readonly [Node, NodeClaim] {
  const cpu = String(CPUS[size] ?? 4);
  const resources = { cpu, memory: `${4 * Number(cpu)}Gi`, pods: "110" };
  const providerID = `aws:///${zone}/i-${name}`;
  const common = { "karpenter.sh/nodepool": pool, "node.kubernetes.io/instance-type": size, "karpenter.sh/capacity-type": capacityType, "topology.kubernetes.io/zone": zone, "kubernetes.io/arch": "amd64", "kubernetes.io/os": "linux" };
  const since = "2026-08-20T10:00:00Z";
  return [
    {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name, uid: `uid-node-${name}`, creationTimestamp: since, labels: { ...common, "kubernetes.io/hostname": name, "karpenter.sh/registered": "true", ...(initialized ? { "karpenter.sh/initialized": "true" } : {}), ...labels }, annotations },
      spec: { providerID },
      status: { capacity: resources, allocatable: resources, conditions: [{ type: "Ready", status: ready ? "True" : "False" }] },
    },
    {
      apiVersion: "karpenter.sh/v1",
      kind: "NodeClaim",
      metadata: { name: `claim-${name}`, uid: `uid-claim-${name}`, creationTimestamp: since, labels: common, ...(deleting ? { deletionTimestamp: NOW } : {}) },
      spec: { nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "default" }, requirements: [], expireAfter: "720h", ...(terminationGracePeriod === undefined ? {} : { terminationGracePeriod }) },
      status: {
        nodeName: name,
        providerID,
        capacity: resources,
        allocatable: resources,
        conditions: [
          { type: "Launched", status: "True", lastTransitionTime: since },
          { type: "Registered", status: "True", lastTransitionTime: since },
          { type: "Initialized", status: initialized ? "True" : "Unknown", lastTransitionTime: since },
          ...(conditions ?? [{ type: "Consolidatable", status: "True" as const, lastTransitionTime: since }]),
        ],
        ...(lastPodEventTime === undefined ? {} : { lastPodEventTime }),
      },
    },
  ];
}

export interface PodChanges {
  readonly cpu?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly owner?: string;
  readonly startTime?: string;
  readonly phase?: NonNullable<Pod["status"]>["phase"];
  readonly deleting?: boolean;
  readonly ready?: boolean;
  readonly spec?: Partial<Pod["spec"]>;
}

/** A running pod of a ReplicaSet on a node; on none: pending. */
export function pod(name: string, nodeName: string | undefined, { cpu = "1", annotations = {}, labels = { app: "web" }, owner = "ReplicaSet", startTime = "2026-08-20T11:00:00Z", phase, deleting = false, ready = true, spec = {} }: PodChanges = {}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: "default",
      uid: `uid-pod-${name}`,
      creationTimestamp: "2026-08-20T11:00:00Z",
      annotations,
      labels,
      ...(deleting ? { deletionTimestamp: NOW } : {}),
      ...(owner === "" ? {} : { ownerReferences: [{ apiVersion: owner === "Node" ? "v1" : "apps/v1", kind: owner, name: "owner", uid: "uid-owner" }] }),
    },
    spec: { containers: [{ name: "main", resources: { requests: { cpu } } }], ...(nodeName === undefined ? {} : { nodeName }), ...spec },
    status: nodeName === undefined ? { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable" }] } : { phase: phase ?? "Running", startTime, conditions: [{ type: "Ready", status: ready ? "True" : "False" }] },
  };
}

/** A budget over pods labelled `app: web` that lets so many go. */
export function podDisruptionBudget(name: string, disruptionsAllowed: number, spec: Partial<PodDisruptionBudget["spec"]> = {}, namespace = "default"): PodDisruptionBudget {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name, namespace, uid: `uid-pdb-${name}` },
    spec: { selector: { matchLabels: { app: "web" } }, maxUnavailable: 1, ...spec },
    status: { disruptionsAllowed, currentHealthy: 1, desiredHealthy: 1, expectedPods: 1 },
  };
}

/** A cluster of these objects; the pool is `nodePool()` unless pools are given. */
export function clusterOf(objects: readonly (KubeObject | readonly KubeObject[])[], changes: Partial<Cluster> = {}): Cluster {
  return { nodePools: [nodePool()], objects: objects.flat(), instanceTypes: { "*": catalog }, ...changes };
}

/** The claim's condition Drifted, since then. */
export function drifted(since = "2026-08-20T11:00:00Z"): NonNullable<NonNullable<NodeClaim["status"]>["conditions"]> {
  return [{ type: "Drifted", status: "True", reason: "NodePoolDrifted", lastTransitionTime: since }];
}
