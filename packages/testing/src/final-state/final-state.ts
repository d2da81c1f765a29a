import { type KubeObject, type Node, type NodeClaim, type Pod, type Taint, isKind, nameOf } from "@groupless/api";
import type { Cluster, Packing } from "@groupless/bin-packer";
import type { InstanceType } from "@groupless/catalog";
import { KnownOptions, type NodeOption, optionsOf } from "./node-option.ts";

/** The cluster as it will be once a packing has been carried out. */
export interface FinalState {
  readonly cluster: Cluster;
  readonly packing: Packing;
  readonly nodes: readonly FinalNode[];
  /** Nodes on their way out, with the pods there of which the packing says nothing: while these run they count for the rules of others. Nothing is placed there. */
  readonly leaving: readonly FinalNode[];
  /** By `namespace/name`: every pod of the cluster. */
  readonly pods: ReadonlyMap<string, Pod>;
  readonly namespaceLabels: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

export interface FinalNode {
  readonly name: string;
  readonly kind: "existing" | "new";
  readonly nodePool?: string;
  readonly options: readonly NodeOption[];
  /** Taints that stay: neither startup taints nor those that Kubernetes lifts by itself once the node is up. */
  readonly taints: readonly Taint[];
  /** Pods that ran there before. */
  readonly bound: readonly Pod[];
  /** Pods this packing puts there. */
  readonly placed: readonly Pod[];
}

/** Carries a packing out on paper. Pods it names that the cluster does not hold are left out; `explainsEveryPod` reports them. */
export function finalState(cluster: Cluster, packing: Packing): FinalState {
  const pods = new Map(ofKind(cluster, "Pod").map((pod) => [nameOf(pod), pod]));
  const named = (names: readonly string[]): Pod[] => names.flatMap((name) => pods.get(name) ?? []);
  const placements = new Map(packing.existingNodes.map(({ node, pods: names }) => [node, named(names)]));
  const { stay, leave } = existingNodes(cluster);
  const existing = stay.map((node): FinalNode => ({ ...node, placed: placements.get(node.name) ?? [] }));
  const answered = new Set([...packing.newNodeClaims, ...packing.existingNodes].flatMap(({ pods: names }) => names).concat([...packing.podErrors, ...(packing.ignoredPods ?? [])].map(({ pod }) => pod)));
  const leaving = leave.map((node): FinalNode => ({ ...node, bound: node.bound.filter((pod) => !answered.has(nameOf(pod))), placed: [] }));
  const known = new KnownOptions();
  const types = new Map([...new Set(packing.newNodeClaims.map(({ nodePool }) => nodePool))].map((nodePool) => [nodePool, typesOf(cluster, nodePool)]));
  const created = packing.newNodeClaims.map((claim, index): FinalNode => ({
    name: `new-${index + 1}`,
    kind: "new",
    nodePool: claim.nodePool,
    options: optionsOf(claim, types.get(claim.nodePool) ?? new Map(), known),
    taints: claim.taints ?? [],
    bound: [],
    placed: named(claim.pods),
  }));
  return { cluster, packing, nodes: [...existing, ...created], leaving, pods, namespaceLabels: new Map(ofKind(cluster, "Namespace").map(({ metadata }) => [metadata.name, metadata.labels ?? {}])) };
}

export function ofKind<K extends KubeObject["kind"]>(cluster: Cluster, kind: K): Extract<KubeObject, { readonly kind: K }>[] {
  return cluster.objects.filter((object): object is Extract<KubeObject, { readonly kind: K }> => isKind(object, kind));
}

export function typesOf(cluster: Cluster, nodePool: string): ReadonlyMap<string, InstanceType> {
  const types = Object.hasOwn(cluster.instanceTypes, nodePool) ? cluster.instanceTypes[nodePool] : cluster.instanceTypes["*"];
  return new Map((types ?? []).map((type) => [type.name, type]));
}

/** Nodes that stay, and those that are deleting or marked for it, with the pods that run on them. */
function existingNodes(cluster: Cluster): { readonly stay: readonly Omit<FinalNode, "placed">[]; readonly leave: readonly Omit<FinalNode, "placed">[] } {
  const marked = new Set(cluster.markedForDeletion ?? []);
  const leaving = (object: { readonly metadata: { readonly deletionTimestamp?: string } }, providerID: string | undefined): boolean => object.metadata.deletionTimestamp !== undefined || (providerID !== undefined && marked.has(providerID));
  const claims = ofKind(cluster, "NodeClaim");
  const nodes = ofKind(cluster, "Node");
  const nodeOf = (claim: NodeClaim): Node | undefined => nodes.find((node) => claim.status?.providerID !== undefined && node.spec?.providerID === claim.status.providerID);
  const claimed = new Set<Node>();
  const [stay, leave]: [Omit<FinalNode, "placed">[], Omit<FinalNode, "placed">[]] = [[], []];
  const podsOn = new Map<string, Pod[]>();
  for (const pod of ofKind(cluster, "Pod")) {
    const { nodeName } = pod.spec;
    if (nodeName === undefined || nodeName === "" || pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed") continue;
    podsOn.set(nodeName, [...(podsOn.get(nodeName) ?? []), pod]);
  }
  for (const claim of claims) {
    const node = nodeOf(claim);
    if (node !== undefined) claimed.add(node);
    const goes = leaving(claim, claim.status?.providerID) || node?.metadata.deletionTimestamp !== undefined;
    (goes ? leave : stay).push(existingNode(claim, node, podsOn.get(node?.metadata.name ?? "") ?? []));
  }
  for (const node of nodes) if (!claimed.has(node)) (leaving(node, node.spec?.providerID) ? leave : stay).push(existingNode(undefined, node, podsOn.get(node.metadata.name) ?? []));
  return { stay, leave };
}

function existingNode(claim: NodeClaim | undefined, node: Node | undefined, bound: readonly Pod[]): Omit<FinalNode, "placed"> {
  const registered = node !== undefined && (claim === undefined || node.metadata.labels?.["karpenter.sh/registered"] === "true");
  const initialized = registered && (claim === undefined || node.metadata.labels?.["karpenter.sh/initialized"] === "true");
  const subject = (registered ? node : claim) as Node | NodeClaim;
  const startup = new Set((claim?.spec.startupTaints ?? []).map(identity));
  const taints = (registered ? (node.spec?.taints ?? []) : (claim?.spec.taints ?? [])).filter((taint) => initialized || !(startup.has(identity(taint)) || isEphemeral(taint)));
  // Until a node is initialized the claim's amounts stand in for those its kubelet does not report yet.
  const amounts = (field: "allocatable" | "capacity"): Readonly<Record<string, string>> => (initialized ? (node?.status?.[field] ?? {}) : { ...node?.status?.[field], ...claim?.status?.[field] });
  const nodePool = subject.metadata.labels?.["karpenter.sh/nodepool"];
  const name = subject.metadata.name;
  return {
    name,
    kind: "existing",
    ...(nodePool === undefined ? {} : { nodePool }),
    options: [{ labels: { "kubernetes.io/hostname": name, ...subject.metadata.labels }, open: {}, allocatable: amounts("allocatable"), capacity: amounts("capacity"), priceUsdPerHour: 0 }],
    taints,
    bound,
  };
}

const identity = ({ key, value = "", effect }: Taint): string => `${key}=${value}:${effect}`;

const EPHEMERAL = new Set(["node.kubernetes.io/not-ready:NoSchedule", "node.kubernetes.io/not-ready:NoExecute", "node.kubernetes.io/unreachable:NoSchedule", "node.cloudprovider.kubernetes.io/uninitialized:NoSchedule", "karpenter.sh/unregistered:NoExecute"]);

/** Taints that are lifted without anybody's doing while a node comes up. */
function isEphemeral({ key, effect }: Taint): boolean {
  return EPHEMERAL.has(`${key}:${effect}`) || key.startsWith("readiness.k8s.io/");
}
