import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import type { Chunk, ChunkResult } from "./chunk.ts";
import { type Progress, readProgress, writeProgress } from "./progress-file.ts";

/**
 * `pnpm soak [COUNT] [--seed N] [--workers N]`: so many generated scenarios (default 1,000,000) through all invariants.
 *
 * Goes on where it was stopped (.cache/soak/state.json); failures are saved, shrunk, under test/no-regression/.
 */
const CHUNK = 500;
const root = fileURLToPath(new URL("../..", import.meta.url));
const stateFile = resolve(root, ".cache/soak/state.json");
const savedTo = resolve(root, "test/no-regression");

const { positionals, values } = parseArgs({ allowPositionals: true, options: { seed: { type: "string", default: "1" }, workers: { type: "string", default: String(availableParallelism()) } } });
const count = Number((positionals[0] ?? "1000000").replaceAll(/[,_]/g, ""));
const firstSeed = Number(values.seed);
if (!Number.isSafeInteger(count) || count < 1 || !Number.isSafeInteger(firstSeed)) {
  console.error("usage: pnpm soak [COUNT] [--seed N] [--workers N]");
  process.exit(2);
}

let progress: Progress = readProgress(stateFile, firstSeed, CHUNK);
const chunks = Math.ceil(count / CHUNK);
const known = new Set(progress.done);
const open = Array.from({ length: chunks }, (_, index) => index).filter((index) => !known.has(index));
const startedMs = Date.now();
const before = chunks - open.length;
if (before > 0) console.error(`going on after ${before * CHUNK} scenarios`);

// Worker threads of Node 20 do not load TypeScript: one file for all of them.
const workerFile = resolve(root, ".cache/soak/worker.cjs");
await build({ entryPoints: [resolve(root, "test/soak/worker.ts")], outfile: workerFile, bundle: true, platform: "node", format: "cjs", tsconfig: resolve(root, "tsconfig.sources.json"), logLevel: "error" });

await Promise.all(Array.from({ length: Math.min(Number(values.workers), open.length) }, () => drain(new Worker(workerFile))));
console.log(`${Math.min(count, chunks * CHUNK)} scenarios, ${progress.failures.length} failures${progress.failures.map((file) => `\n  ${file}`).join("")}`);
process.exitCode = progress.failures.length > 0 ? 1 : 0;

/** Gives a worker chunk after chunk until none is left. */
async function drain(worker: Worker): Promise<void> {
  for (let index = open.shift(); index !== undefined; index = open.shift()) {
    const chunk: Chunk = { seed: firstSeed * 1_000_003 + index, runs: CHUNK };
    const result = await new Promise<ChunkResult>((done, failed) => {
      worker.once("message", done);
      worker.once("error", failed);
      worker.postMessage(chunk);
    });
    worker.removeAllListeners("error");
    record(index, result);
  }
  await worker.terminate();
}

function record(index: number, { seed, scenarios, failure }: ChunkResult): void {
  const failures = [...progress.failures];
  if (failure !== undefined) {
    mkdirSync(savedTo, { recursive: true });
    const file = resolve(savedTo, `soak-${seed}.yaml`);
    writeFileSync(file, failure.yaml);
    failures.push(file);
    console.error(`\r\u001b[K${file}: ${failure.wrongs[0] ?? ""}`);
  }
  progress = { ...progress, done: [...progress.done, index], scenarios: progress.scenarios + scenarios, failures };
  writeProgress(stateFile, progress);
  bar();
}

function bar(): void {
  if (!process.stderr.isTTY) return;
  const done = progress.done.filter((index) => index < chunks).length;
  const perMs = (done - before) / Math.max(1, Date.now() - startedMs);
  const minutesLeft = Math.ceil((chunks - done) / perMs / 60_000);
  const filled = Math.round((done / chunks) * 30);
  process.stderr.write(`\r${"█".repeat(filled)}${"░".repeat(30 - filled)} ${Math.floor((done / chunks) * 100)} %  ${done * CHUNK} scenarios, ${minutesLeft} min left\u001b[K`);
}
