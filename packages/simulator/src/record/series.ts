import { CAPACITY_TYPE_LABEL, INSTANCE_TYPE_LABEL, type Node, NODE_POOL_LABEL, ZONE_LABEL } from "@groupless/api";
import type { InstanceType } from "@groupless/catalog";
import { int64Value, parseQuantity } from "@groupless/quantity";
import { requestedBy } from "../controllers/scheduler/amounts.ts";
import type { World } from "../controllers/world.ts";

/** The cluster at one moment; only nodes of NodePools count. */
export interface Sample {
  /** After the start, in milliseconds. */
  readonly atMs: number;
  readonly nodes: number;
  /** Claims that have an instance and no node yet, or are on their way. */
  readonly starting: number;
  readonly priceUsdPerHour: number;
  /** Share of the nodes' allocatable cpu that pods ask for, 0 to 1; 0 without nodes. */
  readonly cpuUtilisation: number;
  readonly memoryUtilisation: number;
  readonly runningPods: number;
  readonly pendingPods: number;
}

/** Looks at the cluster every so often. */
export interface Sampler {
  readonly samples: readonly Sample[];
}

/** Samples the cluster every `everyMs`, from now on. */
export function sampler(world: World, everyMs: number, typesOf: (nodePool: string) => readonly InstanceType[] | undefined): Sampler {
  const { server, clock } = world;
  const startMs = clock.nowMs();
  const samples: Sample[] = [];
  const prices = new Map<string, number>();
  const priced = new Map<string, readonly InstanceType[]>();
  const capacities = new WeakMap<object, { readonly cpu: number; readonly memory: number }>();

  const priceOf = (labels: Readonly<Record<string, string>>): number => {
    const pool = labels[NODE_POOL_LABEL] ?? "";
    const types = typesOf(pool);
    // Other lists may have other prices.
    if (types !== priced.get(pool)) prices.clear();
    if (types !== undefined) priced.set(pool, types);
    const key = [pool, labels[INSTANCE_TYPE_LABEL], labels[ZONE_LABEL], labels[CAPACITY_TYPE_LABEL]].join(" ");
    const known = prices.get(key);
    if (known !== undefined) return known;
    const type = types?.find(({ name }) => name === labels[INSTANCE_TYPE_LABEL]);
    const offering = type?.offerings.find(({ requirements }) => [ZONE_LABEL, CAPACITY_TYPE_LABEL].every((label) => requirements.some(({ key: of, values }) => of === label && values?.[0] === labels[label])));
    const price = offering?.price ?? 0;
    prices.set(key, price);
    return price;
  };
  const capacityOf = (node: Node): { readonly cpu: number; readonly memory: number } => {
    const list = node.status?.allocatable ?? {};
    const known = capacities.get(list);
    if (known !== undefined) return known;
    const amount = (resource: string, exponent: number): number => Number(int64Value(parseQuantity(list[resource] ?? "0"), exponent));
    const capacity = { cpu: amount("cpu", -3), memory: amount("memory", 0) };
    capacities.set(list, capacity);
    return capacity;
  };

  const sample = (): void => {
    let [nodes, cpu, memory, usedCpu, usedMemory, running, pending, price] = [0, 0, 0, 0, 0, 0, 0, 0];
    const managed = new Set<string>();
    for (const node of server.list("Node")) {
      if (node.metadata.labels?.[NODE_POOL_LABEL] === undefined) continue;
      managed.add(node.metadata.name);
      nodes += 1;
      const capacity = capacityOf(node);
      cpu += capacity.cpu;
      memory += capacity.memory;
    }
    for (const pod of server.list("Pod")) {
      if (pod.status?.phase === "Running") running += 1;
      else if (pod.status?.phase === "Pending") pending += 1;
      if (pod.spec.nodeName === undefined || !managed.has(pod.spec.nodeName)) continue;
      const requests = requestedBy(pod);
      usedCpu += requests["cpu"] ?? 0;
      usedMemory += requests["memory"] ?? 0;
    }
    let starting = 0;
    for (const { metadata, status } of server.list("NodeClaim")) {
      if ((status?.providerID ?? "") !== "") price += priceOf(metadata.labels ?? {});
      if ((status?.nodeName ?? "") === "") starting += 1;
    }
    samples.push({ atMs: clock.nowMs() - startMs, nodes, starting, priceUsdPerHour: price, cpuUtilisation: cpu === 0 ? 0 : usedCpu / cpu, memoryUtilisation: memory === 0 ? 0 : usedMemory / memory, runningPods: running, pendingPods: pending });
    clock.after(everyMs, sample);
  };
  clock.after(0, sample);
  return { samples };
}
