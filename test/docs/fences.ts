import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A piece of TypeScript in a document or a doc comment. */
export interface Fence {
  /** Path from the root, and the line the fence starts on. */
  readonly file: string;
  readonly line: number;
  readonly code: string;
}

/** The `ts` fences of a Markdown text or of TSDoc comments (whose ` * ` is taken off); fences marked `ts no-run` are left out. */
export function fencesIn(file: string, text: string): Fence[] {
  const fences: Fence[] = [];
  const strip = file.endsWith(".ts") ? (line: string) => line.replace(/^\s*\* ?/, "") : (line: string) => line;
  let start = -1;
  let code: string[] = [];
  text.split("\n").forEach((raw, index) => {
    const line = strip(raw);
    if (start < 0) {
      if (/^```ts\s*$/.test(line) && (!file.endsWith(".ts") || /^\s*\*/.test(raw))) start = index + 1;
    } else if (line.trim() === "```") {
      fences.push({ file, line: start, code: code.join("\n") });
      start = -1;
      code = [];
    } else code.push(line);
  });
  return fences;
}

/** Markdown of the root, docs, examples and packages, and the sources of packages. */
export function documents(root: string): string[] {
  const below = (folder: string, ending: string): string[] => readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(ending) && !/node_modules/.test(name)).map((name) => `${folder}/${name}`);
  return [
    ...readdirSync(root).filter((name) => name.endsWith(".md")),
    ...below("docs", ".md"),
    ...below("examples", ".md"),
    ...readdirSync(join(root, "packages")).flatMap((name) => [`packages/${name}/README.md`, ...below(`packages/${name}/src`, ".ts")]),
  ].sort();
}

export function allFences(root: string): Fence[] {
  return documents(root).flatMap((file) => fencesIn(file, readFileSync(join(root, file), "utf8")));
}

/** Turns `expression; // => value` into a check, so that the documents cannot lie. */
export function runnable({ file, line, code }: Fence): string {
  const body = code.split("\n").map((text) => {
    const match = /^(.*?);?\s*\/\/ => (.*)$/.exec(text);
    if (match === null) return text;
    const [, statement = "", expected = ""] = match;
    const declared = /^\s*(?:const|let)\s+(\w+)(?::[^=]+)?\s*=/.exec(statement);
    const logged = /^\s*console\.log\((.*)\)$/.exec(statement);
    if (declared !== null) return `${statement}; __same(${declared[1]}, ${JSON.stringify(expected)}, __evaluate);`;
    return `__same((${logged?.[1] ?? statement.trim()}), ${JSON.stringify(expected)}, __evaluate);`;
  });
  const imports = body.filter((text) => /^import\b/.test(text));
  const rest = body.filter((text) => !/^import\b/.test(text));
  return [`// ${file}:${line}`, `import { same as __same } from "../same.ts";`, ...imports, "const __evaluate = (text: string): unknown => new Function(`return (${text})`)();", ...rest, "export {};", ""].join("\n");
}
