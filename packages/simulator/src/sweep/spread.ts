import type { Summary } from "../record/summary.ts";
import type { SweepResult } from "./sweep.ts";

/** A figure over the seeds of a policy. */
export interface Spread {
  readonly mean: number;
  /** Standard deviation of the sample; 0 with one run. */
  readonly deviation: number;
  readonly least: number;
  readonly most: number;
}

/** How a policy did over its seeds. */
export interface PolicySpread {
  readonly policy: string;
  readonly runs: number;
  readonly figures: Readonly<Record<Figure, Spread>>;
}

export type Figure = "costUsd" | "nodeHours" | "cpuUtilisation" | "pendingP90Seconds" | "podRestarts" | "nodesLaunched" | "interruptions";

const FIGURES: Readonly<Record<Figure, (summary: Summary) => number>> = {
  costUsd: ({ costUsd }) => costUsd,
  nodeHours: ({ nodeHours }) => nodeHours,
  cpuUtilisation: ({ cpuUtilisation }) => cpuUtilisation,
  pendingP90Seconds: ({ pendingSeconds }) => pendingSeconds.p90,
  podRestarts: ({ podRestarts }) => podRestarts,
  nodesLaunched: ({ nodesLaunched }) => nodesLaunched,
  interruptions: ({ interruptions }) => interruptions,
};

/** The results of a sweep by policy, in the order in which the policies come. */
export function spreads(results: readonly SweepResult[]): readonly PolicySpread[] {
  const policies = [...new Set(results.map(({ policy }) => policy))];
  return policies.map((policy) => {
    const summaries = results.filter((result) => result.policy === policy).map(({ summary }) => summary);
    const figures = Object.fromEntries(Object.entries(FIGURES).map(([figure, of]) => [figure, spreadOf(summaries.map(of))])) as Record<Figure, Spread>;
    return { policy, runs: summaries.length, figures };
  });
}

function spreadOf(values: readonly number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1)), least: Math.min(...values), most: Math.max(...values) };
}
