import { InputError } from "@groupless/api";
import type { ManifestText } from "@groupless/manifests";
import type { Terminal } from "../cli/terminal.ts";

/**
 * Write a file.
 *
 * @throws InputError `unwritable-file`
 */
export function writeFile(terminal: Pick<Terminal, "writeFile">, file: string, text: string): void {
  try {
    terminal.writeFile(file, text);
  } catch (error) {
    throw new InputError("unwritable-file", error instanceof Error ? error.message : String(error), { file, expected: "a file that can be written" }, { cause: error });
  }
}

/**
 * Read the files named on the command line; `-` is standard input.
 *
 * @throws InputError `unreadable-file`
 */
export function readFiles(files: readonly string[], terminal: Pick<Terminal, "readFile">): readonly Extract<ManifestText, object>[] {
  return files.map((file) => {
    try {
      return { text: terminal.readFile(file), file };
    } catch (error) {
      throw new InputError("unreadable-file", error instanceof Error ? error.message : String(error), { file, expected: "a file that can be read" }, { cause: error });
    }
  });
}
