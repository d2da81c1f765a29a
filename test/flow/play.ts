import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import usWest2 from "@groupless/ec2-catalog/us-west-2";
import type { Ec2AccountMaker } from "@groupless/ec2-fleet/fake";
import { parse } from "@groupless/manifests";
import { type Entry, logLines, narration, parseStory, simulate, type Simulation } from "@groupless/simulator";

const examples = fileURLToPath(new URL("../../examples/", import.meta.url));
const read = (path: string): string => readFileSync(`${examples}${path}`, "utf8");

export interface Played extends Simulation {
  /** The autoscaler's log, line by line. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
  readonly story: string;
}

export interface PlayOptions {
  readonly scene?: string;
  readonly seed?: string;
  /** Manifests, within the story's folder, that stand in for its own objects. */
  readonly replacing?: readonly string[];
  /** Default: the fake. */
  readonly ec2?: Ec2AccountMaker;
  readonly chance?: NonNullable<Parameters<typeof simulate>[1]["chance"]>;
}

/** Plays a scene of a story among the examples. */
export async function play(folder: string, { scene, seed = "1", replacing = [], ec2, chance }: PlayOptions = {}): Promise<Played> {
  const { nodePools, nodeClasses } = parse(replacing.map((file) => ({ text: read(`${folder}/${file}`), file })));
  const story = parseStory(read(`${folder}/story.yaml`), { file: "story.yaml", read: (path) => read(`${folder}/${path}`), replacements: [...nodeClasses, ...nodePools] });
  const result = await simulate(story, { region: usWest2, seed, ...(scene === undefined ? {} : { scene }), ...(ec2 === undefined ? {} : { ec2 }), ...(chance === undefined ? {} : { chance }) });
  return {
    ...result,
    log: logLines(result.entries).map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>),
    story: narration(result.entries, story.startMs)
      .map(({ text }) => text)
      .join("\n"),
  };
}

type Cluster = Extract<Entry, { kind: "cluster" }>;

/** What Kubernetes did, by the reason of the entry. */
export function clusterEntries(entries: readonly Entry[], ...reasons: readonly string[]): readonly Cluster[] {
  return entries.filter((entry): entry is Cluster => entry.kind === "cluster" && reasons.includes(entry.reason));
}

/** The rows of the nth table that a command printed. */
export function rows(entries: readonly Entry[], command: string, nth: number): readonly Readonly<Record<string, string>>[] {
  const tables = entries.filter((entry): entry is Extract<Entry, { kind: "table" }> => entry.kind === "table" && entry.command.startsWith(command));
  const found = tables.at(nth);
  return (found?.rows ?? []).map((cells) => Object.fromEntries(cells.map((cell, column) => [found?.header[column] ?? "", cell])));
}
