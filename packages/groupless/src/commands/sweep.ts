import { availableParallelism } from "node:os";
import { InputError } from "@groupless/api";
import { type Figure, type PolicySpread, type Spread, spreads, type SweepContext, sweepTasks } from "@groupless/simulator";
import { progress } from "../cli/progress.ts";
import { EXIT, type ExitCode, type Terminal } from "../cli/terminal.ts";
import { runTasks } from "../sweep/worker-pool.ts";
import { tableText } from "../output/table-text.ts";
import { chanceOf, policyOf, type ReplayFlags, traceOf } from "./replay.ts";

export interface SweepFlags extends Omit<ReplayFlags, "chart" | "seed"> {
  readonly seeds: number;
  readonly threads?: number;
}

/** `groupless sweep`: many seeds under every policy, over the threads of this machine. */
export async function sweepCommand(terminal: Terminal, flags: SweepFlags): Promise<ExitCode> {
  if (flags.policy.length === 0) throw new InputError("no-policy", "a sweep without a policy", { expected: "--policy with a file of NodePools and EC2NodeClasses, once or more" });
  const trace = traceOf(flags, terminal);
  const context: SweepContext = { policies: flags.policy.map((file) => policyOf(file, terminal)), trace, region: flags.region, chance: chanceOf(flags) };
  const tasks = sweepTasks(context, flags.seeds);
  const bar = progress(terminal, tasks.length);
  const results = await runTasks(tasks, context, flags.threads ?? availableParallelism(), ({ policy, seed }) => {
    bar.done();
    bar.at(`${policy}, seed ${seed}`, 0);
  });
  bar.end();
  terminal.out(flags.format === "json" ? `${JSON.stringify(results, null, 2)}\n` : spreadText(spreads(results)));
  return EXIT.done;
}

const ROWS: readonly { readonly figure: Figure; readonly title: string; readonly digits: number; readonly scale?: number }[] = [
  { figure: "costUsd", title: "cost, USD", digits: 2 },
  { figure: "nodeHours", title: "node hours", digits: 1 },
  { figure: "cpuUtilisation", title: "cpu asked for, %", digits: 1, scale: 100 },
  { figure: "pendingP90Seconds", title: "pending p90, s", digits: 0 },
  { figure: "podRestarts", title: "pods started anew", digits: 1 },
  { figure: "nodesLaunched", title: "nodes launched", digits: 1 },
  { figure: "interruptions", title: "spot interruptions", digits: 1 },
];

function spreadText(policies: readonly PolicySpread[]): string {
  const head = ["mean ± deviation (least to most)", ...policies.map(({ policy, runs }) => `${policy}, ${runs} run(s)`)];
  const rows = ROWS.map(({ figure, title, digits, scale = 1 }) => [title, ...policies.map(({ figures }) => cell(figures[figure], digits, scale))]);
  return `${tableText(head, rows)}\n`;
}

function cell({ mean, deviation, least, most }: Spread, digits: number, scale: number): string {
  const text = (value: number): string => (value * scale).toFixed(digits);
  return `${text(mean)} ± ${text(deviation)} (${text(least)} to ${text(most)})`;
}
