import { type KubeObject, type Pod, nameOf } from "@groupless/api";
import type { Cluster } from "@groupless/bin-packer";
import type { InstanceType } from "@groupless/catalog";
import { fits, podsRequests, subtractResources } from "@groupless/quantity";
import * as fc from "fast-check";
import { instanceType, instanceTypes } from "../build/instance-type.ts";
import { bound, daemonSet, node, podDisruptionBudget } from "../build/objects.ts";
import { nodePools } from "./node-pool.ts";
import { type PodOptions, pods } from "./pod.ts";
import { ZONES, app } from "./vocabulary.ts";

export interface ClusterOptions extends PodOptions {
  /** Most pending pods. Default 12. */
  readonly maxPods?: number;
  /** Most nodes that exist. Default 4. */
  readonly maxNodes?: number;
  /** Most NodePools. Default 2. */
  readonly maxNodePools?: number;
}

/**
 * Whole clusters: NodePools, a small catalog, nodes with pods that fit them, pending pods, a daemon set and budgets now and then.
 *
 * Biased to near-fits, ties and contradictions; shrinks to few pods on few nodes.
 *
 * @example
 * ```ts
 * import { solve, prepare } from "@groupless/bin-packer";
 * import { holdsCapacity, violations } from "@groupless/testing";
 * import { clusters } from "@groupless/testing/arbitraries";
 * import * as fc from "fast-check";
 * fc.assert(fc.property(clusters({ maxPods: 5 }), (c) => violations(c, solve(prepare(c, { nowMs: 0 })), [holdsCapacity]).length === 0), { numRuns: 20 });
 * ```
 */
export function clusters(options: ClusterOptions = {}): fc.Arbitrary<Cluster> {
  const { maxPods = 12, maxNodes = 4, maxNodePools = 2 } = options;
  return fc
    .record({
      pools: fc.integer({ min: 1, max: maxNodePools }).chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => nodePools(["default", "other", "third"][index] ?? `pool-${index}`)))),
      catalog: catalogs(),
      pending: pods(maxPods, options),
      running: maxNodes === 0 ? fc.constant([]) : pods(maxPods, { ...options, topology: false }),
      places: fc.array(fc.tuple(fc.nat(11), fc.constantFrom(...ZONES), fc.constantFrom("on-demand" as const, "spot" as const), fc.boolean()), { maxLength: maxNodes }),
      daemon: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
      budget: fc.option(fc.tuple(app(), fc.constantFrom({ maxUnavailable: 0 }, { maxUnavailable: 1 }, { minAvailable: "50%" })), { freq: 3, nil: undefined }),
    })
    .map(({ pools, catalog, pending, running, places, daemon, budget }): Cluster => {
      const objects: KubeObject[] = pending.map((waiting) => ({ ...waiting, metadata: { ...waiting.metadata, name: `new-${waiting.metadata.name}`, uid: `new-${waiting.metadata.uid}` } }));
      const left = [...running];
      places.forEach(([typeIndex, zone, capacityType, managed], index) => {
        const type = catalog[typeIndex % catalog.length] as InstanceType;
        const pool = pools[index % pools.length];
        objects.push(...occupied(`n${index}`, type, zone, capacityType, managed ? pool?.metadata.name : undefined, pool?.spec.template.metadata?.labels ?? {}, left));
      });
      if (daemon) objects.push(daemonSet("agent"));
      if (budget !== undefined) objects.push(podDisruptionBudget(`pdb-${budget[0]}`, { matchLabels: { app: budget[0] } }, budget[1]));
      return { nodePools: pools, objects, instanceTypes: { "*": catalog } };
    });
}

/** The built-in twelve types, or a handful with equal prices and odd shapes. */
function catalogs(): fc.Arbitrary<readonly InstanceType[]> {
  const odd = fc.uniqueArray(fc.tuple(fc.constantFrom(1, 2, 4, 8, 64), fc.constantFrom(1, 2, 8), fc.constantFrom(0.05, 0.1, 0.4)), { minLength: 1, maxLength: 5, selector: ([cpu, ratio]) => `${cpu}-${ratio}` });
  return fc.oneof({ weight: 2, arbitrary: fc.constant(instanceTypes()) }, { weight: 1, arbitrary: odd.map((shapes) => shapes.map(([cpu, ratio, price]) => instanceType(`t.${cpu}x${ratio}`, { cpu, memoryGiB: cpu * ratio, price }))) });
}

/** A node of the type with as many of the waiting pods as fit it, taken off the list. */
function occupied(name: string, type: InstanceType, zone: string, capacityType: string, nodePool: string | undefined, poolLabels: Readonly<Record<string, string>>, waiting: Pod[]): readonly KubeObject[] {
  const allocatable = subtractResources(type.capacity, type.overhead.kubeReserved ?? {});
  const arch = type.requirements.find(({ key }) => key === "kubernetes.io/arch")?.values?.[0] ?? "amd64";
  const labels = { "node.kubernetes.io/instance-type": type.name, "kubernetes.io/arch": arch, "topology.kubernetes.io/zone": zone, "karpenter.sh/capacity-type": capacityType, ...poolLabels };
  const here: Pod[] = [];
  for (let index = 0; index < waiting.length; ) {
    const candidate = waiting[index] as Pod;
    const suits = Object.entries(candidate.spec.nodeSelector ?? {}).every(([key, value]) => (labels as Record<string, string>)[key] === value);
    const port = hostPort(candidate);
    if (suits && (port === undefined || !here.some((other) => hostPort(other) === port)) && fits(podsRequests([...here, candidate]), allocatable)) {
      here.push(candidate);
      waiting.splice(index, 1);
    } else index += 1;
  }
  return [...node(name, { ...(nodePool === undefined ? {} : { nodePool }), labels, allocatable, capacity: type.capacity }).objects, ...here.map((running) => named(bound(running, name)))];
}

const hostPort = (candidate: Pod): number | undefined => candidate.spec.containers[0]?.ports?.[0]?.hostPort;

/** Running pods must not share a name with pending ones. */
function named(running: Pod): Pod {
  return { ...running, metadata: { ...running.metadata, name: `old-${running.metadata.name}`, uid: `old-${nameOf(running)}` } };
}
