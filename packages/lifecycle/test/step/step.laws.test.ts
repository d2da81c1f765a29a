import fc from "fast-check";
import { expect, test } from "vitest";
import { Model, type Move } from "./model.ts";

const RUNS = { numRuns: Number(process.env["LAWS_RUNS"] ?? 300) };

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("tick" as const), seconds: fc.oneof(fc.nat(20), fc.constantFrom(0, 61, 400, 1_000, -30)) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom("deliver" as const, "deliver" as const, "deliver" as const, "repeat" as const, "lose" as const), which: fc.nat(5) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom("join" as const, "join" as const, "ready" as const, "delete" as const, "interrupt" as const, "list" as const, "forget" as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("pod" as const), kind: fc.nat(9), grace: fc.constantFrom(0, 1, 30, 300) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("finish" as const), which: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("budget" as const), allowed: fc.nat(2) }) },
);

const story = fc.record({
  moves: fc.array(move, { maxLength: 60 }),
  failures: fc.array(fc.boolean(), { maxLength: 3 }),
  spec: fc.record({ terminationGracePeriod: fc.constantFrom("30s", "5m", "1h"), expireAfter: fc.constantFrom("Never", "5m") }, { requiredKeys: [] }),
});

const reached = new Set<string>();

test("D-156 D-168 D-171 whatever happens in whatever order: launched once, no instance lost, drained in order, within budgets, and ended", () => {
  fc.assert(
    fc.property(story, ({ moves, failures, spec }) => {
      const model = new Model(spec, failures);
      model.send({ type: "tick" });
      for (const next of moves) model.move(next);
      const isEnded = model.settle();
      for (const type of model.seen) reached.add(type);
      expect(model.broken).toEqual([]);
      expect(isEnded ? "ended" : JSON.stringify({ state: model.state.phase, answers: model.answers, instances: [...model.instances] })).toBe("ended");
      expect(model.running).toEqual([]);
    }),
    RUNS,
  );
  // The law is not true of the empty: the stories reach every kind of action but the creation of objects.
  expect([...reached].toSorted()).toEqual(["delete", "evict", "get-instance", "launch", "list-instances", "record-registration", "report", "requeue", "terminate", "update"]);
});
