import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** How far a soak has come. */
export interface Progress {
  /** Chunks are numbered from it: another first seed is another million. */
  readonly firstSeed: number;
  readonly chunkSize: number;
  /** Numbers of the chunks that are done. */
  readonly done: readonly number[];
  readonly scenarios: number;
  /** Files of failures. */
  readonly failures: readonly string[];
}

/** What an earlier run with the same seeds left behind, or a start from nothing. */
export function readProgress(file: string, firstSeed: number, chunkSize: number): Progress {
  const fresh: Progress = { firstSeed, chunkSize, done: [], scenarios: 0, failures: [] };
  if (!existsSync(file)) return fresh;
  const known = JSON.parse(readFileSync(file, "utf8")) as Progress;
  return known.firstSeed === firstSeed && known.chunkSize === chunkSize ? known : fresh;
}

/** Written beside and moved into place, so that a run killed in the middle leaves the last whole one. */
export function writeProgress(file: string, progress: Progress): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(progress));
  renameSync(`${file}.new`, file);
}
