import type { PodSpec } from "@groupless/api";
import type { Cluster } from "@groupless/bin-packer";
import { daemonSet, instanceType, nodePool, pod } from "@groupless/testing";
import * as fc from "fast-check";

export interface OrderOptions {
  readonly classes: number;
  readonly pods: number;
  readonly types: number;
  /** Nothing but cpu and memory, at one price a type, and as many classes as may be. */
  readonly plain?: boolean;
}

const SELECTORS: readonly (Readonly<Record<string, string>> | undefined)[] = [{ "kubernetes.io/arch": "amd64" }, { "topology.kubernetes.io/zone": "zone-b" }, { "karpenter.sh/capacity-type": "on-demand" }, undefined, undefined, undefined, undefined, undefined, undefined, undefined];

/** Clusters without a node, of one pool: what is the cheapest to buy for these pods? */
export function orders({ classes, pods, types, plain = false }: OrderOptions): fc.Arbitrary<Cluster> {
  const podClass = fc.record({ cpu: fc.constantFrom(100, 250, 400, 500, 700, 900, 1000, 1200, 1500, 1900, 2300, 3000, 3500), memory: fc.constantFrom(128, 256, 512, 1024, 1536, 2048, 3072, 4096, 6144, 7168), count: fc.integer({ min: 1, max: pods }), selector: plain ? fc.constant(undefined) : fc.constantFrom(...SELECTORS), apart: plain ? fc.constant(false) : fc.constantFrom(true, false, false, false, false, false) });
  const type = fc.record({ cpu: fc.constantFrom(4, 8, 16), gibACpu: fc.constantFrom(2, 4, 8), rate: fc.constantFrom(0.04, 0.05, 0.045, 0.06), pods: fc.constantFrom(4, 8, 20, 58), arch: fc.constantFrom("amd64", "arm64") });
  return fc
    .record({
      kinds: fc.uniqueArray(podClass, { minLength: plain ? classes : 1, maxLength: classes, selector: ({ cpu, memory }) => `${cpu}:${memory}` }),
      shapes: fc.uniqueArray(type, { minLength: 1, maxLength: types, selector: ({ cpu, gibACpu }) => `${cpu}:${gibACpu}` }),
      daemon: fc.boolean(),
    })
    .map(({ kinds, shapes, daemon }) => ({
      nodePools: [nodePool()],
      objects: [
        ...(daemon ? [daemonSet("agent", { cpu: "150m", memory: "100Mi" })] : []),
        ...kinds.flatMap(({ cpu, memory, count, selector, apart }, kind) => {
          const app = `app-${kind}`;
          const spec: Partial<PodSpec> = { ...(selector === undefined ? {} : { nodeSelector: selector }), ...(apart ? { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app } } }] } } } : {}) };
          return Array.from({ length: count }, (_, index) => pod(`${app}-${index}`, { cpu: `${cpu}m`, memory: `${memory}Mi` }, { metadata: { labels: { app } }, spec }));
        }),
      ],
      instanceTypes: { "*": shapes.map(({ cpu, gibACpu, rate, pods: most, arch }, index) => instanceType(`t${index}.${cpu}.${gibACpu}`, { cpu, memoryGiB: cpu * gibACpu, pods: most, arch, zones: plain ? ["zone-a"] : ["zone-a", "zone-b"], capacityTypes: plain ? ["on-demand"] : ["on-demand", "spot"], price: cpu * rate * (1 + gibACpu / 8) })) },
    }));
}

/** Pods cut out of whole nodes of the one type there is, nothing left over: they can be put together again. */
export function cutNodes(): fc.Arbitrary<Cluster> {
  const cut = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 5 });
  return fc.tuple(fc.array(cut, { minLength: 2, maxLength: 8 }), fc.constantFrom(1, 2, 3)).map(([nodes, copies]) => ({
    nodePools: [nodePool()],
    objects: nodes.flatMap((cuts, node) => {
      const [cpus, memories] = [0, 1].map((r) => cuts.reduce((sum, one) => sum + (one[r] as number), 0)) as [number, number];
      const part = (amount: number, whole: number, all: number, at: number, r: number): number => (at === cuts.length - 1 ? all - cuts.slice(0, -1).reduce((sum, one) => sum + Math.floor((all * (one[r] as number)) / whole), 0) : Math.floor((all * amount) / whole));
      return Array.from({ length: copies }, (_, copy) => cuts.map(([cpu, memory], at) => pod(`pod-${node}-${copy}-${at}`, { cpu: `${part(cpu, cpus, 7900, at, 0)}m`, memory: `${part(memory, memories, 32668, at, 1)}Mi` }))).flat();
    }),
    instanceTypes: { "*": [instanceType("whole.8", { cpu: 8, memoryGiB: 32, zones: ["zone-a"], capacityTypes: ["on-demand"], price: 0.4 })] },
  }));
}
