import type { Pod } from "@groupless/api";
import fc from "fast-check";
import type { InstanceType } from "@groupless/catalog";
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

const INSTANCE_TYPES: readonly InstanceType[] = [];

test("no look that a quiet claim leaves out would have written anything", () => {
  let leftOut = 0;
  fc.assert(
    fc.property(fc.constantFrom("0s", "10s", "7m", "2h", "Never"), fc.boolean(), fc.array(fc.integer({ min: 1, max: 1_200_000 }), { minLength: 1, maxLength: 30 }), (consolidateAfter, hasTypes, waits) => {
      const types = hasTypes ? { instanceTypes: INSTANCE_TYPES } : {};
      let nowMs = NOW_MS;
      let { state, actions } = step(ready(consolidateAfter), { type: "tick" }, { nowMs, ...types });
      for (const afterMs of waits) {
        const dueMs = nowMs + wait(actions);
        const atMs = nowMs + afterMs;
        const { quiet, ...whole } = state;
        expect(quiet).toBeDefined();
        if (atMs < dueMs) {
          expect(writes(step(whole, { type: "tick" }, { nowMs: atMs, ...types }).actions)).toEqual([]);
          leftOut += 1;
        } else {
          nowMs = dueMs;
          ({ state, actions } = step(state, { type: "tick" }, { nowMs, ...types }));
        }
      }
    }),
    RUNS,
  );
  expect(leftOut).toBeGreaterThan(RUNS.numRuns);
});
