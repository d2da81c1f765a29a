import type { KubeObject, NodePool, Pod } from "@groupless/api";
import type { Cluster, SchedulingOptions } from "@groupless/bin-packer";
import type { InstanceType } from "@groupless/catalog";
import { fits, podsRequests, subtractResources } from "@groupless/quantity";
import * as fc from "fast-check";
import { bound, daemonSet, node, podDisruptionBudget } from "../../build/objects.ts";
import { aged, nodeAges } from "../node-age.ts";
import { podStates, withPodStates } from "../pod-age.ts";
import { volumes, withVolumes } from "../volumes.ts";
import { APPS } from "../vocabulary.ts";
import { field, oneIn } from "./sometimes.ts";
import { RESERVATION, variedCatalogs } from "./varied-catalog.ts";
import { variedPods } from "./varied-pods.ts";
import { variedPools } from "./varied-pools.ts";

export interface VariedOptions {
  /** Most waiting pods. Default 5. */
  readonly maxPods?: number;
  /** Most nodes. Default 4. */
  readonly maxNodes?: number;
  /** Only pods that ask nothing about other pods, and no preferences. Default false. */
  readonly alone?: boolean;
}

/**
 * Small clusters of great variety: reservations, overlays, buffers, static pools, minValues, graphics cards, startup taints, volumes and their limits,
 * host ports, sidecars, daemons, namespaces, budgets, settings. Each has some of it only, so that many may be tried and what fails is short.
 */
export function variedClusters({ maxPods = 5, maxNodes = 4, alone = false }: VariedOptions = {}): fc.Arbitrary<Cluster> {
  const place = fc.record({ type: fc.nat(3), offering: fc.nat(9), managed: fc.integer({ min: 0, max: 5 }).map((n) => n > 0), pool: fc.nat(2), pods: fc.nat(3) });
  const options = fc.record({ preferencePolicy: oneIn(8, fc.constant("Ignore" as const)), minValuesPolicy: oneIn(6, fc.constant("BestEffort" as const)), reservedCapacity: oneIn(9, fc.constant(false)), maxInstanceTypes: oneIn(9, fc.constantFrom(1, 2)), spotToSpot: fc.boolean() });
  return fc
    .record({
      catalog: variedCatalogs(),
      pools: fc.tuple(variedPools("default"), fc.option(variedPools("other"), { nil: undefined }), oneIn(5, variedPools("third"))),
      waiting: fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 3, arbitrary: variedPods(maxPods, { alone, prefix: "new-" }) }),
      running: variedPods(8, { alone: true, prefix: "old-" }),
      places: fc.array(place, { maxLength: maxNodes }),
      ages: fc.oneof(fc.constant([]), nodeAges(maxNodes)),
      states: fc.oneof(fc.constant([]), podStates(8)),
      stores: oneIn(3, volumes(maxPods)),
      daemons: oneIn(4, fc.constantFrom(daemonSet("agent"), daemonSet("agent", { cpu: "200m", memory: "64Mi" }, { nodeSelector: { "kubernetes.io/arch": "amd64" } }), daemonSet("picky", { cpu: "100m" }, { tolerations: [] }))),
      guard: oneIn(3, fc.tuple(fc.constantFrom(...APPS), fc.nat(1))),
      overlay: oneIn(8, fc.constantFrom({ priceAdjustment: "+50%" }, { price: "0.05" }, { priceAdjustment: "-0.01" }, { capacity: { "example.com/slots": "2" } })),
      buffer: oneIn(10, fc.integer({ min: 1, max: 2 })),
      limited: oneIn(8, fc.nat(1)),
      buffered: oneIn(9, fc.constant(2)),
      options,
    })
    .map(({ catalog, pools: [first, ...others], waiting, running, places, ages, states, stores, daemons, guard, overlay, buffer, limited, buffered, options: { spotToSpot, ...settings } }): Cluster => {
      const nodePools = [first, ...others.filter((pool) => pool !== undefined)];
      const left = [...running];
      const there = places.flatMap((where, index) => furnished(`n${index}`, catalog[where.type % catalog.length] as InstanceType, where.offering, where.managed ? (nodePools[where.pool % nodePools.length] as NodePool) : undefined, left.splice(0, where.pods)));
      const objects: KubeObject[] = [...withVolumes(withPodStates([...waiting, ...there], states), stores ?? [])];
      if (daemons !== undefined) objects.push(daemons);
      if (guard !== undefined) objects.push({ ...podDisruptionBudget("guard", { matchLabels: { app: guard[0] } }), status: { disruptionsAllowed: guard[1], currentHealthy: 1, desiredHealthy: 1 - guard[1], expectedPods: 1 } });
      if (overlay !== undefined) objects.push({ apiVersion: "karpenter.sh/v1alpha1", kind: "NodeOverlay", metadata: { name: "overlay", uid: "overlay" }, spec: { requirements: [{ key: "kubernetes.io/arch", operator: "In", values: ["amd64"] }], ...overlay } } as KubeObject);
      if (buffer !== undefined && waiting[0] !== undefined) objects.push(...spareRoom(waiting[0], buffer));
      if (limited !== undefined) objects.push({ apiVersion: "storage.k8s.io/v1", kind: "CSINode", metadata: { name: "n0", uid: "csi-n0" }, spec: { drivers: [{ name: "ebs.csi.aws.com", nodeID: "n0", topologyKeys: [], allocatable: { count: limited } }] } } as KubeObject);
      objects.push({ apiVersion: "v1", kind: "Namespace", metadata: { name: "other", uid: "other", labels: { kind: "other" } } } as KubeObject);
      const cluster: Cluster = {
        nodePools,
        objects,
        instanceTypes: { "*": catalog },
        options: { ...(Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as SchedulingOptions), reservationIDLabel: RESERVATION, featureGates: { SpotToSpotConsolidation: spotToSpot, StaticCapacity: true, ...(overlay === undefined ? {} : { NodeOverlay: true }), ...(buffer === undefined ? {} : { CapacityBuffer: true }) } },
        ...field("bufferPods", buffered === undefined ? undefined : { "aws:///us-west-2/i-n1": buffered }),
      };
      return aged(cluster, ages);
    });
}

/** A node of the type, on one of its offerings, with as many of the pods as fit. */
function furnished(name: string, type: InstanceType, which: number, pool: NodePool | undefined, pods: readonly Pod[]): readonly KubeObject[] {
  const offering = type.offerings[which % type.offerings.length];
  const allocatable = subtractResources(subtractResources(type.capacity, type.overhead.kubeReserved ?? {}), type.overhead.systemReserved ?? {});
  const settled = [...type.requirements, ...(offering?.requirements ?? [])].flatMap(({ key, values = [] }) => (values.length === 1 ? [[key, values[0] as string] as const] : []));
  const labels: Record<string, string> = { ...Object.fromEntries(settled), ...(pool === undefined ? {} : { "karpenter.k8s.aws/ec2nodeclass": "default", ...pool.spec.template.metadata?.labels }) };
  const here: Pod[] = [];
  const ports = new Set<string>();
  for (const candidate of pods) {
    const { nodeSelector: _, tolerations, ...spec } = candidate.spec;
    const port = JSON.stringify(spec.containers[0]?.ports?.map(({ hostPort, protocol }) => [hostPort, protocol]));
    if (!fits(podsRequests([...here, candidate]), allocatable) || (port !== undefined && ports.has(port))) continue;
    if (port !== undefined) ports.add(port);
    here.push({ ...candidate, spec: { ...spec, tolerations: [...(tolerations ?? []), { key: "dedicated", operator: "Exists" }] } });
  }
  return [...node(name, { ...(pool === undefined ? {} : { nodePool: pool.metadata.name }), labels, allocatable, capacity: type.capacity, ...(pool?.spec.template.spec.taints === undefined ? {} : { taints: pool.spec.template.spec.taints }) }).objects, ...here.map((running) => bound(running, name))];
}

/** Room kept free for so many more of a pod. */
function spareRoom({ metadata: { labels, namespace }, spec: { containers } }: Pod, replicas: number): readonly KubeObject[] {
  const place = { name: "spare", namespace: namespace ?? "default", uid: "spare" };
  return [{ apiVersion: "v1", kind: "PodTemplate", metadata: place, template: { metadata: { labels: labels ?? {} }, spec: { containers } } } as KubeObject, { apiVersion: "autoscaling.x-k8s.io/v1beta1", kind: "CapacityBuffer", metadata: { ...place, uid: "spare-buffer" }, spec: { podTemplateRef: { name: "spare" }, replicas } } as KubeObject];
}
