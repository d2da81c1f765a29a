import type { Cluster } from "@groupless/bin-packer";
import { agedClusters, quietClusters } from "@groupless/testing/arbitraries";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { NOW_MS, wrongs } from "../soak/scenario.ts";
import { beyondWrongs } from "./laws/beyond.ts";
import { changeWrongs } from "./laws/change.ts";
import { cheapestWrongs } from "./laws/cheapest.ts";
import { disruptionWrongs } from "./laws/disruption.ts";
import { queueWrongs } from "./laws/queue.ts";
import { reasonWrongs } from "./laws/reasons.ts";

type Law = readonly [name: string, find: (cluster: Cluster, nowMs: number) => readonly string[], clusters: number];

/** Each law and on how many clusters it is tried: half of them busy, half of them quiet. */
const LAWS: readonly Law[] = [
  ["placements and plans hold, in any order of objects", wrongs, 48],
  ["refusals say what is so", reasonWrongs, 32],
  ["disruption takes whom it may", disruptionWrongs, 36],
  ["commands are carried out", queueWrongs, 36],
  ["what Karpenter does not do keeps its rules", beyondWrongs, 12],
  ["what-ifs and updates answer as a fresh preparation", changeWrongs, 6],
  ["the cheapest plan is cheapest", cheapestWrongs, 6],
];
const GROUPS = [0, 1, 2];

// Generated once for all mutants that meet them: the generators are not what is tried.
const shared = globalThis as { scenarios?: readonly Cluster[] };
const sample = (): readonly Cluster[] => {
  const [busy, quiet] = [fc.sample(agedClusters(), { numRuns: 24, seed: 7 }), fc.sample(quietClusters(), { numRuns: 24, seed: 7 })];
  return busy.flatMap((cluster, index) => [cluster, quiet[index] as Cluster]);
};

test.each(LAWS.flatMap(([name, find, clusters]) => GROUPS.map((group) => [name, group, find, clusters] as const)))("%s, group %i", (_name, group, find, clusters) => {
  const scenarios = (shared.scenarios ??= sample()).slice(0, clusters);
  for (let index = group; index < scenarios.length; index += GROUPS.length) expect(find(scenarios[index] as Cluster, NOW_MS).join("\n")).toBe("");
});
