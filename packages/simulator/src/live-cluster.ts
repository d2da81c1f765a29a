import type { KubeObject } from "@groupless/api";
import type { ApiServer } from "./api-server/api-server.ts";
import type { Clock } from "./clock/clock.ts";
import { type ClusterOptions, startCluster } from "./start-cluster.ts";
import { play } from "./story/player.ts";
import type { Step } from "./story/story.ts";

/** A simulated cluster to do things to one by one: for tests that choose the next step by what they see. */
export interface LiveCluster {
  /** Every object there is, by kind, then name. */
  objects(): readonly KubeObject[];
  /** Does one step, and lets all controllers react. */
  play(step: Step): Promise<void>;
  /** The API server, for a controller of one's own to watch and write to. */
  readonly server: ApiServer;
  readonly clock: Clock;
}

/**
 * Starts a cluster of which the caller plays the steps; all else goes as in `simulate`.
 *
 * @throws InputError `wrong-region` when the facts are another region's
 */
export async function liveCluster(options: ClusterOptions): Promise<LiveCluster> {
  const { world, karpenter } = await startCluster(options);
  const { server, clock } = world;
  return { objects: () => server.all(), play: (step) => play(step, world, karpenter), server, clock };
}
