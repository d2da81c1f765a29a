import type { MethodReport } from "./method-report.ts";

/** One sample, under the name and labels Karpenter's metric has. */
export interface Metric {
  readonly name: string;
  readonly type: "gauge" | "counter";
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const PREFIX = "karpenter_voluntary_disruption_";
const CONSOLIDATION_TYPES: Readonly<Record<string, string>> = { Emptiness: "empty", MultiNodeConsolidation: "multi", SingleNodeConsolidation: "single" };

/**
 * What a pass would have Karpenter's metrics say: how many nodes each method could take, and one decision for every command.
 *
 * Reasons are in lower case; drift and methods of your own have no consolidation type.
 */
export function passMetrics(methods: readonly MethodReport[]): readonly Metric[] {
  return methods.flatMap(({ method, reason, candidates, commands }): readonly Metric[] => {
    const labels = { reason: reason.toLowerCase() };
    const decided = new Map<string, number>();
    for (const { decision } of commands) decided.set(decision, (decided.get(decision) ?? 0) + 1);
    return [
      { name: `${PREFIX}eligible_nodes`, type: "gauge", labels, value: candidates.length },
      ...[...decided].map(([decision, value]): Metric => ({ name: `${PREFIX}decisions_total`, type: "counter", labels: { decision, ...labels, consolidation_type: CONSOLIDATION_TYPES[method] ?? "" }, value })),
    ];
  });
}
