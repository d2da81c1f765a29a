import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import type { DayResult } from "./day.ts";

/**
 * `pnpm soak:days [SEEDS] [--first N] [--workers N]`: so many generated days (default 200) under the default policy; every decision and every ten minutes are held to the invariants.
 *
 * Prints what was simulated, and each seed that broke one: `--first SEED` with a count of 1 plays it again.
 */
const root = fileURLToPath(new URL("../../..", import.meta.url));
const { positionals, values } = parseArgs({ allowPositionals: true, options: { first: { type: "string", default: "1" }, workers: { type: "string", default: String(availableParallelism()) } } });
const [count, first] = [Number(positionals[0] ?? "200"), Number(values.first)];
if (!Number.isSafeInteger(count) || count < 1 || !Number.isSafeInteger(first)) {
  console.error("usage: pnpm soak:days [SEEDS] [--first N] [--workers N]");
  process.exit(2);
}
const seeds = Array.from({ length: count }, (_, index) => first + index);
const workerFile = resolve(root, ".cache/soak/days-worker.cjs");
mkdirSync(resolve(root, ".cache/soak"), { recursive: true });
await build({ entryPoints: [resolve(root, "test/soak/days/worker.ts")], outfile: workerFile, bundle: true, platform: "node", format: "cjs", tsconfig: resolve(root, "tsconfig.sources.json"), logLevel: "error" });

const results: DayResult[] = [];
const startMs = Date.now();
await Promise.all(Array.from({ length: Math.min(Number(values.workers), seeds.length) }, () => drain(new Worker(workerFile))));
results.sort((a, b) => a.seed - b.seed);
const broken = results.filter(({ wrongs }) => wrongs.length > 0);
const sum = (of: (result: DayResult) => number): number => results.reduce((total, result) => total + of(result), 0);
const most = (of: (result: DayResult) => number): number => Math.max(0, ...results.map(of));
console.log(
  `${results.length} days, ${((Date.now() - startMs) / 1000).toFixed(0)} s: ${sum(({ placements }) => placements)} placements, ${sum(({ commands }) => commands)} commands, ${sum(({ interruptions }) => interruptions)} interruptions asked for, ` +
    `${sum(({ steps }) => steps)} looks, up to ${most(({ mostNodes }) => mostNodes)} nodes and ${most(({ mostPods }) => mostPods)} pods; ${broken.length} days broke an invariant`,
);
if (broken.length > 0) writeFileSync(resolve(root, ".cache/soak/days.json"), JSON.stringify(broken, null, 2));
for (const { seed, wrongs } of broken) console.log(`seed ${seed}: ${wrongs[0] ?? ""}${wrongs.length > 1 ? ` (and ${wrongs.length - 1} more)` : ""}`);
process.exitCode = broken.length > 0 ? 1 : 0;

async function drain(worker: Worker): Promise<void> {
  for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
    const result = await new Promise<DayResult>((done, failed) => {
      worker.once("message", done);
      worker.once("error", failed);
      worker.postMessage(seed);
    });
    worker.removeAllListeners("error");
    results.push(result);
    if (process.stderr.isTTY) process.stderr.write(`\r${results.length}/${count} days\u001b[K`);
  }
  await worker.terminate();
}
