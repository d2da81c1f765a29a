import { asYaml } from "@groupless/testing";
import * as fc from "fast-check";
import { type Scenario, everyWrong, scenarios } from "./every-wrong.ts";

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
    fc.property(scenarios, (scenario) => wrongsOrError(scenario).length === 0),
    { seed, numRuns: runs },
  );
  const scenario = details.counterexample?.[0];
  if (scenario === undefined) return { seed, scenarios: details.numRuns };
  const found = wrongsOrError(scenario);
  return { seed, scenarios: details.numRuns, failure: { wrongs: found, yaml: `${found.map((line) => `# ${line.replaceAll("\n", " ")}\n`).join("")}${asYaml(scenario.cluster)}` } };
}

/** An error thrown is wrong, too. */
function wrongsOrError(scenario: Scenario): readonly string[] {
  try {
    return everyWrong(scenario);
  } catch (error) {
    return [`throws ${String(error)}`];
  }
}
