import { prepare, type Profile, solve } from "@groupless/bin-packer";
import { EXIT, type ExitCode, type Terminal } from "../cli/terminal.ts";
import { diff } from "../diff/diff.ts";
import { planInput } from "../input/plan-input.ts";
import { regionSnapshot } from "../input/region.ts";
import { diffText } from "../output/diff-text.ts";

export interface DiffFlags {
  readonly format: "text" | "json";
  readonly region: string;
  readonly profile: Profile;
}

/** `groupless diff`: exit code 1 when pods lose their place. */
export async function diffCommand(terminal: Terminal, before: string, after: string, flags: DiffFlags): Promise<ExitCode> {
  const region = await regionSnapshot(flags.region);
  const options = { nowMs: terminal.nowMs(), profile: flags.profile };
  const packings = [before, after].map((files) => {
    const { cluster, notes } = planInput(files.split(","), region, terminal);
    return { packing: solve(prepare(cluster, options)), notes };
  });
  const [old, now] = packings as [(typeof packings)[number], (typeof packings)[number]];
  const change = diff(old.packing, now.packing);
  for (const note of new Set([...old.notes, ...now.notes])) terminal.err(`note: ${note}\n`);
  terminal.out(flags.format === "json" ? `${JSON.stringify(change, null, 2)}\n` : diffText(change, { before: old.packing, after: now.packing }, terminal.colors));
  return change.podErrors.length > 0 ? EXIT.leftOver : EXIT.done;
}
