import { dirname, join } from "node:path";
import { InputError, type KubeObject } from "@groupless/api";
import { parse, readPlain } from "@groupless/manifests";
import { logLines, narration, parseStory, simulate, type Story } from "@groupless/simulator";
import { EXIT, type ExitCode, type Terminal } from "../cli/terminal.ts";
import { onEc2 } from "../moto/on-ec2.ts";
import { readFiles } from "../input/files.ts";
import { lengthMs } from "../input/length.ts";
import { regionSnapshot } from "../input/region.ts";
import { narrationText } from "../output/narration-text.ts";
import { chanceOf, replayCommand, type ReplayFlags } from "./replay.ts";

export interface SimulateFlags extends Omit<ReplayFlags, "trace"> {
  readonly scene?: string;
  readonly trace?: string;
  readonly ec2: string;
}

const DEFAULT_LENGTH = "30m";

/** `groupless simulate`. */
export async function simulateCommand(terminal: Terminal, files: readonly string[], flags: SimulateFlags): Promise<ExitCode> {
  const { trace, policy } = flags;
  if (trace !== undefined) {
    if (files.length > 0) throw new InputError("story-and-trace", "files beside a trace", { expected: "--trace with --policy, or a story" });
    if (policy.length === 0) throw new InputError("no-policy", "a trace without a policy", { expected: "--policy with a file of NodePools and EC2NodeClasses, once or more" });
    if (flags.ec2 !== "fake") throw new InputError("trace-on-moto", `--ec2 ${flags.ec2} with a trace`, { expected: "a story or manifests; traces are replayed on the fake" });
    return replayCommand(terminal, { ...flags, trace });
  }
  if (files.length === 0) throw new InputError("no-story", "nothing to simulate", { expected: "a story, manifests, or --trace with --policy" });
  const story = storyOf(files, flags, terminal);
  const region = await regionSnapshot(story.cluster.region);
  const { entries, unplaced } = await onEc2(flags.ec2, region.region, (ec2) => simulate(story, { region, seed: flags.seed, chance: chanceOf(flags), ...(flags.scene === undefined ? {} : { scene: flags.scene }), ...(ec2 === undefined ? {} : { ec2 }) }));
  terminal.out(flags.format === "json" ? logLines(entries).map((line) => `${line}\n`).join("") : narrationText(narration(entries, story.startMs), terminal.colors));
  return unplaced.length > 0 ? EXIT.leftOver : EXIT.done;
}

function storyOf(files: readonly string[], flags: SimulateFlags, terminal: Terminal): Story {
  const texts = readFiles(files, terminal);
  const stories = texts.filter(({ text, file }) => isStory(text, file));
  if (stories.length > 1) throw new InputError("two-stories", `${stories.length} stories`, { expected: "at most one story; the other files are manifests" });
  const { nodePools, nodeClasses, objects } = parse(texts.filter((text) => !stories.includes(text)));
  const manifests: readonly KubeObject[] = [...nodeClasses, ...nodePools, ...objects];
  const [story] = stories;
  if (story === undefined) return storyOfManifests(manifests, files, flags);
  const { text, file = "" } = story;
  return parseStory(text, { file, read: (path) => terminal.readFile(join(dirname(file), path)), replacements: manifests });
}

function isStory(text: string, file: string | undefined): boolean {
  const [document] = readPlain(text, file === undefined ? {} : { file });
  return typeof document?.value === "object" && document.value !== null && "scenes" in document.value;
}

function storyOfManifests(objects: readonly KubeObject[], files: readonly string[], flags: SimulateFlags): Story {
  return {
    name: "manifests",
    startMs: startOf(objects),
    cluster: { name: "cluster", region: flags.region, kubernetesVersion: "1.33", unmanagedNodes: [] },
    objects: [],
    scenes: [{ name: "main", steps: [{ do: "apply", objects, source: files.join(",") }, { do: "advance", ms: lengthMs(flags.for ?? DEFAULT_LENGTH, "--for") }, { do: "observe", listings: ["nodeclaims", "nodes", "pods"] }] }],
  };
}

const DEFAULT_START_MS = Date.UTC(2026, 0, 1);

/** Objects of a real cluster know when they were made: the run starts a minute after the youngest. */
function startOf(objects: readonly KubeObject[]): number {
  const times = objects.map(({ metadata }) => Date.parse(metadata.creationTimestamp ?? "")).filter((ms) => !Number.isNaN(ms));
  return times.length === 0 ? DEFAULT_START_MS : Math.max(...times) + 60_000;
}
