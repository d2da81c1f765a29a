import { evictionCost, isReschedulable, nameOf, type NodeClaim, type Pod } from "@groupless/api";
import type { Cluster, Profile } from "@groupless/bin-packer";
import { type Command, disrupt } from "@groupless/disruption";
import { holdsBudgets, holdsDoNotDisrupt, holdsPodDisruptionBudgets, neverDearer, planViolations } from "@groupless/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NOW_MS } from "../../packages/disruption/test/cluster-fixture.ts";
import { clusters } from "../../packages/disruption/test/laws/cluster-arbitrary.ts";
import { Day, type Incident } from "./day.ts";

// A day is many turns, so there are fewer of them than of other cases, and a bad one is not made smaller.
const RUNS = { numRuns: Math.ceil(Number(process.env["LAWS_RUNS"] ?? 100) / 20), endOnFailure: true };
const TURN_MS = 10 * 60_000;
const TURNS = 144;
// By then nothing happens any more of itself.
const BUSY_TURNS = 48;
const QUIET_TURNS = 18;

const incidents: fc.Arbitrary<Incident> = fc.record({ what: fc.constantFrom("pod-leaves", "pod-comes", "node-drifts", "nothing", "nothing"), which: fc.nat(20) });
const days = fc.tuple(clusters, fc.array(incidents, { minLength: BUSY_TURNS, maxLength: BUSY_TURNS }));

function withoutGracePeriods(cluster: Cluster): Cluster {
  const without = ({ terminationGracePeriod: _gracePeriod, ...spec }: NodeClaim["spec"]): NodeClaim["spec"] => spec;
  return { ...cluster, objects: cluster.objects.map((object) => (object.kind === "NodeClaim" ? { ...object, spec: without(object.spec) } : object)) };
}

/** Pods that would have to move and have nowhere to go. */
function homeless({ objects }: Cluster, { sourceNodes, existingNodes, replacements }: Command): readonly string[] {
  const placed = new Set([...existingNodes, ...replacements].flatMap(({ pods }) => pods));
  return objects.filter((object): object is Pod => object.kind === "Pod" && isReschedulable(object) && sourceNodes.includes(object.spec.nodeName ?? "")).map(nameOf).filter((name) => !placed.has(name));
}

/** Karpenter takes pods that cost nothing to evict for none at all: their node goes, they come again on another, and so on for good. */
function isRestless({ objects }: Cluster, { reason, sourceNodes }: Command): boolean {
  return reason === "Empty" && objects.some((object) => object.kind === "Pod" && sourceNodes.includes(object.spec.nodeName ?? "") && isReschedulable(object) && evictionCost(object) <= 0);
}

describe.each(["karpenter-1.14", "exact"] as const satisfies readonly Profile[])("over a day, with the profile %s,", (profile) => {
  // Karpenter counts on grace periods, and on pods that cost nothing (packages/disruption/test/laws/karpenter-breaks.test.ts).
  const broken = (before: Cluster, commands: readonly Command[], nowMs: number): readonly unknown[] => {
    const laws = [holdsBudgets, holdsDoNotDisrupt, holdsPodDisruptionBudgets, neverDearer];
    if (profile !== "exact") return planViolations({ before, commands, nowMs }, laws);
    return [...planViolations({ before: withoutGracePeriods(before), commands, nowMs }, laws), ...commands.flatMap((command) => homeless(before, command))];
  };

  // What should not be there any more once nothing happens.
  const atLast = (before: Cluster, commands: readonly Command[]): readonly Command[] => (profile === "exact" ? commands : commands.filter((command) => !isRestless(before, command)));

  test("no new disruption exceeds a budget or a PodDisruptionBudget, leaves a pod homeless or costs more; then it comes to rest", () => {
    let commands = 0;
    fc.assert(
      fc.property(days, ([start, events]) => {
        const day = new Day(start, NOW_MS, profile);
        for (let turn = 0; turn < TURNS; turn++) {
          const { before, started } = day.turn(TURN_MS, events[turn] ?? { what: "nothing", which: 0 });
          commands += started.length;
          expect(broken(before, started, day.nowMs)).toEqual([]);
          if (turn >= TURNS - QUIET_TURNS) expect(atLast(before, started)).toEqual([]);
        }
        if (day.leaving.length === 0) expect(atLast(day.cluster, disrupt(day.prepared))).toEqual([]);
        expect(new Set(day.pods.map(nameOf)).size).toBe(day.pods.length);
      }),
      RUNS,
    );
    expect(commands).toBeGreaterThan(RUNS.numRuns);
  }, 120_000 + 10_000 * RUNS.numRuns);
});
