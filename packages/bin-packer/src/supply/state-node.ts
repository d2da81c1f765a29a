import { INITIALIZED_LABEL, INSTANCE_TYPE_LABEL, NODE_POOL_LABEL, REGISTERED_LABEL, HOSTNAME_LABEL, type Annotations, type Labels, type Node, type NodeClaim, type Pod, type ResourceList, type Taint } from "@groupless/api";
import { isEphemeralTaint } from "../intern/toleration.ts";

/** A node as Karpenter keeps it: the Node, the NodeClaim it came from, or both, matched by provider id. Plain data. */
export interface StateNode {
  /** The node's name; the NodeClaim's until it registers. */
  readonly name: string;
  readonly providerId: string;
  readonly node?: Node;
  readonly nodeClaim?: NodeClaim;
  /** Of the label; absent where it has none. */
  readonly nodePool?: string;
  /** Made by Karpenter: it has a NodeClaim. */
  readonly managed: boolean;
  /** Unmanaged nodes count as registered and initialized. */
  readonly registered: boolean;
  readonly initialized: boolean;
  /** On its way out: its pods are placed anew, nothing is placed on it. */
  readonly markedForDeletion: boolean;
  readonly hostname: string;
  /** The node's labels, annotations and taints; the NodeClaim's until it registers. Startup and ephemeral taints are left out until it is initialized. */
  readonly labels: Labels;
  readonly annotations: Annotations;
  readonly taints: readonly Taint[];
  readonly capacity: ResourceList;
  readonly allocatable: ResourceList;
  /** All pods bound to it, in name order. */
  readonly pods: readonly Pod[];
}

/** The Nodes and NodeClaims of one provider id: nearly always one each. Lists are in name order, the last counts. */
export interface Matched {
  readonly nodes: readonly Node[];
  readonly claims: readonly NodeClaim[];
}

const NO_NODES: readonly Node[] = [];
const NO_CLAIMS: readonly NodeClaim[] = [];

/** Matches nodes and claims, by provider id. Karpenter pkg/controllers/state: what its cluster state holds after all objects were seen. */
export function matchesOf(nodes: readonly Node[], claims: readonly NodeClaim[]): Map<string, Matched> {
  const byProvider = new Map<string, Matched>();
  for (const claim of claims) {
    const id = idOfClaim(claim);
    if (id !== undefined) byProvider.set(id, { nodes: NO_NODES, claims: [...(byProvider.get(id)?.claims ?? NO_CLAIMS), claim] });
  }
  for (const node of nodes) {
    const id = idOfNode(node);
    if (id === undefined) continue;
    const known = byProvider.get(id);
    byProvider.set(id, { nodes: known === undefined || known.nodes.length === 0 ? [node] : [...known.nodes, node], claims: known?.claims ?? NO_CLAIMS });
  }
  return byProvider;
}

export function idOfClaim(claim: NodeClaim): string | undefined {
  const id = claim.status?.providerID ?? "";
  return id === "" ? undefined : id;
}

/** Nodes without provider id go by their name. Undefined: a node of ours without provider id or, before it is initialized, without instance type is not known yet. */
export function idOfNode(node: Node): string | undefined {
  const labels = node.metadata.labels ?? {};
  const managed = (labels[NODE_POOL_LABEL] ?? "") !== "";
  const given = node.spec?.providerID ?? "";
  if (managed && (given === "" || ((labels[INSTANCE_TYPE_LABEL] ?? "") === "" && (labels[INITIALIZED_LABEL] ?? "") === ""))) return undefined;
  return given === "" ? node.metadata.name : given;
}

/** `pods`: those bound to the Node, in name order. */
export function stateNodeOf(providerId: string, matched: Matched, pods: (node: string) => readonly Pod[], marked: ReadonlySet<string>): StateNode {
  const node = matched.nodes.at(-1);
  const nodeClaim = matched.claims.at(-1);
  const managed = nodeClaim !== undefined;
  const registered = !managed || node?.metadata.labels?.[REGISTERED_LABEL] === "true";
  const initialized = !managed || node?.metadata.labels?.[INITIALIZED_LABEL] === "true";
  const seen = (registered ? node : nodeClaim) ?? node ?? (nodeClaim as NodeClaim);
  const labels = seen.metadata.labels ?? {};
  const taints = (registered && node !== undefined ? node.spec?.taints : nodeClaim?.spec.taints) ?? [];
  const startup = nodeClaim?.spec.startupTaints ?? [];
  const deleting =
    nodeClaim !== undefined
      ? nodeClaim.metadata.deletionTimestamp !== undefined || (nodeClaim.status?.conditions?.some(({ type, status }) => type === "InstanceTerminating" && status === "True") ?? false)
      : node?.metadata.deletionTimestamp !== undefined;
  const name = seen.metadata.name;
  const filled = (status: ResourceList | undefined, promised: ResourceList | undefined): ResourceList => {
    if (initialized || nodeClaim === undefined) return status ?? {};
    if (node === undefined) return promised ?? {};
    // The kubelet reports extended resources as zero until their device plugins are up.
    const lists: Record<string, string> = { ...status };
    for (const [resource, amount] of Object.entries(promised ?? {})) if (lists[resource] === undefined || isZero(lists[resource])) lists[resource] = amount;
    return lists;
  };
  return {
    name,
    providerId,
    ...(node === undefined ? {} : { node }),
    ...(nodeClaim === undefined ? {} : { nodeClaim }),
    ...(labels[NODE_POOL_LABEL] === undefined ? {} : { nodePool: labels[NODE_POOL_LABEL] }),
    managed,
    registered,
    initialized,
    markedForDeletion: marked.has(providerId) || deleting,
    hostname: (labels[HOSTNAME_LABEL] ?? "") === "" ? name : (labels[HOSTNAME_LABEL] as string),
    labels,
    annotations: seen.metadata.annotations ?? {},
    taints: initialized || !managed ? taints : taints.filter((taint) => !isEphemeralTaint(taint) && !startup.some((other) => other.key === taint.key && other.effect === taint.effect)),
    capacity: filled(node?.status?.capacity, nodeClaim?.status?.capacity),
    allocatable: filled(node?.status?.allocatable, nodeClaim?.status?.allocatable),
    pods: node === undefined ? [] : pods(node.metadata.name),
  };
}

function isZero(amount: string): boolean {
  return /^[+-]?0*\.?0*([eE][+-]?\d+|[a-zA-Z]*)$/.test(amount);
}
