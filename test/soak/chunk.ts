import type { Cluster } from "@groupless/bin-packer";
import { asYaml } from "@groupless/testing";
import { agedClusters } from "@groupless/testing/arbitraries";
import * as fc from "fast-check";
import { wrongs } from "./scenario.ts";

/** Scenarios that are run together: a seed and how many of them. */
export interface Chunk {
  readonly seed: number;
  readonly runs: number;
}

/** How a chunk went. With a failure it ends early, at the smallest cluster that shows it. */
export interface ChunkResult {
  readonly seed: number;
  readonly scenarios: number;
  readonly failure?: { readonly wrongs: readonly string[]; readonly yaml: string };
}

/** Runs a chunk; the same chunk goes the same way every time. */
export function runChunk({ seed, runs }: Chunk): ChunkResult {
  const details = fc.check(
    fc.property(agedClusters(), (cluster) => wrongsOrError(cluster).length === 0),
    { seed, numRuns: runs },
  );
  const cluster = details.counterexample?.[0];
  if (cluster === undefined) return { seed, scenarios: details.numRuns };
  const found = wrongsOrError(cluster);
  return { seed, scenarios: details.numRuns, failure: { wrongs: found, yaml: `${found.map((line) => `# ${line.replaceAll("\n", " ")}\n`).join("")}${asYaml(cluster)}` } };
}

/** An error thrown is wrong, too. */
function wrongsOrError(cluster: Cluster): readonly string[] {
  try {
    return wrongs(cluster);
  } catch (error) {
    return [`throws ${String(error)}`];
  }
}
