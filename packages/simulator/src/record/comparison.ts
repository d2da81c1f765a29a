import type { Summary } from "./summary.ts";

/** A line of a comparison: one figure of every replay, and how to read it. */
export interface ComparisonRow {
  readonly figure: string;
  /** In the order of the replays. */
  readonly values: readonly string[];
}

const FIGURES: readonly { readonly figure: string; readonly of: (summary: Summary) => string }[] = [
  { figure: "cost, USD", of: ({ costUsd }) => costUsd.toFixed(2) },
  { figure: "node hours", of: ({ nodeHours }) => nodeHours.toFixed(1) },
  { figure: "most nodes at once", of: ({ peakNodes }) => String(peakNodes) },
  { figure: "cpu asked for, %", of: ({ cpuUtilisation }) => (cpuUtilisation * 100).toFixed(1) },
  { figure: "memory asked for, %", of: ({ memoryUtilisation }) => (memoryUtilisation * 100).toFixed(1) },
  { figure: "pods come / finished", of: ({ podsArrived, podsFinished }) => `${podsArrived} / ${podsFinished}` },
  { figure: "pending p50 / p90 / p99 / max, s", of: ({ pendingSeconds: { p50, p90, p99, max } }) => [p50, p90, p99, max].map((value) => value.toFixed(0)).join(" / ") },
  { figure: "pods started anew", of: ({ podRestarts }) => String(podRestarts) },
  { figure: "nodes launched / removed", of: ({ nodesLaunched, nodesRemoved }) => `${nodesLaunched} / ${nodesRemoved}` },
  { figure: "launches refused", of: ({ launchFailures }) => String(launchFailures) },
  { figure: "spot interruptions", of: ({ interruptions }) => String(interruptions) },
  { figure: "disruption commands", of: ({ commands }) => Object.entries(commands).map(([reason, count]) => `${reason} ${count}`).join(", ") || "none" },
];

/** Summaries side by side, a row a figure. */
export function comparison(summaries: readonly Summary[]): readonly ComparisonRow[] {
  return FIGURES.map(({ figure, of }) => ({ figure, values: summaries.map(of) }));
}
