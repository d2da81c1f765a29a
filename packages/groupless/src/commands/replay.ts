import { InputError } from "@groupless/api";
import { parse } from "@groupless/manifests";
import { chart, type ChanceOptions, comparison, parseTrace, type Policy, type Replay, replay, type Trace } from "@groupless/simulator";
import { progress } from "../cli/progress.ts";
import { EXIT, type ExitCode, type Terminal } from "../cli/terminal.ts";
import { scheduledFault } from "../input/scheduled-fault.ts";
import { readFiles } from "../input/files.ts";
import { lengthMs } from "../input/length.ts";
import { regionSnapshot } from "../input/region.ts";
import { tableText } from "../output/table-text.ts";

export interface ReplayFlags {
  readonly trace: string;
  readonly policy: readonly string[];
  readonly format: "text" | "json";
  readonly region: string;
  readonly seed: string;
  readonly from?: string;
  readonly for?: string;
  readonly speedUp: number;
  readonly spotInterruptions: number;
  readonly withoutCapacity: number;
  readonly joinJitter: number;
  readonly spotVolatility: number;
  readonly fault: readonly string[];
  readonly chart?: string;
}

/** `groupless simulate --trace`: one trace under one policy or several, side by side. */
export async function replayCommand(terminal: Terminal, flags: ReplayFlags): Promise<ExitCode> {
  const trace = traceOf(flags, terminal);
  const policies = flags.policy.map((file) => policyOf(file, terminal));
  const region = await regionSnapshot(flags.region);
  const bar = progress(terminal, policies.length);
  const replays: Replay[] = [];
  for (const policy of policies) {
    replays.push(await replay(policy, trace, { region, seed: flags.seed, chance: chanceOf(flags), onProgress: (share) => bar.at(policy.name, share) }));
    bar.done();
  }
  bar.end();
  if (flags.chart !== undefined) terminal.writeFile(flags.chart, chart(replays));
  terminal.out(flags.format === "json" ? `${JSON.stringify(replays, null, 2)}\n` : comparisonText(replays));
  return EXIT.done;
}

/**
 * The trace that the flags name.
 *
 * @throws InputError for a file that is none
 */
export function traceOf({ trace: file, from, for: length, speedUp }: Pick<ReplayFlags, "trace" | "from" | "for" | "speedUp">, terminal: Pick<Terminal, "readFile">): Trace {
  const [found] = readFiles([file], terminal);
  const trace = parseTrace(found?.text ?? "", { file, speedUp, ...(from === undefined ? {} : { fromMs: lengthMs(from, "--from") }), ...(length === undefined ? {} : { forMs: lengthMs(length, "--for") }) });
  if (trace.pods.length === 0) throw new InputError("empty-trace", "no pod comes in that time", { file, expected: "a trace, and a part of it, in which pods come" });
  return trace;
}

/** The pools, node classes and other objects of a file as a policy, named after the file. */
export function policyOf(file: string, terminal: Pick<Terminal, "readFile">): Policy {
  const { nodePools, nodeClasses, objects } = parse(readFiles([file], terminal));
  if (nodePools.length === 0) throw new InputError("no-node-pool", "no NodePool", { file, expected: "a policy: at least one NodePool, with its EC2NodeClass" });
  return { name: file.replace(/^.*\//, "").replace(/\.ya?ml$/, ""), objects: [...nodeClasses, ...nodePools, ...objects] };
}

/**
 * What chance the flags leave.
 *
 * @throws InputError for a fault that cannot be read
 */
export function chanceOf({ spotInterruptions, withoutCapacity, joinJitter, spotVolatility, fault }: Pick<ReplayFlags, "spotInterruptions" | "withoutCapacity" | "joinJitter" | "spotVolatility" | "fault">): ChanceOptions {
  return {
    spotInterruptionsPerHour: spotInterruptions,
    withoutCapacity,
    joinJitter,
    ...(spotVolatility === 0 ? {} : { spotPrices: { kind: "mean-reverting", volatility: spotVolatility } }),
    ...(fault.length === 0 ? {} : { faults: fault.map(scheduledFault) }),
  };
}

function comparisonText(replays: readonly Replay[]): string {
  const rows = comparison(replays.map(({ summary }) => summary)).map(({ figure, values }) => [figure, ...values]);
  return `${tableText(["", ...replays.map(({ policy }) => policy)], rows)}\n`;
}

