import { InputError } from "@groupless/api";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { registerCatalog } from "../commands/catalog.ts";
import { diffCommand } from "../commands/diff.ts";
import { planCommand } from "../commands/plan.ts";
import { simulateCommand } from "../commands/simulate.ts";
import { EXIT, type ExitCode, type Terminal } from "./terminal.ts";

const EXIT_CODES = `
Exit codes:
  0  done
  1  done, but a pod has no place
  2  bad input or bad usage; nothing was printed to standard output`;

/** The `groupless` command: parses arguments, runs one command, answers with the exit code. Nothing is printed on bad input but the complaint. */
export async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = EXIT.done;
  const does =
    <A extends unknown[]>(command: (terminal: Terminal, ...args: A) => Promise<ExitCode>): ((...args: A) => Promise<void>) =>
    async (...rest) => {
      code = await command(terminal, ...rest);
    };
  const program = buildProgram(terminal, does);
  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.badInput;
    if (!(error instanceof InputError)) throw error;
    terminal.err(`${error.message}\n`);
    return EXIT.badInput;
  }
}

type Does = <A extends unknown[]>(command: (terminal: Terminal, ...args: A) => Promise<ExitCode>) => (...args: A) => Promise<void>;

function buildProgram(terminal: Terminal, does: Does): Command {
  const program = new Command("groupless")
    .description("Karpenter's decisions without a cluster: plan, compare and replay them from YAML.")
    .version("0.1.0")
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err, getOutHasColors: () => terminal.colors, getErrHasColors: () => false })
    .showHelpAfterError("(run with --help for usage)")
    .addHelpText("after", EXIT_CODES);

  const format = (): Option => new Option("-f, --format <format>", "how to print").choices(["text", "json"]).default("text");
  const region = (): Option => new Option("-r, --region <region>", "AWS region whose instance types and prices apply").default("us-east-1");

  program
    .command("plan")
    .description("What would be launched for the pods and workloads in the files, at what price, and why pods have no place.")
    .argument("<files...>", "manifests: YAML, JSON, or kubectl get -o json; - is standard input")
    .addOption(format())
    .addOption(region())
    .addOption(new Option("--objective <objective>", "how nodes are chosen").choices(["first-fit", "cheapest"]).default("first-fit"))
    .addOption(new Option("--profile <profile>", "whose rules").choices(["karpenter-1.14", "exact"]).default("karpenter-1.14"))
    .action(does(planCommand));

  program
    .command("diff")
    .description("What changes in the plan from one set of files to another: price, nodes, pods that move.")
    .argument("<before>", "manifests of the one side; several separated by commas")
    .argument("<after>", "manifests of the other side")
    .addOption(format())
    .addOption(region())
    .action(does(diffCommand));

  program
    .command("simulate")
    .description("Play a story, or apply manifests, on a simulated cluster and a virtual clock.")
    .argument("<files...>", "a story, with manifests that replace objects of it; or manifests alone")
    .addOption(new Option("-f, --format <format>", "text: a narration; json: the autoscaler's log lines").choices(["text", "json"]).default("text"))
    .addOption(new Option("-s, --scene <scene>", "scene of the story to play; default: the first"))
    .addOption(new Option("--seed <seed>", "names, ids and chance depend on it").default("1"))
    .addOption(new Option("-r, --region <region>", "AWS region, for manifests without a story").default("us-east-1"))
    .addOption(new Option("--for <duration>", "how long manifests without a story run, e.g. 30m").default("30m"))
    .action(does(simulateCommand));

  registerCatalog(program, does);

  return program;
}

/** A whole number from the command line. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("a whole number is expected");
  return Number(text);
}
