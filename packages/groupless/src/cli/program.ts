import { InputError } from "@groupless/api";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { registerCatalog } from "../commands/catalog.ts";
import { diffCommand } from "../commands/diff.ts";
import { planCommand } from "../commands/plan.ts";
import { simulateCommand } from "../commands/simulate.ts";
import { sweepCommand } from "../commands/sweep.ts";
import { whyNotCommand } from "../commands/why-not.ts";
import { EXIT, type ExitCode, type Terminal } from "./terminal.ts";

const EXIT_CODES = `
Exit codes:
  0  done
  1  done, but a pod has no place, or a node may not go
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
  const profile = (): Option => new Option("--profile <profile>", "whose rules: Karpenter's, or Kubernetes' own wherever Karpenter departs from them").choices(["karpenter-1.14", "exact"]).default("karpenter-1.14");
  const region = (): Option => new Option("-r, --region <region>", "AWS region whose instance types and prices apply").default("us-east-1");

  program
    .command("plan")
    .description("What would be launched for the pods and workloads in the files, at what price, and why pods have no place.")
    .argument("<files...>", "manifests: YAML, JSON, or kubectl get -o json; - is standard input")
    .addOption(format())
    .addOption(region())
    .addOption(new Option("--objective <objective>", "how nodes are chosen").choices(["first-fit", "cheapest"]).default("first-fit"))
    .addOption(profile())
    .action(does(planCommand));

  program
    .command("diff")
    .description("What changes in the plan from one set of files to another: price, nodes, pods that move.")
    .argument("<before>", "manifests of the one side; several separated by commas")
    .argument("<after>", "manifests of the other side")
    .addOption(format())
    .addOption(region())
    .addOption(profile())
    .action(does(diffCommand));

  program
    .command("why-not")
    .description("What keeps a node from being disrupted: all that would have to be lifted, and when it lifts by itself.")
    .argument("<node>", "name of the node")
    .argument("<files...>", "the cluster: kubectl get nodes,nodeclaims,pods,nodepools,ec2nodeclasses,pdb -A -o json")
    .addOption(format())
    .addOption(region())
    .addOption(profile())
    .action(does(whyNotCommand));

  const repeated = (value: string, before: readonly string[]): readonly string[] => [...before, value];
  const chances = (command: Command): Command =>
    command
      .addOption(new Option("--spot-interruptions <number>", "how many times an hour EC2 takes back a spot node, on average").argParser(amount).default(0))
      .addOption(new Option("--without-capacity <share>", "share of capacity pools that have nothing in any ten minutes").argParser(amount).default(0))
      .addOption(new Option("--join-jitter <share>", "nodes join sooner or later by up to this share").argParser(amount).default(0))
      .addOption(new Option("--spot-volatility <number>", "spot prices take a random step every hour: the standard deviation of its logarithm, e.g. 0.05; 0: they stay").argParser(amount).default(0))
      .addOption(new Option("--fault <what@when>", "EC2 fails for a while: throttled, lost-request or lost-response, at START+LENGTH, e.g. throttled@10m+5m; for one call: throttled:CreateFleet@10m+5m; may be given again").argParser(repeated).default([] as readonly string[], "none"));
  const traces = (command: Command): Command =>
    command
      .addOption(new Option("--policy <file>", "NodePools and EC2NodeClasses to try; may be given again to compare").argParser(repeated).default([] as readonly string[], "none"))
      .addOption(new Option("--from <length>", "leave out what comes before, e.g. 147d"))
      .addOption(new Option("--for <length>", "length of the part of the trace, or of the run of manifests (default 30m)"))
      .addOption(new Option("--speed-up <number>", "arrivals come so many times as fast").argParser(amount).default(1));

  traces(
    chances(
      program
        .command("simulate")
        .description("Play a story, or apply manifests, on a simulated cluster and a virtual clock; or replay a trace of pods under policies, side by side.")
        .argument("[files...]", "a story, with manifests that replace objects of it; or manifests alone")
        .addOption(new Option("-f, --format <format>", "text: a narration or a comparison; json: the autoscaler's log lines or the replays").choices(["text", "json"]).default("text"))
        .addOption(new Option("-s, --scene <scene>", "scene of the story to play; default: the first"))
        .addOption(new Option("--seed <seed>", "names, ids and chance depend on it").default("1"))
        .addOption(new Option("--ec2 <where>", "where instances are had: fake; moto: a moto_server started for the run; moto=URL: one that runs, and is wiped").default("fake"))
        .addOption(new Option("-r, --region <region>", "AWS region, unless a story names its own").default("us-east-1"))
        .addOption(new Option("--trace <file>", "CSV of pods that come and go: openb's columns, or name,cpu,memory,arrives_s,runs_for_s"))
        .addOption(new Option("--chart <file>", "write the replays as an SVG chart")),
    ),
  ).action(does(simulateCommand));

  traces(
    chances(
      program
        .command("sweep")
        .description("Replay a trace with many seeds under every policy, over the threads of this machine, and tell how the figures spread.")
        .addOption(format())
        .addOption(region())
        .requiredOption("--trace <file>", "CSV of pods that come and go")
        .addOption(new Option("--seeds <number>", "how many seeds a policy").argParser(amount).default(10))
        .addOption(new Option("--threads <number>", "how many threads; default: as many as the machine runs at once").argParser(amount)),
    ),
  ).action(does(sweepCommand));


  registerCatalog(program, does);

  return program;
}

/** A number from the command line, 0 or more. */
function amount(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value < 0) throw new InvalidArgumentError("a number, 0 or more, is expected");
  return value;
}
