import type { KubeObject } from "@groupless/api";
import { type Cluster, prepare } from "@groupless/bin-packer";
import { disrupt } from "@groupless/disruption";
import { planInvariants, planViolations, showing } from "@groupless/testing";
import { clusters } from "@groupless/testing/arbitraries";
import * as fc from "fast-check";
import { expect, test } from "vitest";

const RUNS = { numRuns: Number(process.env["LAWS_RUNS"] ?? 100) };
const nowMs = Date.UTC(2026, 8, 1, 13);

/** Some of the nodes have drifted, some budgets let a pod go. */
function aged(cluster: Cluster, drifted: readonly number[], allowed: number): Cluster {
  let claims = 0;
  const objects = cluster.objects.map((object): KubeObject => {
    if (object.kind === "PodDisruptionBudget") return { ...object, status: { disruptionsAllowed: allowed, currentHealthy: 2, desiredHealthy: 2 - allowed, expectedPods: 2 } };
    if (object.kind !== "NodeClaim" || !drifted.includes(claims++)) return object;
    return { ...object, status: { ...object.status, conditions: [...(object.status?.conditions ?? []), { type: "Drifted", status: "True", reason: "NodePoolDrifted", message: "", lastTransitionTime: "2026-09-01T12:30:00Z" }] } };
  });
  return { ...cluster, objects };
}

test("what is to be disrupted holds to budgets, lets no pod go homeless and never costs more", () => {
  let commands = 0;
  const reasons = new Set<string>();
  fc.assert(
    fc.property(
      clusters({ maxPods: 8, maxNodes: 5 }),
      fc.subarray([0, 1, 2, 3]),
      fc.nat(1),
      showing((fresh, drifted, allowed) => {
        const before = aged(fresh, drifted, allowed);
        const found = disrupt(prepare(before, { nowMs }));
        commands += found.length;
        for (const { reason } of found) reasons.add(reason);
        expect(planViolations({ before, commands: found, nowMs }, planInvariants)).toEqual([]);
      }),
    ),
    RUNS,
  );
  expect(commands).toBeGreaterThan(RUNS.numRuns / 5);
  expect([...reasons].sort()).toEqual(["Drifted", "Empty", "Underutilized"]);
});
