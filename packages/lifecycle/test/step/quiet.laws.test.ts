import type { Pod } from "@groupless/api";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Action, claimState, type ClaimState, type LifecycleEvent, observe, step } from "../../src/index.ts";
import { node, nodePool, NOW_MS, pod, running } from "../objects.ts";

const RUNS = { numRuns: Number(process.env["LAWS_RUNS"] ?? 200) };

const moves = fc.array(
  fc.record({ afterMs: fc.oneof(fc.nat(30_000), fc.constantFrom(0, 60_000, 299_000, 700_000)), do: fc.constantFrom("come", "come", "end", "go", "tick"), which: fc.nat(9), owner: fc.constantFrom("ReplicaSet", "DaemonSet") }),
  { minLength: 1, maxLength: 40 },
);

function ready(consolidateAfter: string): ClaimState {
  const pool = nodePool({ disruption: { consolidateAfter, consolidationPolicy: "WhenEmpty" } });
  return claimState(running(), observe([pool, node()]));
}

test("while a claim is quiet, pods that come and go lead to the same writes as if everything were looked at", () => {
  let [written, quiet] = [0, 0];
  fc.assert(
    fc.property(moves, fc.constantFrom("0s", "10s", "5m", "Never"), (list, consolidateAfter) => {
      let nowMs = NOW_MS;
      let state = step(ready(consolidateAfter), { type: "tick" }, { nowMs }).state;
      for (const { afterMs, do: what, which, owner } of list) {
        nowMs += afterMs;
        const known = state.observed.pods.find(({ metadata }) => metadata.name === `p${which}`);
        const made: Pod = known ?? pod(`p${which}`, { owner });
        const event: LifecycleEvent =
          what === "tick" ? { type: "tick" } : what === "go" ? { type: "removed", kind: "Pod", name: `${made.metadata.namespace ?? "default"}/p${which}` } : { type: "observed", object: what === "end" ? { ...made, status: { ...made.status, phase: "Succeeded" } } : made };
        const { quiet: span, ...whole } = state;
        expect(span).toBeDefined();
        const [some, all] = [step(state, event, { nowMs }), step(whole, event, { nowMs })];
        expect(writes(some.actions)).toEqual(writes(all.actions));
        expect(some.state.observed).toEqual(all.state.observed);
        expect(wait(some.actions)).toBeLessThanOrEqual(wait(all.actions));
        if (some.state.quiet?.fromMs !== nowMs) quiet += 1;
        if (some.state.quiet?.fromMs !== nowMs && writes(some.actions).length > 0) written += 1;
        state = some.state;
      }
    }),
    RUNS,
  );
  // The law is not true of the empty.
  expect(quiet).toBeGreaterThan(RUNS.numRuns);
  expect(written).toBeGreaterThan(RUNS.numRuns / 4);
});

const writes = (actions: readonly Action[]): readonly Action[] => actions.filter(({ type }) => type !== "requeue");
const wait = (actions: readonly Action[]): number => actions.reduce((least, action) => (action.type === "requeue" ? Math.min(least, action.afterMs) : least), Number.POSITIVE_INFINITY);
