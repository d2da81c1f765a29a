import { InputError } from "@groupless/api";
import type { RegionSnapshot } from "@groupless/ec2-catalog";
import type { ChanceOptions } from "../chance/chance.ts";
import type { Summary } from "../record/summary.ts";
import { type Policy, replay } from "../replay.ts";
import type { Trace } from "../trace/trace.ts";

/** What all tasks of a sweep share: plain data, sent to each worker once. */
export interface SweepContext {
  readonly policies: readonly Policy[];
  readonly trace: Trace;
  /** An AWS region with embedded facts. */
  readonly region: string;
  readonly chance?: ChanceOptions;
  readonly durationMs?: number;
}

/** One run of a sweep: small, and all that a queue has to carry. */
export interface SweepTask {
  /** Name of the policy. */
  readonly policy: string;
  readonly seed: string;
}

export interface SweepResult extends SweepTask {
  readonly summary: Summary;
}

/** Every policy with every seed, policies in their order, seeds `1` to `seeds`. */
export function sweepTasks({ policies }: Pick<SweepContext, "policies">, seeds: number): readonly SweepTask[] {
  return policies.flatMap(({ name }) => Array.from({ length: seeds }, (_, index) => ({ policy: name, seed: String(index + 1) })));
}

/**
 * Runs one task: a pure function of the task, the context and the region's facts, wherever it runs.
 *
 * @throws InputError `no-such-policy` for a task of another sweep
 */
export async function runTask(task: SweepTask, context: SweepContext, region: RegionSnapshot): Promise<SweepResult> {
  const policy = context.policies.find(({ name }) => name === task.policy);
  if (policy === undefined) throw new InputError("no-such-policy", `no policy "${task.policy}"`, { expected: `one of ${context.policies.map(({ name }) => name).join(", ")}` });
  const { summary } = await replay(policy, context.trace, {
    region,
    seed: task.seed,
    ...(context.chance === undefined ? {} : { chance: context.chance }),
    ...(context.durationMs === undefined ? {} : { durationMs: context.durationMs }),
  });
  return { ...task, summary };
}
