import { readFileSync } from "node:fs";
import { assertHolds, explainsEveryPod, holdsCapacity } from "@groupless/testing";
import { clusters } from "@groupless/testing/arbitraries";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { toyScheduler } from "../../../examples/toy-scheduler/toy-scheduler.ts";

const text = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

test("the tutorial's bug is found whatever the seed, in a cluster of a node or two", () => {
  for (const seed of [1, 2, 3]) {
    const details = fc.check(fc.property(clusters(), (cluster) => assertHolds(cluster, toyScheduler(cluster), [explainsEveryPod, holdsCapacity])), { seed, numRuns: 300 });
    expect(details.failed).toBe(true);
    expect(details.counterexample?.[0].objects.filter(({ kind }) => kind === "Node").length).toBeLessThanOrEqual(2);
  }
});

test("the tutorial shows the scheduler as it is in examples", () => {
  expect(text("../../../docs/testing-tutorial.md")).toContain(text("../../../examples/toy-scheduler/toy-scheduler.ts").replace("export function", "function"));
});
