import { prepare } from "@groupless/bin-packer";
import { disrupt } from "@groupless/disruption";
import { planInvariants, planViolations, showing } from "@groupless/testing";
import { agedClusters } from "@groupless/testing/arbitraries";
import * as fc from "fast-check";
import { expect, test } from "vitest";

// The few runs of every day are the same each time, so that what the generators must have made is there.
const RUNS = process.env["LAWS_RUNS"] === undefined ? { numRuns: 100, seed: 1 } : { numRuns: Number(process.env["LAWS_RUNS"]) };
const nowMs = Date.UTC(2026, 8, 1, 13);

test.each(["karpenter-1.14", "exact"] as const)("what is to be disrupted holds to budgets, lets no pod go homeless and never costs more: %s", (profile) => {
  let commands = 0;
  const reasons = new Set<string>();
  fc.assert(
    fc.property(
      agedClusters({ maxPods: 8, maxNodes: 5 }),
      showing((before) => {
        const found = disrupt(prepare(before, { nowMs, profile }));
        commands += found.length;
        for (const { reason } of found) reasons.add(reason);
        expect(planViolations({ before, commands: found, nowMs }, planInvariants)).toEqual([]);
      }),
    ),
    RUNS,
  );
  expect(commands).toBeGreaterThan(RUNS.numRuns / 5);
  if (RUNS.numRuns >= 100) expect([...reasons].sort()).toEqual(["Drifted", "Empty", "Underutilized"]);
});
