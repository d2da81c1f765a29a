import type { Fates } from "../trace/trace-driver.ts";
import type { Counts } from "./counter.ts";
import type { Sample } from "./series.ts";

/** What a run came to. */
export interface Summary {
  /** The price of all nodes over the time they were there. */
  readonly costUsd: number;
  readonly nodeHours: number;
  readonly peakNodes: number;
  /** Means over the time with nodes, 0 to 1. */
  readonly cpuUtilisation: number;
  readonly memoryUtilisation: number;
  readonly podsArrived: number;
  readonly podsFinished: number;
  /** From coming to the first start, in seconds. */
  readonly pendingSeconds: { readonly p50: number; readonly p90: number; readonly p99: number; readonly max: number };
  /** Pods that were evicted and began anew. */
  readonly podRestarts: number;
  readonly nodesLaunched: number;
  readonly nodesRemoved: number;
  readonly launchFailures: number;
  readonly interruptions: number;
  /** Disruption commands, by reason. */
  readonly commands: Readonly<Record<string, number>>;
}

/** Sums up the samples of a run, the fates of its pods and what was counted. */
export function summarise(samples: readonly Sample[], { waitsMs, arrived, finished, restarts }: Fates, counts: Counts): Summary {
  let [costUsd, nodeHours, cpu, memory, withNodesMs] = [0, 0, 0, 0, 0];
  for (let index = 1; index < samples.length; index += 1) {
    const [before, now] = [samples[index - 1] as Sample, samples[index] as Sample];
    const ms = now.atMs - before.atMs;
    costUsd += (before.priceUsdPerHour * ms) / 3_600_000;
    nodeHours += (before.nodes * ms) / 3_600_000;
    if (before.nodes === 0) continue;
    withNodesMs += ms;
    cpu += before.cpuUtilisation * ms;
    memory += before.memoryUtilisation * ms;
  }
  const sorted = [...waitsMs].sort((a, b) => a - b);
  // The nearest rank: the smallest wait that so large a share of pods did not exceed.
  const percentile = (share: number): number => (sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0) / 1000;
  return {
    costUsd,
    nodeHours,
    peakNodes: samples.reduce((most, { nodes }) => Math.max(most, nodes), 0),
    cpuUtilisation: withNodesMs === 0 ? 0 : cpu / withNodesMs,
    memoryUtilisation: withNodesMs === 0 ? 0 : memory / withNodesMs,
    podsArrived: arrived,
    podsFinished: finished,
    pendingSeconds: { p50: percentile(0.5), p90: percentile(0.9), p99: percentile(0.99), max: percentile(1) },
    podRestarts: restarts,
    ...counts,
  };
}
