import type { KubeObject } from "@groupless/api";
import type { RegionSnapshot } from "@groupless/ec2-catalog";
import type { ChanceOptions } from "./chance/chance.ts";
import type { Latencies } from "./controllers/latencies.ts";
import { settle } from "./controllers/world.ts";
import { type Sample, sampler } from "./record/series.ts";
import { summarise, type Summary } from "./record/summary.ts";
import { startCluster } from "./start-cluster.ts";
import type { ClusterSpec } from "./story/story.ts";
import type { Trace } from "./trace/trace.ts";
import { traceDriver } from "./trace/trace-driver.ts";

/** NodePools and node classes, and whatever else is there from the start, under a name. */
export interface Policy {
  readonly name: string;
  readonly objects: readonly KubeObject[];
}

export interface ReplayOptions {
  readonly region: RegionSnapshot;
  /** Default `"1"`. */
  readonly seed?: string;
  /** How long to run; default: until ten minutes after the last pod has come. */
  readonly durationMs?: number;
  /** Default one minute. */
  readonly sampleMs?: number;
  readonly kubernetesVersion?: string;
  readonly latencies?: Partial<Latencies>;
  readonly chance?: ChanceOptions;
  /** Told from time to time how much of the run is done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** How a policy did on a trace. */
export interface Replay {
  readonly policy: string;
  readonly trace: string;
  readonly seed: string;
  readonly durationMs: number;
  readonly samples: readonly Sample[];
  readonly summary: Summary;
}

const START_MS = Date.UTC(2026, 0, 5);
const AFTER_LAST_MS = 600_000;
const STEPS = 100;

/** Replays a trace on a cluster that a policy governs. The same arguments give the same bytes. */
export async function replay(policy: Policy, trace: Trace, options: ReplayOptions): Promise<Replay> {
  const { region, seed = "1", sampleMs = 60_000, kubernetesVersion = "1.33", latencies, chance, onProgress } = options;
  const durationMs = options.durationMs ?? (trace.pods.at(-1)?.arrivesMs ?? 0) + AFTER_LAST_MS;
  const cluster: ClusterSpec = { name: "replay", region: region.region, kubernetesVersion, unmanagedNodes: [] };
  const { world, karpenter, counter } = await startCluster({ cluster, region, objects: policy.objects, startMs: START_MS, seed, quiet: true, ...(latencies === undefined ? {} : { latencies }), ...(chance === undefined ? {} : { chance }) });
  const { fates } = traceDriver(world, trace, START_MS);
  const { samples } = sampler(world, sampleMs, karpenter.instanceTypes);
  for (let step = 1; step <= STEPS; step += 1) {
    await world.clock.runUntil(START_MS + Math.round((durationMs * step) / STEPS), () => settle(world));
    onProgress?.(step / STEPS);
  }
  return { policy: policy.name, trace: trace.name, seed, durationMs, samples, summary: summarise(samples, fates(), counter.counts()) };
}
