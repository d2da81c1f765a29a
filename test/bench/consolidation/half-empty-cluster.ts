import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { KubeObject, Node, NodeClaim, NodePool, Pod } from "@groupless/api";
import { type Cluster, prepare, solve } from "@groupless/bin-packer";
import type { InstanceType } from "@groupless/catalog";
import type { Command } from "@groupless/disruption";
import type { Catalog, Workload } from "../cost/workload.ts";

const bounds = fileURLToPath(new URL("../../../../shared/bounds/", import.meta.url));
const SINCE = "2026-01-01T00:00:00Z";
const ZONE = "topology.kubernetes.io/zone";
export const NOW_MS: number = Date.parse("2026-01-02T00:00:00Z");

/** A workload of `../shared/bounds` as a cluster from which pods have gone. */
export interface HalfEmpty {
  readonly cluster: Cluster;
  /** The pods that are left, as if they waited. */
  readonly waiting: Cluster;
  /** USD an hour of all nodes of such a cluster. */
  readonly price: (cluster: Cluster) => number;
  /** The cluster after a command, and how many pods moved. */
  readonly execute: (before: Cluster, command: Command) => { readonly after: Cluster; readonly moved: number };
}

/** Packs the workload first-fit on nodes of at most so many vCPUs, and lets half of the pods go, the same each time. */
export function halfEmpty(workloadName: string, catalogName: string, mostVcpus: number): HalfEmpty {
  const workload = JSON.parse(readFileSync(`${bounds}workloads/${workloadName}.json`, "utf8")) as Workload;
  const listed = JSON.parse(readFileSync(`${bounds}catalogs/${catalogName}.json`, "utf8")) as Catalog;
  const { cpu: daemonCpu = 0, memory: daemonMemory = 0, pods: daemonPods = 0 } = workload.daemons ?? {};
  const is = (key: string, ...values: string[]) => ({ key, operator: "In" as const, values });
  // Daemons take the same from every node, so the catalog comes without their share.
  const catalog = listed.types.flatMap(({ name, labels, allocatable, offerings }): InstanceType[] => {
    const { cpu = 0, memory = 0, pods = 0 } = allocatable;
    const onDemand = offerings.filter(({ capacityType }) => capacityType === "on-demand");
    if (cpu <= daemonCpu || memory <= daemonMemory || onDemand.length === 0) return [];
    return [
      {
        name,
        requirements: [...Object.entries({ ...labels, "kubernetes.io/os": "linux", "node.kubernetes.io/instance-type": name }).map(([key, value]) => is(key, value)), is(ZONE, ...new Set(onDemand.map(({ zone }) => zone))), is("karpenter.sh/capacity-type", "on-demand")],
        capacity: { cpu: `${cpu - daemonCpu}m`, memory: `${memory - daemonMemory}Mi`, pods: String(pods - daemonPods) },
        overhead: {},
        offerings: onDemand.map(({ zone, price }) => ({ requirements: [is(ZONE, zone), is("karpenter.sh/capacity-type", "on-demand")], price, available: true })),
      },
    ];
  });
  const typeOf = new Map(catalog.map((type) => [type.name, type]));
  const priceOf = new Map(catalog.map(({ name, offerings }) => [name, Math.min(...offerings.map(({ price }) => price))]));
  const wellKnownLabels = [...new Set(catalog.flatMap(({ requirements }) => requirements.map(({ key }) => key)))];
  const clusterOf = (objects: readonly KubeObject[], instanceTypes = catalog): Cluster => ({ nodePools: [pool], objects, instanceTypes: { "*": instanceTypes }, wellKnownLabels });
  const pods = podsOf(workload);
  const byName = new Map(pods.map((pod) => [`default/${pod.metadata.name}`, pod]));

  const small = catalog.filter(({ requirements }) => Number(requirements.find(({ key }) => key === "karpenter.k8s.aws/instance-cpu")?.values?.[0] ?? 0) <= mostVcpus);
  let seed = 1;
  const stays = (): boolean => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) % 65_536 < 32_768;
  const cluster = clusterOf(
    solve(prepare(clusterOf(pods, small), { nowMs: NOW_MS })).newNodeClaims.flatMap(({ instanceTypes, requirements, pods: names }, i): KubeObject[] => {
      const name = `n${String(i).padStart(5, "0")}`;
      const zones = requirements.find(({ key }) => key === ZONE)?.values ?? [];
      return [...nodeObjects(name, typeOf.get(instanceTypes[0] as string) as InstanceType, zones), ...names.filter(stays).map((pod) => bind(byName.get(pod) as Pod, name))];
    }),
  );
  let serial = 0;
  return {
    cluster,
    waiting: clusterOf(cluster.objects.flatMap((object) => (object.kind === "Pod" ? (byName.get(`default/${object.metadata.name}`) as Pod) : []))),
    price: ({ objects }) => objects.reduce((sum, object) => (object.kind === "Node" ? sum + (priceOf.get(object.metadata.labels?.["node.kubernetes.io/instance-type"] ?? "") ?? 0) : sum), 0),
    execute: (before, { sourceNodes, replacements, existingNodes }) => {
      const gone = new Set(sourceNodes);
      const place = new Map(existingNodes.flatMap(({ node, pods: names }) => names.map((pod) => [pod, node] as const)));
      const made = replacements.flatMap(({ instanceTypes, requirements, pods: names }) => {
        const name = `r${serial++}`;
        for (const pod of names) place.set(pod, name);
        return nodeObjects(name, typeOf.get(instanceTypes[0] as string) as InstanceType, requirements.find(({ key }) => key === ZONE)?.values ?? []);
      });
      const objects = before.objects.flatMap((object): KubeObject[] => {
        if (object.kind === "Node") return gone.has(object.metadata.name) ? [] : [object];
        if (object.kind === "NodeClaim") return gone.has(object.status?.nodeName ?? "") ? [] : [object];
        const to = object.kind === "Pod" ? place.get(`default/${object.metadata.name}`) : undefined;
        return [to === undefined ? object : bind(object as Pod, to)];
      });
      return { after: { ...before, objects: [...objects, ...made] }, moved: place.size };
    },
  };
}

const pool: NodePool = {
  apiVersion: "karpenter.sh/v1",
  kind: "NodePool",
  metadata: { name: "default", creationTimestamp: SINCE },
  spec: { template: { spec: { nodeClassRef: { group: "karpenter.test.sh", kind: "TestNodeClass", name: "default" }, requirements: [{ key: "karpenter.sh/capacity-type", operator: "In", values: ["on-demand"] }] } }, disruption: { consolidateAfter: "0s", consolidationPolicy: "WhenEmptyOrUnderutilized", budgets: [] } },
};

function podsOf({ classes }: Workload): readonly Pod[] {
  return classes.flatMap(({ count, requests, where }, i) => {
    const matchExpressions = Object.entries(where ?? {}).map(([key, values]) => ({ key, operator: "In" as const, values }));
    const affinity = matchExpressions.length === 0 ? {} : { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } } } };
    return Array.from({ length: count }, (_, j): Pod => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: `p${i}-${j}`, namespace: "default", creationTimestamp: SINCE },
      spec: { ...affinity, containers: [{ name: "c", resources: { requests: { cpu: `${requests["cpu"] ?? 0}m`, memory: `${requests["memory"] ?? 0}Mi` } } }] },
      status: { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable" }] },
    }));
  });
}

// In the first zone, by name, that is allowed and has the type.
function nodeObjects(name: string, { requirements, capacity }: InstanceType, zones: readonly string[]): readonly [Node, NodeClaim] {
  const offered = requirements.find(({ key }) => key === ZONE)?.values ?? [];
  const zone = offered.find((value) => zones.length === 0 || zones.includes(value)) ?? "";
  const labels = { ...Object.fromEntries(requirements.map(({ key, values = [] }) => [key, values[0] ?? ""])), [ZONE]: zone, "karpenter.sh/nodepool": "default" };
  const providerID = `test:///${name}`;
  const conditions = ["Launched", "Registered", "Initialized", "Consolidatable"].map((kind) => ({ type: kind, status: "True" as const, lastTransitionTime: SINCE }));
  return [
    { apiVersion: "v1", kind: "Node", metadata: { name, creationTimestamp: SINCE, labels: { ...labels, "kubernetes.io/hostname": name, "karpenter.sh/registered": "true", "karpenter.sh/initialized": "true" } }, spec: { providerID }, status: { capacity, allocatable: capacity, conditions: [{ type: "Ready", status: "True" }] } },
    { apiVersion: "karpenter.sh/v1", kind: "NodeClaim", metadata: { name: `claim-${name}`, creationTimestamp: SINCE, labels }, spec: { nodeClassRef: pool.spec.template.spec.nodeClassRef, requirements: [] }, status: { nodeName: name, providerID, conditions } },
  ];
}

function bind(pod: Pod, nodeName: string): Pod {
  return { ...pod, spec: { ...pod.spec, nodeName }, status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] } };
}
