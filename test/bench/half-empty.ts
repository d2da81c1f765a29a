// `npx tsx --tsconfig tsconfig.sources.json test/bench/half-empty.ts`: a cluster of small nodes half of whose pods have gone: how near to the least
// price deletions alone come, and how near regrouping does, and with how many evictions. Needs the workloads and catalogs of ../shared/bounds.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { KubeObject, Node, NodeClaim, NodePool, Pod } from "@groupless/api";
import { type Cluster, prepare, solve } from "@groupless/bin-packer";
import type { InstanceType } from "@groupless/catalog";
import { type Command, disrupt, type Method, multiNodeConsolidation, regroupConsolidation, subsetConsolidation } from "@groupless/disruption";

const bounds = fileURLToPath(new URL("../../../shared/bounds/", import.meta.url));
const workload = JSON.parse(readFileSync(`${bounds}workloads/w3-services-20k.json`, "utf8")) as { classes: { count: number; requests: Record<string, number> }[]; daemons: { cpu: number; memory: number; pods: number } };
const listed = JSON.parse(readFileSync(`${bounds}catalogs/cmr-16.json`, "utf8")) as { types: { name: string; labels: Record<string, string>; allocatable: Record<string, number>; offerings: { zone: string; capacityType: string; price: number }[] }[] };
const NOW_MS = Date.parse("2026-01-02T00:00:00Z");
const SINCE = "2026-01-01T00:00:00Z";

// Daemons take the same from every node, so the catalog comes without their share.
const catalog = listed.types.map(({ name, labels, allocatable, offerings }): InstanceType => {
  const is = (key: string, ...values: string[]) => ({ key, operator: "In" as const, values });
  const { cpu = 0, memory = 0, pods = 0 } = allocatable;
  return {
    name,
    requirements: [...Object.entries({ ...labels, "kubernetes.io/os": "linux", "node.kubernetes.io/instance-type": name }).map(([key, value]) => is(key, value)), is("topology.kubernetes.io/zone", ...new Set(offerings.map(({ zone }) => zone))), is("karpenter.sh/capacity-type", "on-demand")],
    capacity: { cpu: `${cpu - workload.daemons.cpu}m`, memory: `${memory - workload.daemons.memory}Mi`, pods: String(pods - workload.daemons.pods) },
    overhead: {},
    offerings: offerings.filter(({ capacityType }) => capacityType === "on-demand").map(({ zone, capacityType, price }) => ({ requirements: [is("topology.kubernetes.io/zone", zone), is("karpenter.sh/capacity-type", capacityType)], price, available: true })),
  };
});
const priceOf = new Map(catalog.map(({ name, offerings }) => [name, Math.min(...offerings.map(({ price }) => price))]));
const typeOf = new Map(catalog.map((type) => [type.name, type]));
const wellKnownLabels = [...new Set(catalog.flatMap(({ requirements }) => requirements.map(({ key }) => key)))];

const pool: NodePool = {
  apiVersion: "karpenter.sh/v1",
  kind: "NodePool",
  metadata: { name: "default", creationTimestamp: SINCE },
  spec: { template: { spec: { nodeClassRef: { group: "karpenter.test.sh", kind: "TestNodeClass", name: "default" }, requirements: [{ key: "karpenter.sh/capacity-type", operator: "In", values: ["on-demand"] }] } }, disruption: { consolidateAfter: "0s", consolidationPolicy: "WhenEmptyOrUnderutilized", budgets: [] } },
};
const pods = workload.classes.flatMap(({ count, requests }, i) =>
  Array.from({ length: count }, (_, j): Pod => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `p${i}-${j}`, namespace: "default", creationTimestamp: SINCE },
    spec: { containers: [{ name: "c", resources: { requests: { cpu: `${requests["cpu"]}m`, memory: `${requests["memory"]}Mi` } } }] },
    status: { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable" }] },
  })),
);
const cluster = (objects: readonly KubeObject[], instanceTypes = catalog): Cluster => ({ nodePools: [pool], objects, instanceTypes: { "*": instanceTypes }, wellKnownLabels });

function nodeObjects(name: string, type: string): readonly [Node, NodeClaim] {
  const instanceType = typeOf.get(type) as InstanceType;
  const labels = { ...Object.fromEntries(instanceType.requirements.map(({ key, values = [] }) => [key, values[0] ?? ""])), "karpenter.sh/nodepool": "default" };
  const providerID = `test:///${name}`;
  const conditions = ["Launched", "Registered", "Initialized", "Consolidatable"].map((kind) => ({ type: kind, status: "True" as const, lastTransitionTime: SINCE }));
  const resources = instanceType.capacity;
  return [
    { apiVersion: "v1", kind: "Node", metadata: { name, creationTimestamp: SINCE, labels: { ...labels, "kubernetes.io/hostname": name, "karpenter.sh/registered": "true", "karpenter.sh/initialized": "true" } }, spec: { providerID }, status: { capacity: resources, allocatable: resources, conditions: [{ type: "Ready", status: "True" }] } },
    { apiVersion: "karpenter.sh/v1", kind: "NodeClaim", metadata: { name: `claim-${name}`, creationTimestamp: SINCE, labels }, spec: { nodeClassRef: pool.spec.template.spec.nodeClassRef, requirements: [] }, status: { nodeName: name, providerID, conditions } },
  ];
}

const bind = (pod: Pod, nodeName: string): Pod => ({ ...pod, spec: { ...pod.spec, nodeName }, status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] } });
const price = ({ objects }: Cluster): number => objects.reduce((sum, object) => (object.kind === "Node" ? sum + (priceOf.get(object.metadata.labels?.["node.kubernetes.io/instance-type"] ?? "") ?? 0) : sum), 0);

function halfEmpty(): Cluster {
  const small = catalog.filter(({ capacity }) => Number.parseInt(capacity["cpu"] ?? "0", 10) <= 8000);
  const byName = new Map(pods.map((pod) => [`default/${pod.metadata.name}`, pod]));
  let seed = 1;
  const stays = (): boolean => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) % 65_536 < 32_768;
  const objects = solve(prepare(cluster(pods, small), { nowMs: NOW_MS })).newNodeClaims.flatMap(({ instanceTypes, pods: names }, i): KubeObject[] => {
    const name = `n${String(i).padStart(5, "0")}`;
    return [...nodeObjects(name, instanceTypes[0] as string), ...names.filter(stays).map((pod) => bind(byName.get(pod) as Pod, name))];
  });
  return cluster(objects);
}

let serial = 0;
function execute(before: Cluster, { sourceNodes, replacements, existingNodes }: Command): { readonly after: Cluster; readonly moved: number } {
  const gone = new Set(sourceNodes);
  const place = new Map(existingNodes.flatMap(({ node, pods: names }) => names.map((pod) => [pod, node] as const)));
  const made = replacements.flatMap(({ instanceTypes, pods: names }) => {
    const name = `r${serial++}`;
    for (const pod of names) place.set(pod, name);
    return nodeObjects(name, instanceTypes[0] as string);
  });
  const objects = before.objects.flatMap((object): KubeObject[] => {
    if (object.kind === "Node") return gone.has(object.metadata.name) ? [] : [object];
    if (object.kind === "NodeClaim") return gone.has(object.status?.nodeName ?? "") ? [] : [object];
    const to = object.kind === "Pod" ? place.get(`default/${object.metadata.name}`) : undefined;
    return [to === undefined ? object : bind(object as Pod, to)];
  });
  return { after: { ...before, objects: [...objects, ...made] }, moved: place.size };
}

function play(name: string, start: Cluster, methods: readonly Method[], rounds: number): void {
  const began = performance.now();
  let now = start;
  let evictions = 0;
  let round = 0;
  for (; round < rounds; round++) {
    const [command] = disrupt(prepare(now, { nowMs: NOW_MS }), { methods });
    if (command === undefined) break;
    const { after, moved } = execute(now, command);
    now = after;
    evictions += moved;
  }
  report(name, now, evictions, `${round} command${round === 1 ? "" : "s"}, ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

function report(name: string, now: Cluster, evictions: number, note: string): void {
  const nodes = now.objects.filter(({ kind }) => kind === "Node").length;
  console.log(`${name.padEnd(34)} ${(price(now) / least).toFixed(3)}× the bound, ${nodes} nodes, ${evictions} evictions  (${note})`);
}

const start = halfEmpty();
const left = start.objects.filter((object): object is Pod => object.kind === "Pod").map((object): Pod => ({ ...object, spec: { containers: object.spec.containers }, status: { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable" }] } }));
const least = solve(prepare(cluster(left), { nowMs: NOW_MS }), { objective: "cheapest" }).lowerBoundUsdPerHour ?? Number.NaN;
report("half-empty", start, 0, `${left.length} pods`);
play("prefixes of 100, as Karpenter", start, [multiNodeConsolidation], 60);
play("any subset", start, [subsetConsolidation({ maxPlacements: 2_000_000 })], 20);
play("regrouping in one go", start, [regroupConsolidation({ maxNodes: 10_000 })], 1);
