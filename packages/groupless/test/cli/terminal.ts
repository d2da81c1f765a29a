import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { run } from "../../src/cli/program.ts";

const examples = fileURLToPath(new URL("../../../../examples/", import.meta.url));

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly written: Readonly<Record<string, string>>;
}

/** Runs the command on made-up files (by name) or, for names it was not given, the examples. */
export async function groupless(args: readonly string[], files: Readonly<Record<string, string>> = {}): Promise<Ran> {
  let [out, err] = ["", ""];
  const written: Record<string, string> = {};
  const code = await run(args, {
    readFile: (path) => files[path] ?? readFileSync(`${examples}${path}`, "utf8"),
    writeFile: (path, text) => void (written[path] = text),
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    colors: false,
    interactive: false,
    nowMs: () => Date.UTC(2026, 7, 1),
  });
  return { code, out, err, written };
}
