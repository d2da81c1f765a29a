import type { Pod } from "@groupless/api";
import { type Cluster, type Demand, type PodError, type SchedulingReason, explain, prepare, solve } from "@groupless/bin-packer";
import type { InstanceType } from "@groupless/catalog";
import { compareQuantities, parseQuantity, podRequests } from "@groupless/quantity";
import { unless } from "./same.ts";

type OfTypes = Extract<SchedulingReason, { readonly code: "no-instance-type" }>;

const more = (a: string, b: string): boolean => compareQuantities(parseQuantity(a), parseQuantity(b)) > 0;

/** Every refusal has a reason a pool, which names what the pod asks for and what the pool has; without the conflicts it names, it would not be refused so. */
export function reasonWrongs(cluster: Cluster, nowMs: number): readonly string[] {
  const { podErrors, ignoredPods } = solve(prepare(cluster, { nowMs }));
  const pods = new Map<string, Pod>(cluster.objects.flatMap((object) => (object.kind === "Pod" ? [[`${object.metadata.namespace ?? "default"}/${object.metadata.name}`, object] as const] : [])));
  const alike = new Set<string>();
  return [...podErrors, ...ignoredPods].flatMap((error) => {
    const pod = pods.get(error.pod);
    // Stand-ins of capacity buffers are no objects.
    if (pod === undefined && error.pod.includes("/capacity-buffer-")) return wordWrongs(error);
    const once = JSON.stringify(error.reasons);
    if (pod === undefined || alike.has(once)) return pod === undefined ? [`${error.pod} is refused and no pod`] : [];
    alike.add(once);
    return [...wordWrongs(error), ...error.reasons.flatMap((reason) => [...poolWrongs(cluster, pod, reason), ...(reason.code === "no-instance-type" ? [...typeWrongs(cluster, pod, reason), ...liftWrongs(cluster, pod, reason, nowMs)] : [])])];
  });
}

function wordWrongs({ pod, reasons, message }: PodError): readonly string[] {
  const texts = reasons.map(explain);
  return [
    ...unless(reasons.length > 0 && message.length > 0, `${pod} is refused without a word`),
    ...unless(texts.every((text) => text.endsWith(".") || text.endsWith("?")) && ![message, ...texts].some((text) => /undefined|\[object|NaN|nothing nothing|Stryker/.test(text)), `${pod} is refused in these words: ${texts.join(" ")}`),
    ...unless(reasons.every(({ nodePool }, index) => nodePool === undefined || texts[index]?.includes(nodePool) === true), `${pod}'s reasons do not name their pools`),
  ];
}

/** What a reason says of a pool and a pod is so. */
function poolWrongs(cluster: Cluster, pod: Pod, reason: SchedulingReason): readonly string[] {
  const pool = cluster.nodePools.find(({ metadata }) => metadata.name === reason.nodePool);
  const said = `${pod.metadata.name} is refused by ${reason.nodePool ?? "all"} for ${reason.code}`;
  const taints = pool?.spec.template.spec.taints ?? [];
  const asks = (key: string): boolean => JSON.stringify([pod.spec.nodeSelector, pod.spec.affinity, pod.spec.topologySpreadConstraints]).includes(key);
  if (reason.code === "untolerated-taint") return unless(reason.taints.length > 0 && reason.taints.every(({ key }) => taints.some((taint) => taint.key === key) && !(pod.spec.tolerations ?? []).some((toleration) => (toleration.key ?? key) === key && toleration.operator === "Exists")), said);
  if (reason.code === "limits" || reason.code === "node-limit") return unless(pool?.spec.limits !== undefined && (reason.code === "limits" || pool.spec.limits["nodes"] !== undefined), said);
  if (reason.code === "undefined-label") return unless(asks(reason.key) && !(pool?.spec.template.spec.requirements ?? []).some(({ key }) => key === reason.key) && pool?.spec.template.metadata?.labels?.[reason.key] === undefined, said);
  if (reason.code === "incompatible-requirements") return unless(asks(reason.conflict.key) && reason.conflict.wanted.every(({ key }) => key === reason.conflict.key) && reason.conflict.offered.every(({ key }) => key === reason.conflict.key), said);
  if (reason.code === "topology-spread" || reason.code === "pod-affinity" || reason.code === "pod-anti-affinity") return unless(reason.ofOthers || asks(reason.topologyKey), said);
  if (reason.code === "incompatible-volume") return unless((pod.spec.volumes ?? []).length > 0, said);
  return [];
}

function typeWrongs(cluster: Cluster, pod: Pod, { nodePool, nearest, conflicts, unmet, considered, requests }: OfTypes): readonly string[] {
  const types = cluster.instanceTypes[nodePool ?? ""] ?? cluster.instanceTypes["*"] ?? [];
  const own = podRequests(pod);
  const said = `${pod.metadata.name}'s reason of ${nodePool} says`;
  const offers = types.find(({ name }) => name === nearest?.instanceType);
  return [
    ...unless(considered <= types.length && unmet.length > 0, `${said} that ${considered} types were considered and ${unmet.length} things not met`),
    ...unless(Object.entries(own).every(([resource, amount]) => requests[resource] !== undefined && !more(amount, requests[resource])), `${said} that ${JSON.stringify(requests)} are asked for`),
    ...unless(nearest === undefined || offers !== undefined, `${said} that ${nearest?.instanceType} is near, which is no type`),
    ...(nearest?.resources ?? []).flatMap(({ resource, needed, allocatable }) => unless(more(needed, allocatable) && !more(allocatable, hasMore(offers, resource) ? "1Ei" : (offers?.capacity[resource] ?? "0")), `${said} that ${nearest?.instanceType} has ${allocatable} ${resource}, less than ${needed}`)),
    ...unless(conflicts.flat().every((demand) => demand.kind !== "resource" || own[demand.resource] === demand.requested || own[demand.resource] !== undefined), `${said} that resources conflict which the pod does not ask for`),
    ...unless(nearest === undefined || nearest.labels.length + nearest.resources.length > 0 || nearest.offering !== "available", `${said} that ${nearest?.instanceType} lacks nothing`),
  ];
}

/** Whether an offering of the type has some of the resource of its own. */
const hasMore = (type: InstanceType | undefined, resource: string): boolean => type?.offerings.some(({ capacityOverride }) => capacityOverride?.[resource] !== undefined) === true;

/** Names a zone had before. */
const current = (key: string): string => key.replace("failure-domain.beta.kubernetes.io/", "topology.kubernetes.io/");

/** The pod without the demands that are said to conflict, alone in an empty cluster, is not refused for them by that pool. */
function liftWrongs(cluster: Cluster, pod: Pod, { conflicts, nodePool }: OfTypes, nowMs: number): readonly string[] {
  const demands = conflicts.flat();
  const { topologySpreadConstraints: _spread, volumes: _volumes, nodeName: _node, ...spec } = pod.spec;
  const { podAffinity: _near, podAntiAffinity: _far, ...affinity } = spec.affinity ?? {};
  // What the pods around add is not the pod's to drop.
  if (demands.length === 0 || demands.some((demand) => demand.kind === "resource" && demand.resource === "pods") || JSON.stringify(affinity) !== JSON.stringify(pod.spec.affinity ?? {}) || _spread !== undefined || _volumes !== undefined) return [];
  const alone = (candidate: Pod) => solve(prepare({ ...cluster, nodePools: cluster.nodePools.filter(({ metadata }) => metadata.name === nodePool).map((pool) => ({ ...pool, spec: { ...pool.spec, limits: {} } })), objects: [candidate, ...cluster.objects.filter(({ kind }) => kind === "DaemonSet")] }, { nowMs }));
  const waiting: Pod = { ...pod, spec };
  const refused = (candidate: Pod): boolean => alone(candidate).podErrors.some(({ reasons }) => reasons.some(({ code }) => code === "no-instance-type"));
  return refused(waiting) ? unless(!refused(without(waiting, demands)), `${pod.metadata.name} is refused even without ${JSON.stringify(demands)}`) : [];
}

function without(pod: Pod, demands: readonly Demand[]): Pod {
  const keys = new Set(demands.flatMap((demand) => (demand.kind === "requirement" ? [demand.requirement.key] : [])));
  const resources = new Set(demands.flatMap((demand) => (demand.kind === "resource" ? [demand.resource] : [])));
  const { nodeSelector = {}, affinity, containers, initContainers = [], overhead = {}, ...spec } = pod.spec;
  const less = (list: Readonly<Record<string, string>> = {}) => Object.fromEntries(Object.entries(list).filter(([resource]) => !resources.has(resource)));
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms.map((term) => ({ matchExpressions: (term.matchExpressions ?? []).filter(({ key }) => !keys.has(current(key))) }));
  const kept = terms?.every(({ matchExpressions }) => matchExpressions.length > 0) === true ? { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } } } : {};
  return {
    ...pod,
    spec: {
      ...spec,
      ...kept,
      nodeSelector: Object.fromEntries(Object.entries(nodeSelector).filter(([key]) => !keys.has(current(key)))),
      containers: containers.map((container) => ({ ...container, resources: { requests: less(container.resources?.requests) } })),
      initContainers: initContainers.map((container) => ({ ...container, resources: { requests: less(container.resources?.requests) } })),
      overhead: less(overhead),
    },
  };
}
