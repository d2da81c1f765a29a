import { InputError } from "@groupless/api";
import { instanceTypes, parseSnapshot, regionNames, type RegionSnapshot, snapshotText } from "@groupless/ec2-catalog";
import { type RefreshProgress, refreshRegion, sdkRefreshPort } from "@groupless/ec2-fleet";
import { parse } from "@groupless/manifests";
import { type Command, Option } from "commander";
import { listText, showText } from "../catalog/catalog-text.ts";
import { rowsOf, sortNames, sortRows } from "../catalog/row.ts";
import { readWhere } from "../catalog/where.ts";
import { EXIT, type ExitCode, type Terminal } from "../cli/terminal.ts";
import { readFiles, writeFile } from "../input/files.ts";
import { didYouMean } from "../input/nearest.ts";
import { regionSnapshot } from "../input/region.ts";
import { refreshRefusal } from "./refresh-refusal.ts";

interface SourceFlags {
  readonly region: string;
  readonly snapshot?: string;
  readonly nodeClass?: string;
  readonly format: "text" | "json";
}

export interface ListFlags extends SourceFlags {
  readonly where: readonly string[];
  readonly sort: string;
  readonly unavailable?: boolean;
}

export interface RefreshFlags {
  readonly region: string;
  readonly out: string;
  readonly isolatedVpc?: boolean;
  readonly endpoint?: string;
  readonly pricingEndpoint?: string;
}

type Does = <Args extends unknown[]>(command: (terminal: Terminal, ...args: Args) => Promise<ExitCode>) => (...args: Args) => Promise<void>;

/** Adds `groupless catalog list`, `show` and `refresh` to the program. */
export function registerCatalog(program: Command, does: Does): void {
  const catalog = program.command("catalog").description("EC2's instance types as nodes: labels, what pods get, prices; and their refresh from AWS.");
  const reading = (command: Command): Command =>
    command
      .addOption(new Option("-r, --region <region>", "AWS region").default("us-east-1"))
      .addOption(new Option("--snapshot <file>", "a file that catalog refresh wrote, in place of the embedded facts"))
      .addOption(new Option("--node-class <file>", "a manifest with the EC2NodeClass whose nodes are described; default: AL2023's"))
      .addOption(new Option("-f, --format <format>", "how to print").choices(["text", "json"]).default("text"));
  reading(catalog.command("list").description("The types with an offering that meets every filter."))
    .addOption(new Option("-w, --where <requirement>", 'a filter, such as "karpenter.k8s.aws/instance-cpu Gte 8"; may be repeated').argParser((value: string, before: string[]) => [...before, value]).default([] as string[], "all"))
    .addOption(new Option("-s, --sort <key>", "order of the rows").choices([...sortNames]).default("price"))
    .addOption(new Option("--unavailable", "also types without an offering that can be had, such as those nobody has a price for"))
    .action(does(listCommand));
  reading(catalog.command("show").description("Everything about one type.").argument("<type>", "such as m5.large")).action(does(showCommand));
  catalog
    .command("refresh")
    .description("Ask EC2 and the Pricing API, with the usual AWS credentials, and write a snapshot.")
    .requiredOption("-r, --region <region>", "AWS region")
    .requiredOption("-o, --out <file>", "where to write the snapshot")
    .option("--isolated-vpc", "the Pricing API cannot be reached: keep the tables' on-demand prices")
    .addOption(new Option("--endpoint <url>", "where EC2 is").hideHelp())
    .addOption(new Option("--pricing-endpoint <url>", "where the Pricing API is").hideHelp())
    .action(does(refreshCommand));
}

/** `groupless catalog list`. */
export async function listCommand(terminal: Terminal, flags: ListFlags): Promise<ExitCode> {
  const requirements = flags.where.map(readWhere);
  const region = await source(flags, terminal);
  const rows = sortRows(rowsOf(instanceTypes(region, nodeClass(flags, terminal)), requirements, { unavailable: flags.unavailable === true }), flags.sort);
  const head = { region: region.region, takenOn: region.takenOn, source: region.source, currency: region.currency };
  terminal.out(flags.format === "json" ? `${JSON.stringify({ ...head, instanceTypes: rows }, null, 2)}\n` : listText(rows, region, terminal.colors));
  return EXIT.done;
}

/** `groupless catalog show TYPE`. */
export async function showCommand(terminal: Terminal, name: string, flags: SourceFlags): Promise<ExitCode> {
  const region = await source(flags, terminal);
  const facts = region.types.find((each) => each.facts.name === name);
  const type = instanceTypes(region, nodeClass(flags, terminal)).find((each) => each.name === name);
  if (facts === undefined || type === undefined) {
    const left = region.leftOut.find((each) => each.name === name);
    throw new InputError("unknown-instance-type", left === undefined ? `${region.region} has no instance type ${name}` : `${name} was left out: ${left.message}`, { expected: didYouMean(name, region.types.map((each) => each.facts.name), "a type that groupless catalog list shows") });
  }
  terminal.out(flags.format === "json" ? `${JSON.stringify({ ...type, facts: facts.facts, ...(facts.assumed && { assumed: facts.assumed }) }, null, 2)}\n` : showText(type, facts, region, terminal.colors));
  return EXIT.done;
}

/** `groupless catalog refresh`: the file is written once everything has been read. */
export async function refreshCommand(terminal: Terminal, flags: RefreshFlags): Promise<ExitCode> {
  if (!/^[a-z]+(-[a-z]+)+-\d+$/u.test(flags.region)) throw new InputError("unknown-region", `got "${flags.region}"`, { path: "--region", expected: `an AWS region such as ${regionNames[0]}` });
  const { region, endpoint, pricingEndpoint } = flags;
  const port = sdkRefreshPort({ region, ...(endpoint === undefined ? {} : { endpoint }), ...(pricingEndpoint === undefined ? {} : { pricingEndpoint }) });
  const { snapshot, failed } = await refreshRegion(port, { isolatedVpc: flags.isolatedVpc === true, onProgress: (event) => progress(event, terminal) }).catch((error: unknown) => {
    throw refreshRefusal(error, region);
  });
  writeFile(terminal, flags.out, snapshotText(snapshot));
  for (const { prices, message } of failed) terminal.err(`note: ${prices} prices could not be read and stay as they were: ${message}\n`);
  for (const { name, message } of snapshot.leftOut) terminal.err(`note: ${name} is left out: ${message}\n`);
  const priced = snapshot.types.filter((type) => type.onDemand?.source === "listed").length;
  terminal.out(`${flags.out}: ${snapshot.types.length} instance types of ${region} in ${snapshot.zones.length} zones, ${priced} with a listed on-demand price, ${snapshot.leftOut.length} left out\n`);
  return EXIT.done;
}

function progress(event: RefreshProgress, terminal: Terminal): void {
  if (event.type === "retry") terminal.err(`${event.call}: ${event.errorCode}, again in ${event.afterMs} ms\n`);
  else if (event.type === "page" && (event.done || terminal.interactive)) terminal.err(`${event.call}: ${event.items} in ${event.pages} page(s)${event.done ? "\n" : "\r"}`);
}

async function source(flags: SourceFlags, terminal: Terminal): Promise<RegionSnapshot> {
  return flags.snapshot === undefined ? regionSnapshot(flags.region) : parseSnapshot(readFiles([flags.snapshot], terminal)[0]!.text, flags.snapshot);
}

function nodeClass(flags: SourceFlags, terminal: Terminal): Parameters<typeof instanceTypes>[1] {
  if (flags.nodeClass === undefined) return undefined;
  const [first] = parse(readFiles([flags.nodeClass], terminal)).nodeClasses;
  if (first === undefined) throw new InputError("no-node-class", "no EC2NodeClass", { file: flags.nodeClass, expected: "a manifest with one" });
  return first;
}
