import type { Budget, NodePool, Taint } from "@groupless/api";
import * as fc from "fast-check";
import { nodePool } from "../build/objects.ts";
import { poolRequirements } from "./requirement.ts";
import { team } from "./vocabulary.ts";

const DEDICATED: Taint = { key: "dedicated", value: "red", effect: "NoSchedule" };

/** A NodePool with, now and then, requirements, a team label, a taint, limits, a weight and budgets. */
export function nodePools(name: string): fc.Arbitrary<NodePool> {
  const rarely = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
  return fc
    .record({
      requirements: poolRequirements(),
      team: rarely(team()),
      tainted: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
      limits: rarely(fc.integer({ min: 1, max: 64 }).map((cpu) => ({ cpu: String(cpu) }))),
      weight: rarely(fc.integer({ min: 1, max: 3 })),
      budgets: rarely(budgets()),
      consolidationPolicy: fc.constantFrom("WhenEmpty" as const, "WhenEmptyOrUnderutilized" as const, "WhenEmptyOrUnderutilized" as const),
    })
    .map(({ requirements, team: label, tainted, limits, weight, budgets: chosen, consolidationPolicy }) =>
      nodePool(name, {
        ...(label === undefined ? {} : { labels: { team: label } }),
        template: { requirements, ...(tainted ? { taints: [DEDICATED] } : {}) },
        spec: {
          disruption: { consolidateAfter: "0s", consolidationPolicy, budgets: chosen ?? [{ nodes: "100%" }] },
          ...(limits === undefined ? {} : { limits }),
          ...(weight === undefined ? {} : { weight }),
        },
      }),
    );
}

/** One or two budgets: counts, percentages, reasons, maintenance windows. */
export function budgets(): fc.Arbitrary<readonly Budget[]> {
  const nodes = fc.oneof(fc.integer({ min: 0, max: 5 }).map(String), fc.integer({ min: 0, max: 100 }).map((n) => `${n}%`));
  const window = fc.constantFrom({}, {}, { schedule: "0 9 * * 1-5", duration: "8h" }, { schedule: "*/15 * * * *", duration: "5m" });
  const reasons = fc.constantFrom({}, {}, { reasons: ["Drifted" as const] }, { reasons: ["Underutilized" as const, "Empty" as const] });
  return fc.array(fc.tuple(nodes, window, reasons).map(([count, when, why]): Budget => ({ nodes: count, ...when, ...why })), { minLength: 1, maxLength: 2 });
}
