import type { KubeObject, Node, NodeClaim, NodePool, NodePoolSpec, NodeSelectorRequirementWithMinValues, Pod, PodSpec, TopologySpreadConstraint } from "@groupless/api";
import type { InstanceType, Offering } from "@groupless/catalog";
import { type Cluster, type Packing, prepare, solve, type SolveOptions } from "../src/index.ts";

export const NOW_MS: number = Date.parse("2026-09-01T12:00:00Z");
export const ZONES = ["zone-a", "zone-b", "zone-c"] as const;
export const ZONE = "topology.kubernetes.io/zone";
export const HOSTNAME = "kubernetes.io/hostname";
export const CAPACITY_TYPE = "karpenter.sh/capacity-type";

export function is(key: string, ...values: string[]): NodeSelectorRequirementWithMinValues {
  return { key, operator: "In", values };
}

export interface TypeOptions {
  readonly zones?: readonly string[];
  readonly capacityTypes?: readonly string[];
  readonly arch?: string;
  readonly price?: number;
  readonly capacity?: Readonly<Record<string, string>>;
  readonly requirements?: readonly NodeSelectorRequirementWithMinValues[];
  readonly unavailable?: readonly string[];
  readonly offerings?: readonly Offering[];
}

/** An instance type of that many cpus, four GiB a cpu, offered on demand and spot in three zones. */
export function type(name: string, cpus: number, options: TypeOptions = {}): InstanceType {
  const { zones = ZONES, capacityTypes = ["on-demand", "spot"], arch = "amd64", price = cpus / 10, unavailable = [] } = options;
  return {
    name,
    requirements: [
      is("node.kubernetes.io/instance-type", name),
      is("kubernetes.io/arch", arch),
      is("kubernetes.io/os", "linux"),
      is(ZONE, ...zones),
      is(CAPACITY_TYPE, ...capacityTypes),
      ...(options.requirements ?? []),
    ],
    capacity: { cpu: String(cpus), memory: `${cpus * 4}Gi`, pods: "110", ...options.capacity },
    overhead: {},
    offerings: options.offerings ?? zones.flatMap((zone) => capacityTypes.map((capacityType): Offering => ({ requirements: [is(ZONE, zone), is(CAPACITY_TYPE, capacityType)], price: capacityType === "spot" ? price * 0.4 : price, available: !unavailable.includes(zone) }))),
  };
}

export const TYPES: readonly InstanceType[] = [type("small", 2), type("medium", 4), type("large", 16), type("arm", 4, { arch: "arm64" })];

export function pool(name = "default", spec: Partial<Omit<NodePoolSpec, "template">> = {}, template: Partial<NodePoolSpec["template"]["spec"]> = {}, labels: Readonly<Record<string, string>> = {}): NodePool {
  return {
    apiVersion: "karpenter.sh/v1",
    kind: "NodePool",
    metadata: { name },
    spec: {
      disruption: { consolidateAfter: "0s" },
      ...spec,
      template: { metadata: { labels }, spec: { nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "default" }, requirements: [], ...template } },
    },
  };
}

export interface PodOptions extends Partial<Omit<PodSpec, "containers">> {
  readonly cpu?: string;
  readonly memory?: string;
  readonly requests?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly namespace?: string;
  readonly ports?: readonly number[];
  readonly status?: Pod["status"];
  readonly metadata?: Partial<Pod["metadata"]>;
}

export function pod(name: string, options: PodOptions = {}): Pod {
  const { cpu = "500m", memory = "512Mi", requests = {}, labels, namespace = "default", ports = [], status, metadata, ...spec } = options;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, ...(labels === undefined ? {} : { labels }), ...metadata },
    spec: { containers: [{ name: "main", resources: { requests: { cpu, memory, ...requests } }, ...(ports.length === 0 ? {} : { ports: ports.map((hostPort) => ({ hostPort, protocol: "TCP" })) }) }], ...spec },
    ...(status === undefined ? {} : { status }),
  };
}

export function pods(count: number, name: string, options: PodOptions = {}): Pod[] {
  return Array.from({ length: count }, (_, index) => pod(`${name}-${index}`, options));
}

export interface NodeOptions {
  readonly cpu?: string;
  readonly zone?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: NonNullable<Node["spec"]>["taints"];
  /** With a claim of this pool. */
  readonly pool?: string;
  readonly initialized?: boolean;
  readonly claim?: Partial<NodeClaim>;
}

/** A node, and with `pool` the claim it came from. */
export function node(name: string, options: NodeOptions = {}): KubeObject[] {
  const { cpu = "4", zone = "zone-a", labels = {}, taints, initialized = true } = options;
  const room = { cpu, memory: "16Gi", pods: "110" };
  const own = { [HOSTNAME]: name, [ZONE]: zone, "node.kubernetes.io/instance-type": "medium", ...labels };
  const ours = options.pool === undefined ? {} : { "karpenter.sh/nodepool": options.pool, "karpenter.sh/registered": "true", ...(initialized ? { "karpenter.sh/initialized": "true" } : {}) };
  const made: Node = { apiVersion: "v1", kind: "Node", metadata: { name, labels: { ...own, ...ours } }, spec: { providerID: `test:///${name}`, ...(taints === undefined ? {} : { taints }) }, status: { capacity: room, allocatable: room } };
  if (options.pool === undefined) return [made];
  const claim: NodeClaim = {
    apiVersion: "karpenter.sh/v1",
    kind: "NodeClaim",
    metadata: { name: `${name}-claim`, labels: { ...own, "karpenter.sh/nodepool": options.pool } },
    spec: { nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "default" }, requirements: [] },
    ...options.claim,
    status: { providerID: `test:///${name}`, nodeName: name, capacity: room, allocatable: room, ...options.claim?.status },
  };
  return [claim, made];
}

export function spread(options: Partial<TopologySpreadConstraint> & { readonly app?: string } = {}): TopologySpreadConstraint {
  const { app = "web", ...rest } = options;
  return { maxSkew: 1, topologyKey: ZONE, whenUnsatisfiable: "DoNotSchedule", labelSelector: { matchLabels: { app } }, ...rest };
}

export function term(app: string, topologyKey: string = HOSTNAME) {
  return { topologyKey, labelSelector: { matchLabels: { app } } };
}

export function cluster(objects: readonly KubeObject[], rest: Partial<Cluster> = {}): Cluster {
  return { nodePools: [pool()], objects, instanceTypes: { "*": TYPES }, ...rest };
}

export function packed(objects: readonly KubeObject[], rest: Partial<Cluster> = {}, options: SolveOptions = {}): Packing {
  return solve(prepare(cluster(objects, rest), { nowMs: NOW_MS }), options);
}

/** Pods of each new node, in short. */
export function groups(packing: Packing): string[] {
  return packing.newNodeClaims.map((claim) => claim.pods.map((name) => name.replace("default/", "")).join(" "));
}

/** Classes of each pod's error. */
export function errors(packing: Packing): Record<string, string> {
  return Object.fromEntries(packing.podErrors.map(({ pod: name, classes }) => [name.replace("default/", ""), classes.join(" ")]));
}

/** The value of a label that each new node is down to. */
export function valuesOf(packing: Packing, key: string): (string | undefined)[] {
  return packing.newNodeClaims.map((claim) => claim.requirements.find((requirement) => requirement.key === key && requirement.operator === "In" && requirement.values?.length === 1)?.values?.[0]);
}
