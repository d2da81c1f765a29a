import type { InstanceType } from "@groupless/catalog";
import type { KubeObject, NodePool, Pod } from "@groupless/api";
import { type Cluster, prepare, solve } from "@groupless/bin-packer";
import { formatQuantity, multiplyQuantity, parseQuantity } from "@groupless/quantity";
import { same, unless } from "./same.ts";

type Amounts = Readonly<Record<string, string>>;

/** What nobody looks at changes nothing; and where there is more of everything that is asked for and offered, pods go the same ways. */
export function alikeWrongs(cluster: Cluster, nowMs: number): readonly string[] {
  const plan = solve(prepare(cluster, { nowMs }));
  const places = (of: typeof plan): unknown => [of.newNodeClaims.map(({ nodePool, pods, instanceTypes, cheapestPrice }) => [nodePool, pods, instanceTypes, cheapestPrice]), of.existingNodes, of.podErrors.map(({ pod, classes }) => [pod, classes]), of.priceUsdPerHour];
  const planOf = (changed: Cluster): unknown => places(solve(prepare(changed, { nowMs })));
  const whole = places(plan);
  const busy = cluster.objects.some(({ kind }) => kind === "CapacityBuffer" || kind === "NodeOverlay");
  return [
    ...same("a toleration of a taint that nothing has changes the plan", planOf({ ...cluster, objects: cluster.objects.map(tolerant) }), whole),
    ...same("a label of pods that no one selects changes the plan", planOf({ ...cluster, objects: cluster.objects.map(labelled) }), whole),
    ...same("a pool that takes no pod changes the plan", planOf({ ...cluster, nodePools: [...cluster.nodePools, leaving(cluster.nodePools[0] as NodePool)] }), whole),
    ...(busy ? [] : same("a scale changes the plan", planOf(scaled(cluster, 3)), whole)),
    ...(busy ? [] : same("a huge scale changes the plan", planOf(scaled(cluster, 10_000_019)), whole)),
    ...same("a like preparation's index changes the plan", places(solve(prepare(cluster, { nowMs, like: prepare({ ...cluster, objects: cluster.objects.slice(1) }, { nowMs }) }))), whole),
    ...unless(plan.newNodeClaims.every(({ pods }) => pods.length > 0), "a node is opened for nobody"),
  ];
}

const isPod = (object: KubeObject): object is Pod => object.kind === "Pod";
// The same for every pod, and for the pods a buffer stands for: Karpenter counts a spread constraint once for all pods of like tolerations, and one that is relaxed anew.
const tolerant = (object: KubeObject): KubeObject => {
  const nobodys = <T extends Pod["spec"]>(spec: T): T => ({ ...spec, tolerations: [...(spec.tolerations ?? []), { key: "example.com/nobody", operator: "Exists" as const }] });
  if (isPod(object)) return { ...object, spec: nobodys(object.spec) };
  if ((object.kind as string) !== "PodTemplate") return object;
  const { template } = object as unknown as { readonly template: { readonly spec: Pod["spec"] } };
  return { ...object, template: { ...template, spec: nobodys(template.spec) } } as unknown as KubeObject;
};
const labelled = (object: KubeObject): KubeObject => (isPod(object) ? { ...object, metadata: { ...object.metadata, labels: { ...object.metadata.labels, "example.com/nobody": object.metadata.name } } } : object);
const leaving = (pool: NodePool): NodePool => ({ ...pool, metadata: { name: "a-leaving", uid: "a-leaving", deletionTimestamp: "2026-09-01T12:50:00Z" } });

const times = (factor: number, list: Amounts | undefined): Amounts => Object.fromEntries(Object.entries(list ?? {}).map(([resource, amount]) => [resource, resource === "pods" || resource === "nodes" ? amount : formatQuantity(multiplyQuantity(parseQuantity(amount), BigInt(factor)))]));

/** The cluster with so many times as much cpu, memory and all else that is asked for, offered, and allowed. */
function scaled(cluster: Cluster, factor: number): Cluster {
  const by = (list: Amounts | undefined): Amounts => times(factor, list);
  const containers = <T extends Pod["spec"]>(spec: T): T => ({
    ...spec,
    containers: spec.containers.map((container) => ({ ...container, resources: { requests: by(container.resources?.requests) } })),
    ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map((container) => ({ ...container, resources: { requests: by(container.resources?.requests) } })) }),
    ...(spec.overhead === undefined ? {} : { overhead: by(spec.overhead) }),
  });
  const amounts = (status: { readonly allocatable?: Amounts; readonly capacity?: Amounts } | undefined) => ({ ...status, ...(status?.allocatable === undefined ? {} : { allocatable: by(status.allocatable) }), ...(status?.capacity === undefined ? {} : { capacity: by(status.capacity) }) });
  const grown = (object: KubeObject): KubeObject => {
    if (isPod(object)) return { ...object, spec: containers(object.spec) };
    if (object.kind === "Node" || object.kind === "NodeClaim") return { ...object, status: amounts(object.status) } as KubeObject;
    if (object.kind === "DaemonSet") return { ...object, spec: { ...object.spec, template: { ...object.spec.template, spec: containers(object.spec.template.spec) } } };
    return object;
  };
  const parts = (overhead: InstanceType["overhead"]): InstanceType["overhead"] => Object.fromEntries(Object.entries(overhead).map(([part, list]) => [part, by(list as Amounts)]));
  const larger = (type: InstanceType): InstanceType => ({
    ...type,
    capacity: by(type.capacity),
    overhead: parts(type.overhead),
    offerings: type.offerings.map((offering) => ({ ...offering, ...(offering.capacityOverride === undefined ? {} : { capacityOverride: by(offering.capacityOverride) }), ...(offering.overheadOverride === undefined ? {} : { overheadOverride: parts(offering.overheadOverride) }) })),
  });
  return {
    ...cluster,
    objects: cluster.objects.map(grown),
    nodePools: cluster.nodePools.map((pool) => (pool.spec.limits === undefined ? pool : { ...pool, spec: { ...pool.spec, limits: by(pool.spec.limits) } })),
    instanceTypes: Object.fromEntries(Object.entries(cluster.instanceTypes).map(([pool, types]) => [pool, types.map(larger)])),
  };
}
