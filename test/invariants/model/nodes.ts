import { type CSINode, durationOrNeverMs, HOSTNAME_LABEL, INITIALIZED_LABEL, isOwnedByDaemonSet, isTerminal, type Node, type NodeClaim, NODE_POOL_LABEL, type Pod, REGISTERED_LABEL, type ResourceList, type Taint, timeMs } from "@groupless/api";
import type { Cluster } from "@groupless/bin-packer";
import { fits, mergeResources, podsRequests, subtractResources } from "@groupless/quantity";
import { hostPortsOf, type HostPort, isEphemeralTaint, type LabelTables, tolerates } from "@groupless/requirements";
import { fromLabels, fromPodStrict, isCompatible, type Requirements } from "@groupless/requirements/karpenter";
import { attachments } from "./volumes.ts";

/** A node there is, a claim on its way, or both. */
export interface Place {
  readonly name: string;
  readonly providerID: string;
  readonly pool: string | undefined;
  readonly node: Node | undefined;
  readonly leaving: boolean;
  readonly initialized: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  readonly capacity: ResourceList;
  readonly pods: readonly Pod[];
  requirements: Requirements;
  remaining: ResourceList;
  ports: readonly HostPort[];
  attached: ReadonlySet<string>;
  readonly limits: Readonly<Record<string, number>>;
  /** Until then it has had a pod event too lately to take pods of nodes that are consolidated. Epoch milliseconds. */
  readonly quietUntilMs: number;
}

/** The nodes, in the order pods are offered them. */
export function placesOf(cluster: Cluster, daemons: readonly Pod[], tables: LabelTables): readonly Place[] {
  const claims = cluster.objects.filter((object): object is NodeClaim => object.kind === "NodeClaim" && (object.status?.providerID ?? "") !== "");
  const nodes = cluster.objects.filter((object): object is Node => object.kind === "Node");
  const known = nodes.filter(({ metadata: { labels = {} }, spec }) => (labels[NODE_POOL_LABEL] ?? "") === "" || ((spec?.providerID ?? "") !== "" && ((labels["node.kubernetes.io/instance-type"] ?? "") !== "" || (labels[INITIALIZED_LABEL] ?? "") !== "")));
  const idOf = ({ metadata, spec }: Node): string => ((spec?.providerID ?? "") === "" ? metadata.name : (spec?.providerID as string));
  const ids = new Set([...claims.map(({ status }) => status?.providerID as string), ...known.map(idOf)]);
  return [...ids]
    .map((id) => placeOf(cluster, id, known.find((node) => idOf(node) === id), claims.find(({ status }) => status?.providerID === id), daemons, tables))
    .sort((a, b) => Number(b.initialized) - Number(a.initialized) || (a.name < b.name ? -1 : a.name > b.name ? 1 : a.providerID < b.providerID ? -1 : 1));
}

function placeOf(cluster: Cluster, providerID: string, node: Node | undefined, claim: NodeClaim | undefined, daemons: readonly Pod[], tables: LabelTables): Place {
  const is = (label: string): boolean => claim === undefined || node?.metadata.labels?.[label] === "true";
  const [registered, initialized] = [is(REGISTERED_LABEL), is(INITIALIZED_LABEL)];
  const seen = ((registered ? node : claim) ?? node ?? claim) as Node | NodeClaim;
  const { labels = {}, name } = seen.metadata;
  const startup = claim?.spec.startupTaints ?? [];
  const all = (registered && node !== undefined ? node.spec?.taints : claim?.spec.taints) ?? [];
  const taints = initialized || claim === undefined ? all : all.filter((taint) => !isEphemeralTaint(taint) && !startup.some(({ key, effect }) => key === taint.key && effect === taint.effect));
  const amounts = (list: ResourceList | undefined, promised: ResourceList | undefined): ResourceList => (initialized || claim === undefined ? (list ?? {}) : node === undefined ? (promised ?? {}) : { ...list, ...Object.fromEntries(Object.entries(promised ?? {}).filter(([resource]) => fits({ [resource]: list?.[resource] ?? "0" }, {}))) });
  const allocatable = amounts(node?.status?.allocatable, claim?.status?.allocatable);
  const pods = node === undefined ? [] : cluster.objects.filter((object): object is Pod => object.kind === "Pod" && object.spec.nodeName === node.metadata.name);
  const there = pods.filter((pod) => !isTerminal(pod));
  const hostname = (labels[HOSTNAME_LABEL] ?? "") === "" ? name : (labels[HOSTNAME_LABEL] as string);
  const requirements = fromLabels({ ...labels, [HOSTNAME_LABEL]: hostname }, tables);
  const expected = daemons.filter((daemon) => tolerates(taints, daemon.spec.tolerations ?? []) && isCompatible(fromLabels(labels, tables), fromPodStrict(daemon, tables)));
  const csi = cluster.objects.find((object): object is CSINode => object.kind === "CSINode" && object.metadata.name === node?.metadata.name);
  const gone = claim === undefined ? node?.metadata.deletionTimestamp !== undefined : claim.metadata.deletionTimestamp !== undefined || claim.status?.conditions?.some(({ type, status }) => type === "InstanceTerminating" && status === "True") === true;
  return {
    name,
    providerID,
    pool: labels[NODE_POOL_LABEL],
    node,
    leaving: gone || (cluster.markedForDeletion ?? []).includes(providerID),
    initialized,
    labels,
    taints,
    capacity: { ...amounts(node?.status?.capacity, claim?.status?.capacity), nodes: "1" },
    pods,
    requirements,
    remaining: subtractResources(subtractResources(allocatable, there.length === 0 ? {} : podsRequests(there)), outstanding(expected, there.filter(isOwnedByDaemonSet))),
    ports: there.flatMap((pod) => hostPortsOf(pod)),
    attached: new Set(there.flatMap((pod) => attachments(pod, cluster.objects) ?? [])),
    limits: Object.fromEntries((csi?.spec.drivers ?? []).flatMap(({ name: driver, allocatable: most }) => (most === undefined ? [] : [[driver, most.count ?? 0]]))),
    quietUntilMs: quietUntilMs(cluster, labels[NODE_POOL_LABEL], claim),
  };
}

function quietUntilMs({ nodePools }: Cluster, poolName: string | undefined, claim: NodeClaim | undefined): number {
  const pool = nodePools.find(({ metadata }) => metadata.name === poolName);
  const after = pool === undefined ? 0 : (durationOrNeverMs(pool.spec.disruption.consolidateAfter ?? "0s") ?? 0);
  const initialized = claim?.status?.conditions?.find(({ type, status }) => type === "Initialized" && status === "True");
  return after === 0 || initialized === undefined ? 0 : timeMs(claim?.status?.lastPodEventTime ?? initialized.lastTransitionTime ?? "1970-01-01T00:00:00Z") + after;
}

/** What daemons are yet to take; those that came unexpected make no room. */
function outstanding(expected: readonly Pod[], running: readonly Pod[]): ResourceList {
  if (expected.length === 0) return {};
  const left = subtractResources(podsRequests(expected), running.length === 0 ? {} : podsRequests(running));
  return mergeResources(Object.fromEntries(Object.entries(left).filter(([, amount]) => !amount.startsWith("-"))));
}
