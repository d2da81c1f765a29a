import { CAPACITY_TYPE_LABEL, INSTANCE_TYPE_LABEL, type Labels, nameOf, type Node, NODE_POOL_LABEL, type Pod, ZONE_LABEL } from "@groupless/api";
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
  const prices = new WeakMap<Labels, { readonly types: readonly InstanceType[] | undefined; readonly price: number }>();
  const capacities = new WeakMap<object, { readonly cpu: number; readonly memory: number }>();
  const asked = new WeakMap<readonly Pod[], { readonly cpu: number; readonly memory: number }>();

  // Claims keep their labels once they are launched; other lists of types may have other prices.
  const priceOf = (labels: Labels): number => {
    const types = typesOf(labels[NODE_POOL_LABEL] ?? "");
    const known = prices.get(labels);
    if (known !== undefined && known.types === types) return known.price;
    const type = types?.find(({ name }) => name === labels[INSTANCE_TYPE_LABEL]);
    const offering = type?.offerings.find(({ requirements }) => [ZONE_LABEL, CAPACITY_TYPE_LABEL].every((label) => requirements.some(({ key: of, values }) => of === label && values?.[0] === labels[label])));
    const price = offering?.price ?? 0;
    prices.set(labels, { types, price });
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

  // A node's list of pods is another one when any of them has changed.
  const askedOf = (pods: readonly Pod[]): { readonly cpu: number; readonly memory: number } => {
    const known = asked.get(pods);
    if (known !== undefined) return known;
    let [cpu, memory] = [0, 0];
    for (const pod of pods) {
      const requests = requestedBy(pod);
      cpu += requests["cpu"] ?? 0;
      memory += requests["memory"] ?? 0;
    }
    asked.set(pods, { cpu, memory });
    return { cpu, memory };
  };
  const pods = podCounts(server);

  const sample = (): void => {
    let [nodes, cpu, memory, usedCpu, usedMemory, starting, price] = [0, 0, 0, 0, 0, 0, 0];
    for (const node of server.list("Node")) {
      if (node.metadata.labels?.[NODE_POOL_LABEL] === undefined) continue;
      nodes += 1;
      const capacity = capacityOf(node);
      cpu += capacity.cpu;
      memory += capacity.memory;
      const used = askedOf(server.podsOn(node.metadata.name));
      usedCpu += used.cpu;
      usedMemory += used.memory;
    }
    for (const { metadata, status } of server.list("NodeClaim")) {
      if ((status?.providerID ?? "") !== "") price += priceOf(metadata.labels ?? NO_LABELS);
      if ((status?.nodeName ?? "") === "") starting += 1;
    }
    const { running, pending } = pods();
    samples.push({ atMs: clock.nowMs() - startMs, nodes, starting, priceUsdPerHour: price, cpuUtilisation: cpu === 0 ? 0 : usedCpu / cpu, memoryUtilisation: memory === 0 ? 0 : usedMemory / memory, runningPods: running, pendingPods: pending });
    clock.after(everyMs, sample);
  };
  clock.after(0, sample);
  return { samples };
}

const NO_LABELS: Labels = {};

// How many pods run and how many wait, kept from the watch: between two samples few of them change.
function podCounts(server: Pick<World["server"], "list" | "watch">): () => { readonly running: number; readonly pending: number } {
  const phases = new Map<string, string>();
  const counts = { Running: 0, Pending: 0 };
  const note = (name: string, phase: string | undefined): void => {
    const before = phases.get(name);
    if (before === "Running" || before === "Pending") counts[before] -= 1;
    if (phase === "Running" || phase === "Pending") {
      counts[phase] += 1;
      phases.set(name, phase);
    } else phases.delete(name);
  };
  for (const pod of server.list("Pod")) note(nameOf(pod), pod.status?.phase);
  server.watch(({ type, object }) => {
    if (object.kind === "Pod") note(nameOf(object), type === "DELETED" ? undefined : object.status?.phase);
  });
  return () => ({ running: counts.Running, pending: counts.Pending });
}
