import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const packagesFolder = fileURLToPath(new URL("../../packages/", import.meta.url));

/** Top to bottom: a package may import only packages above it. */
const order = ["api", "quantity", "requirements", "manifests", "catalog", "bin-packer", "disruption", "lifecycle", "ec2-catalog", "ec2-fleet", "simulator", "testing", "groupless"];

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}

const shortName = (name: string): string => name.replace("@groupless/", "");
const isOurs = (name: string): boolean => name.startsWith("@groupless/") || name === "groupless";
const read = <T>(path: string): T => JSON.parse(readFileSync(`${packagesFolder}${path}`, "utf8")) as T;

const declared = (name: string): string[] => Object.keys(read<Manifest>(`${name}/package.json`).dependencies ?? {}).filter(isOurs).map(shortName).sort();
const referenced = (name: string): string[] => read<{ references: { path: string }[] }>(`${name}/tsconfig.json`).references.map(({ path }) => path.replace("../", "")).sort();
const sources = (name: string): string[] => readdirSync(`${packagesFolder}${name}/src`, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts")).map((file) => `${packagesFolder}${name}/src/${file}`);

/** A file without its comments: their examples import what they like. */
const code = (file: string): string => readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*/gm, "");

function imported(name: string): string[] {
  const found = new Set<string>();
  for (const file of sources(name)) {
    for (const [, specifier = ""] of code(file).matchAll(/(?:from|import)\s*\(?\s*"([^".][^"]*)"/g)) {
      if (isOurs(specifier)) found.add(specifier.startsWith("@") ? (specifier.split("/")[1] as string) : specifier);
    }
  }
  found.delete(name);
  return [...found].sort();
}

test("the packages are those of the plan", () => {
  expect(readdirSync(packagesFolder).sort()).toEqual([...order].sort());
});

test.each(order)("%s imports only packages above it", (name) => {
  const above = new Set(order.slice(0, order.indexOf(name)));
  for (const dependency of [...declared(name), ...referenced(name), ...imported(name)]) expect(above, `${name} → ${dependency}`).toContain(dependency);
});

test.each(order)("%s says the same of its imports in package.json, tsconfig and code", (name) => {
  expect(referenced(name)).toEqual(declared(name));
  expect(declared(name)).toEqual(imported(name));
});

test("the drawn graph is the real one", async () => {
  const edges = order.flatMap((name) => declared(name).map((dependency) => `  ${name} --> ${dependency}`));
  const page = ["# The package graph", "", "Drawn by `test/house/package-graph.test.ts` from the packages themselves; an arrow reads \"imports\".", "", "```mermaid", "graph BT", ...edges, "```", ""].join("\n");
  await expect(page).toMatchFileSnapshot("../../docs/package-graph.md");
});

test("no package of the core reaches for Node", () => {
  const offenders = order
    .filter((name) => name !== "ec2-fleet" && name !== "groupless")
    .flatMap(sources)
    .filter((file) => /from "node:|require\(|\bprocess\.|\bDate\.now\(|\bMath\.random\(|new Date\(\)/.test(code(file)));
  expect(offenders).toEqual([]);
});
