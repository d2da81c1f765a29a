import type { KubeObject, Node, Pod } from "@groupless/api";
import { type Change, type Cluster, apply, applyEvents, clusterOf, pendingZones, prepare, solve, stateNodes, update, type WatchEvent, whatIf } from "@groupless/bin-packer";
import { disrupt } from "@groupless/disruption";
import { same } from "./same.ts";

/** A what-if answers as the changed cluster would, and an update leaves what a fresh preparation would find. */
export function changeWrongs(cluster: Cluster, nowMs: number): readonly string[] {
  const prepared = prepare(cluster, { nowMs });
  const asks = changes(cluster).flatMap(([name, change]) =>
    ([{}, { purpose: "disruption" as const }] as const).flatMap((options) => same(`what-if ${name} answers as the changed cluster`, whatIf(prepared, change, options), solve(prepare(apply(clusterOf(prepared), change), { nowMs }), options))),
  );
  return [...asks, ...updateWrongs(cluster, nowMs), ...pricesFollow(cluster, nowMs)];
}

function changes(cluster: Cluster): readonly (readonly [string, Change])[] {
  const pods = cluster.objects.filter((object): object is Pod => object.kind === "Pod");
  const nodes = stateNodes(prepare(cluster, { nowMs: 0 })).filter(({ managed }) => managed);
  const running = pods.find(({ spec }) => (spec.nodeName ?? "") !== "");
  const waiting = pods.find(({ spec }) => (spec.nodeName ?? "") === "");
  const [pool] = cluster.nodePools;
  return [
    ...nodes.map(({ name }) => [`without ${name}`, { removeNodes: [name] }] as const),
    ...(nodes.length > 1 ? [["without several nodes", { removeNodes: nodes.slice(0, 2).map(({ name }) => name) }] as const] : []),
    ...(running === undefined ? [] : [["without a pod", { removePods: [`${running.metadata.namespace ?? "default"}/${running.metadata.name}`] }] as const]),
    ...(waiting === undefined ? [] : [["with another pod", { objects: [{ ...waiting, metadata: { ...waiting.metadata, name: "one-more", uid: "one-more" } }] }] as const]),
    ["with dearer spot", { prices: [{ requirements: [{ key: "karpenter.sh/capacity-type", operator: "In", values: ["spot"] }], factor: 5 }] }],
    ["without a zone", { unavailable: [{ requirements: [{ key: "topology.kubernetes.io/zone", operator: "In", values: ["zone-a"] }] }] }],
    ["without a pool", { removeNodePools: [pool?.metadata.name ?? ""] }],
    ...(pool === undefined ? [] : [["with a tainted pool", { nodePools: [{ ...pool, spec: { ...pool.spec, template: { ...pool.spec.template, spec: { ...pool.spec.template.spec, taints: [{ key: "new", effect: "NoSchedule" as const }] } } } }] }] as const]),
  ];
}

/** Every answer there is about a preparation, for comparing two of them. */
function answers(prepared: ReturnType<typeof prepare>): readonly unknown[] {
  return [solve(prepared), stateNodes(prepared), disrupt(prepared), pendingZones(prepared)];
}

function updateWrongs(cluster: Cluster, nowMs: number): readonly string[] {
  const odd = cluster.objects.filter((_, index) => index % 2 === 1);
  const even = cluster.objects.filter((_, index) => index % 2 === 0);
  const whole = answers(prepare(cluster, { nowMs }));
  const steps = (start: readonly KubeObject[], events: readonly WatchEvent[]): readonly unknown[] => {
    let now = prepare({ ...cluster, objects: start }, { nowMs });
    solve(now);
    for (const event of events) now = update(now, [event], { nowMs });
    return answers(now);
  };
  const at = (type: WatchEvent["type"]) => (object: KubeObject): WatchEvent => ({ type, object });
  const changed = cluster.objects.flatMap((object): readonly KubeObject[] => (object.kind === "Node" ? [relabelled(object)] : object.kind === "Pod" ? [moved(object, cluster)] : []));
  const events = [...changed.map(at("MODIFIED")), ...odd.slice(0, 2).map(at("DELETED"))];
  return [
    ...same("objects that come one by one make the same cluster", steps(even, odd.map(at("ADDED"))), whole),
    ...same("objects that go one by one leave the same cluster", steps(cluster.objects, odd.map(at("DELETED"))), answers(prepare({ ...cluster, objects: even }, { nowMs }))),
    ...same("objects that change one by one make the same cluster", steps(cluster.objects, events), answers(prepare(applyEvents(cluster, events), { nowMs }))),
  ];
}

const relabelled = (node: Node): Node => ({ ...node, metadata: { ...node.metadata, labels: { ...node.metadata.labels, team: "blue" } }, status: { ...node.status, allocatable: { ...node.status?.allocatable, cpu: "3" } } });

/** A pod that waits starts on the first node; one that runs goes back to waiting. */
function moved(pod: Pod, cluster: Cluster): Pod {
  const node = cluster.objects.find(({ kind }) => kind === "Node")?.metadata.name ?? "";
  const { nodeName: before, ...spec } = pod.spec;
  return (before ?? "") === "" ? { ...pod, spec: { ...spec, nodeName: node }, status: { phase: "Running" } } : { ...pod, spec, status: { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable" }] } };
}

/** Where every price is twice as high, every plan is the same and costs twice as much. */
function pricesFollow(cluster: Cluster, nowMs: number): readonly string[] {
  // An overlay's price stays what it is.
  if (cluster.objects.some(({ kind }) => kind === "NodeOverlay")) return [];
  const dearer: Change = { prices: [{ requirements: [], factor: 2 }] };
  const [before, after] = [solve(prepare(cluster, { nowMs })), solve(prepare(apply(cluster, dearer), { nowMs }))];
  const priced = { ...after, priceUsdPerHour: after.priceUsdPerHour / 2, newNodeClaims: after.newNodeClaims.map((claim) => ({ ...claim, cheapestPrice: claim.cheapestPrice / 2 })) };
  return same("doubled prices change no decision", before, priced);
}
