import { InputError, type KubeObject } from "@groupless/api";
import type { RegionSnapshot } from "@groupless/ec2-catalog";
import type { Ec2AccountMaker } from "@groupless/ec2-fleet/fake";
import type { ChanceOptions } from "./chance/chance.ts";
import type { Latencies } from "./controllers/latencies.ts";
import type { Entry } from "./record/recorder.ts";
import { startCluster } from "./start-cluster.ts";
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
  readonly chance?: ChanceOptions;
  /** Where instances are had. Default: `fakeEc2` of `@groupless/ec2-fleet/fake`. */
  readonly ec2?: Ec2AccountMaker;
}

/** What happened. */
export interface Simulation {
  readonly entries: readonly Entry[];
  /** Pods that had no place at the end, and why. */
  readonly unplaced: readonly { readonly pod: string; readonly why: string }[];
  /** Epoch milliseconds of the virtual clock at the end. */
  readonly endMs: number;
  /** Everything the API server held at the end, by kind and name: what `kubectl get -o json` would give. */
  readonly objects: readonly KubeObject[];
}

/**
 * Plays a scene of a story on a simulated cluster: Kubernetes, EC2 and the autoscaler on one virtual clock.
 *
 * Decisions come from the same functions a user calls: `solve`, `disruptionLoop`, `step`, `ec2Fleet`.
 *
 * @throws InputError for a scene or an object the story does not have
 */
export async function simulate(story: Story, options: SimulateOptions): Promise<Simulation> {
  const { region, seed = "1", scene: wanted = story.scenes[0]?.name, latencies, chance, ec2 } = options;
  const scene = story.scenes.find(({ name }) => name === wanted);
  if (scene === undefined) throw new InputError("no-such-scene", `the story has no scene "${wanted ?? ""}"`, { expected: `one of ${story.scenes.map(({ name }) => name).join(", ")}` });
  const { cluster, objects, startMs } = story;
  const { world, karpenter } = await startCluster({ cluster, region, objects, startMs, seed, ...(latencies === undefined ? {} : { latencies }), ...(chance === undefined ? {} : { chance }), ...(ec2 === undefined ? {} : { ec2 }) });
  for (const step of scene.steps) await play(step, world, karpenter);
  const unplaced = [...karpenter.unplaced].map(([pod, why]) => ({ pod, why })).sort((a, b) => (a.pod < b.pod ? -1 : 1));
  return { entries: world.recorder.entries, unplaced, endMs: world.clock.nowMs(), objects: world.server.all() };
}
