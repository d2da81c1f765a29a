import { expect, test } from "vitest";
import { faultPlan } from "../../src/chance/scheduled-fault.ts";

test("calls fail while a fault is on, those it names, every nth of them", () => {
  let nowMs = 0;
  const throttled = { kind: "throttled" } as const;
  const plan = faultPlan([{ fromMs: 100, forMs: 50, calls: ["CreateFleet"], every: 2, fault: throttled }, { fromMs: 140, forMs: 20, fault: { kind: "slow", ms: 5 } }], 1_000, { nowMs: () => nowMs });
  const at = (ms: number, call: "CreateFleet" | "TerminateInstances" = "CreateFleet"): string | undefined => {
    nowMs = 1_000 + ms;
    return plan(call, 0, undefined)?.kind;
  };
  expect([at(99), at(100), at(101), at(102), at(103, "TerminateInstances"), at(145), at(146), at(150), at(160)]).toEqual([undefined, "throttled", undefined, "throttled", undefined, "slow", "throttled", "slow", undefined]);
});

test("a fault that cannot be is refused, with its place", () => {
  const plan = (every: number, forMs: number) => () => faultPlan([{ fromMs: 0, forMs, every, fault: { kind: "throttled" } }], 0, { nowMs: () => 0 });
  expect(plan(0, 1)).toThrow(/whole number/);
  expect(plan(1, Number.NaN)).toThrow(/0 or more/);
});
