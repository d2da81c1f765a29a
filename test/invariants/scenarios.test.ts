import { agedClusters } from "@groupless/testing/arbitraries";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { wrongs } from "../soak/scenario.ts";

const GROUPS = 10;
const RUNS = Number(process.env["SCENARIOS"] ?? 100);

// Generated once for all mutants that meet them: the generators are not what is tried.
const shared = globalThis as { scenarios?: ReturnType<typeof sample> };
const sample = () => fc.sample(agedClusters(), { numRuns: RUNS, seed: 7 });

test.each(Array.from({ length: GROUPS }, (_, group) => group))("generated scenarios of group %i break no invariant", (group) => {
  const clusters = (shared.scenarios ??= sample());
  for (let index = group; index < clusters.length; index += GROUPS) expect(wrongs(clusters[index] as (typeof clusters)[number]).join("\n")).toBe("");
});
