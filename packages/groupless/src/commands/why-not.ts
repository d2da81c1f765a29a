import { InputError } from "@groupless/api";
import { prepare, type Profile } from "@groupless/bin-packer";
import { explain, whyNot } from "@groupless/disruption";
import { EXIT, type ExitCode, type Terminal } from "../cli/terminal.ts";
import { planInput } from "../input/plan-input.ts";
import { regionSnapshot } from "../input/region.ts";

export interface WhyNotFlags {
  readonly format: "text" | "json";
  readonly region: string;
  readonly profile: Profile;
}

/** `groupless why-not`: what keeps a node from being disrupted; exit code 1 when something does. */
export async function whyNotCommand(terminal: Terminal, node: string, files: readonly string[], flags: WhyNotFlags): Promise<ExitCode> {
  const { cluster, notes } = planInput(files, await regionSnapshot(flags.region), terminal);
  if (!cluster.objects.some(({ kind, metadata }) => kind === "Node" && metadata.name === node)) {
    const known = cluster.objects.filter(({ kind }) => kind === "Node").map(({ metadata }) => metadata.name);
    throw new InputError("no-such-node", `none of the files has a Node "${node}"`, { expected: known.length === 0 ? "files with nodes: kubectl get nodes,nodeclaims,pods,nodepools -A -o json" : `one of ${known.slice(0, 5).join(", ")}` });
  }
  const blockers = whyNot(prepare(cluster, { nowMs: terminal.nowMs(), profile: flags.profile }), node);
  for (const note of notes) terminal.err(`note: ${note}\n`);
  if (flags.format === "json") terminal.out(`${JSON.stringify(blockers, null, 2)}\n`);
  else terminal.out(blockers.length === 0 ? `nothing keeps ${node}: it goes when its turn comes\n` : blockers.map((blocker) => `${explain(blocker)}\n`).join(""));
  return blockers.length > 0 ? EXIT.leftOver : EXIT.done;
}
