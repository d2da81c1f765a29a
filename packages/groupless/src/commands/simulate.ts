import { dirname, join } from "node:path";
import { durationMs, InputError, type KubeObject } from "@groupless/api";
import { parse, readPlain } from "@groupless/manifests";
import { logLines, narration, parseStory, simulate, type Story } from "@groupless/simulator";
import { EXIT, type ExitCode, type Terminal } from "../cli/terminal.ts";
import { readFiles } from "../input/files.ts";
import { regionSnapshot } from "../input/region.ts";
import { narrationText } from "../output/narration-text.ts";

export interface SimulateFlags {
  readonly format: "text" | "json";
  readonly scene?: string;
  readonly seed: string;
  readonly region: string;
  readonly for: string;
}

/** `groupless simulate`. */
export async function simulateCommand(terminal: Terminal, files: readonly string[], flags: SimulateFlags): Promise<ExitCode> {
  const story = storyOf(files, flags, terminal);
  const region = await regionSnapshot(story.cluster.region);
  const { entries, unplaced } = await simulate(story, { region, seed: flags.seed, ...(flags.scene === undefined ? {} : { scene: flags.scene }) });
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
    startMs: Date.UTC(2026, 0, 1),
    cluster: { name: "cluster", region: flags.region, kubernetesVersion: "1.33", unmanagedNodes: [] },
    objects: [],
    scenes: [{ name: "main", steps: [{ do: "apply", objects, source: files.join(",") }, { do: "advance", ms: durationMs(flags.for) }, { do: "observe", listings: ["nodeclaims", "nodes", "pods"] }] }],
  };
}
