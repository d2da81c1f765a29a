import type { KubeObject } from "@groupless/api";
import type { Cluster, SolveOptions } from "../../src/index.ts";
import { CAPACITY_TYPE, HOSTNAME, is, node, pod, pods, pool, type PodOptions, spread, term, type, ZONE } from "../build.ts";

export interface Situation {
  readonly name: string;
  readonly objects: readonly KubeObject[];
  readonly rest?: Partial<Cluster>;
  readonly options?: SolveOptions;
}

const required = (...nodeSelectorTerms: { matchExpressions: { key: string; operator: "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt"; values?: string[] }[] }[]): PodOptions => ({ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } } });
const asks = (key: string, operator: "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt", ...values: string[]): PodOptions => required({ matchExpressions: [{ key, operator, ...(values.length === 0 ? {} : { values }) }] });
const near = (app: string, key?: string): PodOptions => ({ affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term(app, key)] } } });
const away = (app: string, key?: string): PodOptions => ({ affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term(app, key)] } } });
const web = (rest: PodOptions = {}): PodOptions => ({ labels: { app: "web" }, ...rest });
const pools = (...nodePools: ReturnType<typeof pool>[]): Partial<Cluster> => ({ nodePools });
const noSchedule = (key: string, value?: string) => ({ taints: [{ key, ...(value === undefined ? {} : { value }), effect: "NoSchedule" as const }] });
const claim = (spec: object, rest: object = {}): KubeObject => ({ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "c", namespace: "default", ...rest }, spec }) as KubeObject;
const mounting = pod("p", { volumes: [{ name: "v", persistentVolumeClaim: { claimName: "c" } }] });
const storage = (zones: string[]): KubeObject => ({ apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name: "s" }, provisioner: "ebs.csi.aws.com", volumeBindingMode: "WaitForFirstConsumer", allowedTopologies: [{ matchLabelExpressions: [{ key: ZONE, values: zones }] }] });
const varied = (minValues: number) => ({ requirements: [{ ...is("node.kubernetes.io/instance-type", "small", "medium", "large"), minValues }] });
const reserved = type("held", 4, { offerings: [{ requirements: [is(ZONE, "zone-a"), is(CAPACITY_TYPE, "reserved"), is("example.com/reservation", "r")], price: 0.001, available: true, reservationCapacity: 0 }] });
const running = (name: string, on: string, options: PodOptions = {}) => pod(name, { nodeName: on, status: { phase: "Running" }, ...options });

export const SITUATIONS: readonly Situation[] = [
  { name: "a taint", objects: [pod("p")], rest: pools(pool("default", {}, noSchedule("team"))) },
  { name: "a taint with a value", objects: [pod("p")], rest: pools(pool("default", {}, noSchedule("team", "a"))) },
  { name: "two taints", objects: [pod("p")], rest: pools(pool("default", {}, { taints: [...noSchedule("a").taints, ...noSchedule("b").taints] })) },
  { name: "two pools, each for its own reason", objects: [pod("p", { nodeSelector: { "kubernetes.io/arch": "arm64" } })], rest: pools(pool("a", {}, noSchedule("team")), pool("b", {}, { requirements: [is("kubernetes.io/arch", "amd64")] })) },
  { name: "a label nobody defines", objects: [pod("p", { nodeSelector: { team: "a" } })] },
  { name: "a misspelt label", objects: [pod("p", { nodeSelector: { "topology.kubernetesio/zone": "zone-a" } })] },
  { name: "a label that must exist", objects: [pod("p", asks("team", "Exists"))] },
  { name: "the other architecture", objects: [pod("p", { nodeSelector: { "kubernetes.io/arch": "arm64" } })], rest: pools(pool("default", {}, { requirements: [is("kubernetes.io/arch", "amd64")] })) },
  { name: "a zone outside the pool", objects: [pod("p", { nodeSelector: { [ZONE]: "zone-c" } })], rest: pools(pool("default", {}, { requirements: [is(ZONE, "zone-a", "zone-b")] })) },
  { name: "spot from an on-demand pool", objects: [pod("p", { nodeSelector: { [CAPACITY_TYPE]: "spot" } })], rest: pools(pool("default", {}, { requirements: [is(CAPACITY_TYPE, "on-demand")] })) },
  { name: "another pool by name", objects: [pod("p", { nodeSelector: { "karpenter.sh/nodepool": "other" } })] },
  { name: "NotIn of all the pool has", objects: [pod("p", asks(ZONE, "NotIn", "zone-a"))], rest: pools(pool("default", {}, { requirements: [is(ZONE, "zone-a")] })) },
  { name: "a bound above the pool's", objects: [pod("p", asks("gen", "Gt", "5"))], rest: pools(pool("default", {}, { requirements: [is("gen", "3", "4")] })) },
  { name: "a type and the architecture it does not have", objects: [pod("p", { nodeSelector: { "node.kubernetes.io/instance-type": "arm", "kubernetes.io/arch": "amd64" } })] },
  { name: "a type that does not exist", objects: [pod("p", { nodeSelector: { "node.kubernetes.io/instance-type": "huge" } })] },
  { name: "a zone no type is offered in", objects: [pod("p", { nodeSelector: { [ZONE]: "zone-z" } })] },
  { name: "a zone that is sold out", objects: [pod("p", { nodeSelector: { [ZONE]: "zone-b" } })], rest: { instanceTypes: { "*": [type("one", 4, { unavailable: ["zone-b"] })] } } },
  { name: "too much cpu", objects: [pod("p", { cpu: "20" })] },
  { name: "too much memory", objects: [pod("p", { memory: "100Gi" })] },
  { name: "m for M", objects: [pod("p", { cpu: "1M" })] },
  { name: "a device no type has", objects: [pod("p", { requests: { "nvidia.com/gpu": "1" } })] },
  { name: "more devices than any type has", objects: [pod("p", { requests: { "nvidia.com/gpu": "8" } })], rest: { instanceTypes: { "*": [type("gpu", 8, { capacity: { "nvidia.com/gpu": "4" } })] } } },
  { name: "room only on the other architecture", objects: [pod("p", { cpu: "10", nodeSelector: { "kubernetes.io/arch": "arm64" } })] },
  { name: "room taken by daemons", objects: [{ apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: "agent", namespace: "kube-system" }, spec: { template: { spec: { containers: [{ name: "c", resources: { requests: { cpu: "1" } } }] } } } } as KubeObject, pod("p", { cpu: "15500m" })] },
  { name: "limits that are used up", objects: [...node("n", { pool: "default" }), pod("p", { cpu: "5" })], rest: pools(pool("default", { limits: { cpu: "5" } })) },
  { name: "limits below every type", objects: [pod("p")], rest: pools(pool("default", { limits: { memory: "1Gi" } })) },
  { name: "no more nodes allowed", objects: [...node("n", { pool: "default", cpu: "1" }), pod("p", { cpu: "2" })], rest: pools(pool("default", { limits: { nodes: "1" } })) },
  { name: "too little variety", objects: [pod("p", { cpu: "3" })], rest: pools(pool("default", {}, varied(3))) },
  { name: "too little variety among the cheapest", objects: [pod("p")], rest: { ...pools(pool("default", {}, varied(3))), options: { maxInstanceTypes: 2 } } },
  { name: "a reservation that is spoken for", objects: [pod("p")], rest: { instanceTypes: { "*": [reserved] }, wellKnownLabels: ["example.com/reservation"], options: { reservationIDLabel: "example.com/reservation" } } },
  { name: "affinity to nobody", objects: [pod("p", near("ghost"))] },
  { name: "affinity to nobody, by zone", objects: [pod("p", near("ghost", ZONE))] },
  { name: "affinity to pods in a zone the pod may not go to", objects: [...node("n", { zone: "zone-a", cpu: "1" }), running("lead", "n", { labels: { app: "lead" } }), pod("p", { ...near("lead", ZONE), cpu: "2", nodeSelector: { [ZONE]: "zone-b" } })] },
  { name: "anti-affinity with no zone left", objects: [...["a", "b", "c"].flatMap((zone) => [...node(`n-${zone}`, { zone: `zone-${zone}`, cpu: "1" }), running(`x-${zone}`, `n-${zone}`, web())]), pod("p", web({ ...away("web", ZONE), cpu: "2" }))] },
  { name: "others' anti-affinity", objects: [...["a", "b", "c"].flatMap((zone) => [...node(`n-${zone}`, { zone: `zone-${zone}`, cpu: "1" }), running(`x-${zone}`, `n-${zone}`, away("web", ZONE))]), pod("p", web({ cpu: "2" }))] },
  { name: "a spread on a label no node has", objects: [pod("p", web({ topologySpreadConstraints: [spread({ topologyKey: "rack" })] }))] },
  { name: "a spread that a selector makes impossible", objects: [...node("n", { zone: "zone-a", cpu: "1" }), running("x", "n", web()), pod("p", web({ cpu: "2", nodeSelector: { [ZONE]: "zone-a" }, topologySpreadConstraints: [spread({ nodeAffinityPolicy: "Ignore", minDomains: 5 })] }))] },
  { name: "a spread with too few domains", objects: pods(2, "p", web({ cpu: "10", topologySpreadConstraints: [spread({ minDomains: 2 })] })), rest: pools(pool("default", {}, { requirements: [is(ZONE, "zone-a")] })) },
  { name: "two spreads that choose apart", objects: [...node("n", { zone: "zone-a", cpu: "1" }), running("x", "n", { labels: { app: "web", tier: "x" } }), ...["zone-b", "zone-c"].flatMap((zone) => [...node(`n-${zone}`, { zone, cpu: "1" }), running(`y-${zone}`, `n-${zone}`, { labels: { tier: "x" } })]), pod("p", { cpu: "2", labels: { app: "web", tier: "x" }, topologySpreadConstraints: [spread(), spread({ labelSelector: { matchLabels: { app: "web", tier: "x" } } })] }), pod("q", { cpu: "2", labels: { app: "q" }, ...away("web", ZONE), nodeSelector: { [ZONE]: "zone-a" } })] },
  { name: "a volume in a zone outside the pool", objects: [mounting, claim({ storageClassName: "s" }), storage(["zone-c"])], rest: pools(pool("default", {}, { requirements: [is(ZONE, "zone-a")] })) },
  { name: "a claim that does not exist", objects: [mounting] },
  { name: "a claim that is being deleted", objects: [mounting, claim({ storageClassName: "s" }, { deletionTimestamp: "2026-09-01T00:00:00Z" })] },
  { name: "a claim without a class", objects: [mounting, claim({})] },
  { name: "a hostname", objects: [pod("p", { nodeSelector: { [HOSTNAME]: "n" } })] },
  { name: "a label of Karpenter's own", objects: [pod("p", { nodeSelector: { "karpenter.sh/mine": "x" } })] },
  { name: "match fields", objects: [pod("p", { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: ["n"] }] }] } } } })] },
  { name: "a bound that is no number", objects: [pod("p", asks("gen", "Gt", "new"))] },
  { name: "no node of any pool", objects: [pod("p", asks("karpenter.sh/nodepool", "DoesNotExist"))] },
  { name: "dynamic resources", objects: [pod("p", { resourceClaims: [{ name: "gpu", resourceClaimName: "g" }] })] },
  { name: "no pool at all", objects: [pod("p")], rest: pools() },
  { name: "no type for any pool", objects: [pod("p")], rest: { instanceTypes: {} } },
  { name: "a node that is still coming up", objects: [...node("source", { pool: "default" }), ...node("young", { pool: "default", initialized: false }), running("p", "source")], rest: { removeNodes: ["source"] }, options: { purpose: "disruption" } },
];
