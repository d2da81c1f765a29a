import type { KubeObject, NodePool } from "@groupless/api";
import type { LiveCluster, Step } from "@groupless/simulator";
import * as fc from "fast-check";
import { applies, type DaysOptions, steps } from "./days.ts";

/** What a command knows of the cluster beside the cluster: the Deployments it has made. */
export interface ClusterModel {
  readonly there: Set<string>;
}

/** Looks at a cluster before and after a step; throws if something is wrong. */
export type TransitionCheck = (before: readonly (KubeObject | NodePool)[], after: readonly (KubeObject | NodePool)[], step: Step) => void;

/**
 * Commands for `fc.commands`: things that happen to a simulated cluster, each followed by up to an hour of its time and your check.
 *
 * Run them with `fc.asyncModelRun(() => ({ model: { there: new Set() }, real: await liveCluster(…) }), commands)`; your own controller may watch `real.server`.
 */
export function clusterCommands(check: TransitionCheck, options: DaysOptions = {}): fc.Arbitrary<fc.AsyncCommand<ClusterModel, LiveCluster>>[] {
  return [fc.tuple(steps(options), fc.integer({ min: 1, max: 60 })).map(([step, minutes]) => new ClusterCommand(step, minutes, check))];
}

class ClusterCommand implements fc.AsyncCommand<ClusterModel, LiveCluster> {
  readonly #step: Step;
  readonly #minutes: number;
  readonly #check: TransitionCheck;

  constructor(step: Step, minutes: number, check: TransitionCheck) {
    this.#step = step;
    this.#minutes = minutes;
    this.#check = check;
  }

  check({ there }: Readonly<ClusterModel>): boolean {
    return applies(this.#step, new Set(there));
  }

  async run({ there }: ClusterModel, cluster: LiveCluster): Promise<void> {
    applies(this.#step, there);
    const before = cluster.objects();
    await cluster.play(this.#step);
    await cluster.play({ do: "advance", ms: this.#minutes * 60_000 });
    this.#check(before, cluster.objects(), this.#step);
  }

  toString(): string {
    return `${JSON.stringify(this.#step)}, then ${this.#minutes} min`;
  }
}
