import { InputError } from "@groupless/api";
import { instanceTypes, type RegionSnapshot } from "@groupless/ec2-catalog";
import { apiServer } from "./api-server/api-server.ts";
import { virtualClock } from "./clock/clock.ts";
import { random } from "./clock/random.ts";
import { startKubernetes } from "./controllers/kubernetes.ts";
import { DEFAULT_LATENCIES, type Latencies } from "./controllers/latencies.ts";
import { unmanagedNodes } from "./controllers/unmanaged-nodes.ts";
import { settle, type World } from "./controllers/world.ts";
import { startKarpenter } from "./karpenter/karpenter.ts";
import { type Entry, recorder } from "./record/recorder.ts";
import { play } from "./story/player.ts";
import type { Story } from "./story/story.ts";

export interface SimulateOptions {
  /** EC2 as it is in the story's region. */
  readonly region: RegionSnapshot;
  /** Names, ids and chance depend on it: the same seed gives the same bytes. Default `"1"`. */
  readonly seed?: string;
  /** Name of the scene; default: the first. */
  readonly scene?: string;
  readonly latencies?: Partial<Latencies>;
}

/** What happened. */
export interface Simulation {
  readonly entries: readonly Entry[];
  /** Pods that had no place at the end, and why. */
  readonly unplaced: readonly { readonly pod: string; readonly why: string }[];
  /** Epoch milliseconds of the virtual clock at the end. */
  readonly endMs: number;
}

// What is there from the start has been there for a day.
const WARM_UP_MS = 86_400_000;

/**
 * Plays a scene of a story on a simulated cluster: Kubernetes, EC2 and the autoscaler on one virtual clock.
 *
 * Decisions come from the same functions a user calls: `solve`, `disruptionLoop`, `step`, `ec2Fleet`.
 *
 * @throws InputError for a scene or an object the story does not have
 */
export async function simulate(story: Story, options: SimulateOptions): Promise<Simulation> {
  const { region, seed = "1", scene: wanted = story.scenes[0]?.name } = options;
  const scene = story.scenes.find(({ name }) => name === wanted);
  if (scene === undefined) throw new InputError("no-such-scene", `the story has no scene "${wanted ?? ""}"`, { expected: `one of ${story.scenes.map(({ name }) => name).join(", ")}` });
  if (region.region !== story.cluster.region) throw new InputError("wrong-region", `the facts are of ${region.region}`, { expected: `those of ${story.cluster.region}` });

  const clock = virtualClock(story.startMs - WARM_UP_MS);
  const chance = random(`${seed}`);
  const record = recorder(clock);
  const world: World = { clock, server: apiServer(clock, chance.stream("uid")), random: chance, recorder: record, latencies: { ...DEFAULT_LATENCIES, ...options.latencies }, queues: [] };
  startKubernetes(world);
  const karpenter = startKarpenter(world, story.cluster, region);

  const catalog = instanceTypes(region);
  for (const node of unmanagedNodes(story.cluster, catalog, chance.stream("unmanaged"))) world.server.create(node);
  for (const object of story.objects) world.server.apply(object);
  settle(world);
  await clock.runUntil(story.startMs, () => settle(world));
  record.clear();
  for (const step of scene.steps) await play(step, world, karpenter);
  return { entries: record.entries, unplaced: [...karpenter.unplaced].map(([pod, why]) => ({ pod, why })).sort((a, b) => (a.pod < b.pod ? -1 : 1)), endMs: clock.nowMs() };
}

