import { describe, expect, test } from "vitest";
import { age } from "../../src/record/age.ts";
import { tableLines } from "../../src/record/narration.ts";
import type { Sample } from "../../src/record/series.ts";
import { summarise } from "../../src/record/summary.ts";

test.each([
  [0, "0s"],
  [119_999, "119s"],
  [120_000, "2m"],
  [200_000, "3m20s"],
  [600_000, "10m"],
  [3 * 3_600_000 - 1, "179m"],
  [5 * 3_600_000 + 12 * 60_000, "5h12m"],
  [9 * 3_600_000, "9h"],
  [48 * 3_600_000, "2d"],
  [52 * 3_600_000, "2d4h"],
  [30 * 86_400_000, "30d"],
  [800 * 86_400_000, "2y70d"],
])("an age of %d ms reads %s, as kubectl writes it", (ms, text) => {
  expect(age(ms)).toBe(text);
});

describe("a summary", () => {
  const sample = (atMs: number, nodes: number, price: number, cpu: number): Sample => ({ atMs, nodes, starting: 0, priceUsdPerHour: price, cpuUtilisation: cpu, memoryUtilisation: cpu, runningPods: 0, pendingPods: 0 });
  const counts = { nodesLaunched: 2, nodesRemoved: 1, launchFailures: 0, interruptions: 0, commands: {} };

  test("adds up price over time and means over the time with nodes", () => {
    const samples = [sample(0, 0, 0, 0), sample(3_600_000, 2, 4, 0.5), sample(2 * 3_600_000, 1, 1, 1), sample(4 * 3_600_000, 1, 1, 0)];
    expect(summarise(samples, { waitsMs: [], arrived: 0, finished: 0, restarts: 0 }, counts)).toMatchObject({ costUsd: 6, nodeHours: 4, peakNodes: 2, cpuUtilisation: (0.5 + 2) / 3 });
  });

  test("percentiles are nearest ranks: no wait that nobody had", () => {
    const waitsMs = Array.from({ length: 100 }, (_, index) => (100 - index) * 1000);
    expect(summarise([], { waitsMs, arrived: 100, finished: 0, restarts: 0 }, counts).pendingSeconds).toEqual({ p50: 50, p90: 90, p99: 99, max: 100 });
    expect(summarise([], { waitsMs: [7_000], arrived: 1, finished: 0, restarts: 0 }, counts).pendingSeconds).toEqual({ p50: 7, p90: 7, p99: 7, max: 7 });
  });
});

test("columns are as wide as their widest cell, three spaces apart, without trailing blanks", () => {
  expect(tableLines(["NAME", "AGE"], [["a-long-name", "5s"], ["b", ""]]).map(({ text }) => text)).toEqual(["NAME          AGE", "a-long-name   5s", "b"]);
  expect(tableLines(["NAME"], [])[0]?.text).toBe("No resources found");
});
