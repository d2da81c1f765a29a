import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runChunk } from "./chunk.ts";
import { readProgress, writeProgress } from "./progress-file.ts";

const RUNS = Number(process.env["SOAK_RUNS"] ?? 2000);

test("generated scenarios break no invariant, whatever the order of their objects", () => {
  const runs = Math.min(RUNS, 500);
  for (let seed = 0; seed * runs < RUNS; seed++) {
    const { failure, scenarios } = runChunk({ seed, runs });
    expect(failure?.yaml).toBeUndefined();
    expect(scenarios).toBe(runs);
  }
}, 600_000);

test("a soak goes on where it was stopped, unless it is asked for other seeds", () => {
  const folder = mkdtempSync(join(tmpdir(), "soak-"));
  const file = join(folder, "deep/state.json");
  expect(readProgress(file, 1, 500).done).toEqual([]);
  writeProgress(file, { ...readProgress(file, 1, 500), done: [0, 2], scenarios: 1000 });
  expect(readProgress(file, 1, 500)).toMatchObject({ done: [0, 2], scenarios: 1000 });
  expect(readProgress(file, 2, 500).done).toEqual([]);
  rmSync(folder, { recursive: true });
});
