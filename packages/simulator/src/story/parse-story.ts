import { type KubeObject, nameOf } from "@groupless/api";
import { parse, readPlain } from "@groupless/manifests";
import { type Field, root as rootOf } from "./field.ts";
import { parseStep } from "./parse-step.ts";
import type { ClusterSpec, Story, UnmanagedNodes } from "./story.ts";
import { StoryError } from "./story-error.ts";

export interface StoryOptions {
  /** What errors call the text. */
  readonly file?: string;
  /** The text of a file the story names, relative to the story. */
  readonly read: (path: string) => string;
  /** Objects that stand in for those of the same kind and name wherever the story applies them; others are there from the start. */
  readonly replacements?: readonly KubeObject[];
}

/**
 * A story from YAML: `name`, `start`, `cluster`, `manifests` that are there from the start, and `scenes`, each a list of steps.
 *
 * @throws StoryError or ManifestError with file, line, path and what was expected
 */
export function parseStory(text: string, options: StoryOptions): Story {
  const documents = readPlain(text, options.file === undefined ? {} : { file: options.file });
  const document = documents[0];
  if (document === undefined || documents.length > 1) throw new StoryError("no-story", `${documents.length} documents`, { ...(options.file === undefined ? {} : { file: options.file }), expected: "one story" });
  const root = rootOf(document, options.file);
  root.entries(["name", "start", "cluster", "manifests", "scenes"]);

  const replaced = new Set<string>();
  const objectsOf = (paths: readonly Field[]): readonly KubeObject[] =>
    paths.flatMap((path) => {
      const { nodePools, nodeClasses, objects } = parse({ text: readFile(path, options), file: path.text() });
      return [...nodeClasses, ...nodePools, ...objects].map((object) => {
        const other = options.replacements?.find(({ kind, metadata }) => kind === object.kind && nameOf({ metadata }) === nameOf(object));
        if (other !== undefined) replaced.add(identity(other));
        return other ?? object;
      });
    });

  const scenes = root.get("scenes").entries().map(([name, steps]) => ({ name, steps: steps.items().map((step) => parseStep(step, objectsOf)) }));
  if (scenes.length === 0) throw root.get("scenes").fail("no-scene", "no scene", "at least one scene");
  const manifests = root.get("manifests");
  const initial = manifests.present ? objectsOf(manifests.items()) : [];
  return {
    name: root.get("name").text(),
    startMs: start(root.get("start")),
    cluster: clusterSpec(root.get("cluster")),
    objects: [...initial, ...(options.replacements ?? []).filter((object) => !replaced.has(identity(object)))],
    scenes,
  };
}

const identity = (object: KubeObject): string => `${object.kind}/${nameOf(object)}`;

function readFile(path: Field, options: StoryOptions): string {
  const name = path.text("the path of a manifest, relative to the story");
  try {
    return options.read(name);
  } catch (error) {
    throw path.fail("no-such-file", `cannot read ${name}: ${error instanceof Error ? error.message : String(error)}`, "the path of a manifest, relative to the story");
  }
}

function start(at: Field): number {
  const text = at.text("a time such as 2024-02-07T09:00:00Z");
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw at.fail("invalid-time", `"${text}" is no time`, "a time such as 2024-02-07T09:00:00Z");
  return ms;
}

function clusterSpec(cluster: Field): ClusterSpec {
  cluster.entries(["name", "region", "kubernetesVersion", "unmanagedNodes"]);
  const nodes = cluster.get("unmanagedNodes");
  return {
    name: cluster.get("name").text(),
    region: cluster.get("region").text('an AWS region such as "us-west-2"'),
    kubernetesVersion: cluster.get("kubernetesVersion").text('a version in quotes, such as "1.27"'),
    unmanagedNodes: nodes.present ? nodes.items().map(unmanaged) : [],
  };
}

function unmanaged(nodes: Field): UnmanagedNodes {
  nodes.entries(["count", "instanceType", "zones", "labels"]);
  const labels = nodes.get("labels");
  return {
    count: nodes.get("count").count(),
    instanceType: nodes.get("instanceType").text(),
    zones: nodes.get("zones").items().map((zone) => zone.text()),
    ...(labels.present ? { labels: Object.fromEntries(labels.entries().map(([key, value]) => [key, value.text()])) } : {}),
  };
}
