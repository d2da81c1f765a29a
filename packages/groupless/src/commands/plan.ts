import { prepare, type Profile, solve, type SolveOptions } from "@groupless/bin-packer";
import { EXIT, type ExitCode, type Terminal } from "../cli/terminal.ts";
import { constraintCosts } from "../diff/constraint-costs.ts";
import { planInput } from "../input/plan-input.ts";
import { regionSnapshot } from "../input/region.ts";
import { objectivesText } from "../output/objectives-text.ts";
import { planText } from "../output/plan-text.ts";
import { planJson } from "../output/plan-json.ts";

export interface PlanFlags {
  readonly format: "text" | "json";
  readonly region: string;
  readonly objective: NonNullable<SolveOptions["objective"]>;
  readonly profile: Profile;
}

/** `groupless plan`. */
export async function planCommand(terminal: Terminal, files: readonly string[], flags: PlanFlags): Promise<ExitCode> {
  const region = await regionSnapshot(flags.region);
  const { cluster, notes } = planInput(files, region, terminal);
  const options = { nowMs: terminal.nowMs(), profile: flags.profile };
  const prepared = prepare(cluster, options);
  const packing = solve(prepared, { objective: flags.objective });
  for (const note of notes) terminal.err(`note: ${note}\n`);
  terminal.out(flags.format === "json" ? `${JSON.stringify(planJson(packing, cluster), null, 2)}\n` : planText(packing, cluster, terminal.colors));
  if (flags.objective === "cheapest" && flags.format === "text") terminal.out(objectivesText(solve(prepared), packing, constraintCosts(cluster, packing.priceUsdPerHour, options), terminal.colors));
  return packing.podErrors.length + packing.ignoredPods.length > 0 ? EXIT.leftOver : EXIT.done;
}
