import { InputError, type KubeObject } from "@groupless/api";
import { instanceTypes, type RegionSnapshot } from "@groupless/ec2-catalog";
import type { Ec2AccountMaker } from "@groupless/ec2-fleet/fake";
import { apiServer } from "./api-server/api-server.ts";
import { type ChanceOptions, chanceOf } from "./chance/chance.ts";
import { virtualClock } from "./clock/clock.ts";
import { random } from "./clock/random.ts";
import { startKubernetes } from "./controllers/kubernetes.ts";
import { DEFAULT_LATENCIES, type Latencies } from "./controllers/latencies.ts";
import { unmanagedNodes } from "./controllers/unmanaged-nodes.ts";
import { settle, type World } from "./controllers/world.ts";
import type { Decision } from "./karpenter/decision.ts";
import { type Karpenter, startKarpenter } from "./karpenter/karpenter.ts";
import { type Counter, counter } from "./record/counter.ts";
import { recorder } from "./record/recorder.ts";
import type { ClusterSpec } from "./story/story.ts";

/** What a simulated cluster is made of. */
export interface ClusterOptions {
  readonly cluster: ClusterSpec;
  /** EC2 as it is in the cluster's region. */
  readonly region: RegionSnapshot;
  /** There from the start. */
  readonly objects: readonly KubeObject[];
  /** Epoch milliseconds. */
  readonly startMs: number;
  readonly seed: string;
  readonly latencies?: Partial<Latencies>;
  readonly chance?: ChanceOptions;
  /** Where instances are had. Default: `fakeEc2`. */
  readonly ec2?: Ec2AccountMaker;
  /** Leave what single pods do out of the record. */
  readonly quiet?: boolean;
  /** Told of every decision of the autoscaler and of the cluster it was made on, e.g. to check it. */
  readonly onDecision?: (decision: Decision) => void;
}

export interface StartedCluster {
  readonly world: World;
  readonly karpenter: Karpenter;
  readonly counter: Counter;
}

// What is there from the start has been there for a day.
const WARM_UP_MS = 86_400_000;

/**
 * Kubernetes, EC2 and the autoscaler on one virtual clock, standing at `startMs` with everything settled.
 *
 * @throws InputError `wrong-region` when the facts are another region's
 */
export async function startCluster({ cluster, region, objects, startMs, seed, latencies, chance = {}, quiet = false, ec2, onDecision }: ClusterOptions): Promise<StartedCluster> {
  if (region.region !== cluster.region) throw new InputError("wrong-region", `the facts are of ${region.region}`, { expected: `those of ${cluster.region}` });
  const clock = virtualClock(startMs - WARM_UP_MS, ec2?.busy);
  const draws = random(seed);
  const server = apiServer(clock, draws.stream("uid"));
  const world: World = { clock, server, random: draws, recorder: recorder(clock, { quiet }), latencies: { ...DEFAULT_LATENCIES, ...latencies }, queues: [], ...(onDecision === undefined ? {} : { onDecision }) };
  const counts = counter(server);
  startKubernetes(world);
  const karpenter = startKarpenter(world, { spec: cluster, region, chance: chanceOf(chance, draws.stream("chance"), { startMs, clock }), counter: counts, ...(ec2 === undefined ? {} : { ec2 }) });
  if (cluster.unmanagedNodes.length > 0) for (const node of unmanagedNodes(cluster, instanceTypes(region), draws.stream("unmanaged"))) server.create(node);
  for (const object of objects) server.apply(object);
  settle(world);
  await clock.runUntil(startMs, () => settle(world));
  world.recorder.clear();
  return { world, karpenter, counter: counts };
}
