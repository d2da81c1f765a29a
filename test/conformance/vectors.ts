import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { InstanceType } from "@groupless/catalog";
import type { Context, Line } from "./suite.ts";

/** Every `*.jsonl` below the folder, in name order. */
export function vectorFiles(folder: string): string[] {
  if (statSync(folder).isFile()) return [folder];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".jsonl"))
    .sort()
    .map((name) => join(folder, name));
}

/** The lines of one file; a `$schema` line has no id and is passed over. */
export function readLines(file: string): Line[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((text, index) => {
      if (text.trim() === "") return [];
      try {
        const line = JSON.parse(text) as Line;
        return line.id === undefined ? [] : [line];
      } catch (cause) {
        throw new Error(`${file}:${index + 1}: not a JSON object a line`, { cause });
      }
    });
}

/** `ec2/launch/0001-x` belongs to suite `ec2/launch`, every other `suite/area/…` to `suite`. */
export function suiteOf(id: string): string {
  const [first, second] = id.split("/");
  return first === "ec2" ? `${first}/${second}` : (first as string);
}

/** Looks catalogs up in the nearest `catalogs/` at or above a file, then in the fallback folders. */
export function catalogReader(fallbacks: readonly string[]): (file: string) => Context {
  const read = new Map<string, readonly InstanceType[]>();
  return (file) => ({
    catalog(name) {
      const folders: string[] = [];
      for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) folders.push(join(folder, "catalogs"));
      const path = [...folders, ...fallbacks].map((folder) => join(folder, `${name}.json`)).find((candidate) => existsSync(candidate));
      if (path === undefined) throw new Error(`no catalog ${name}.json at or above ${file}`);
      let types = read.get(path);
      if (types === undefined) read.set(path, (types = JSON.parse(readFileSync(path, "utf8")) as InstanceType[]));
      return types;
    },
  });
}
