import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { runTask, type SweepContext, type SweepResult, type SweepTask } from "@groupless/simulator";
import { regionSnapshot } from "../input/region.ts";

/** Where the thread's code stands beside the built command; absent when running from sources. */
const WORKER = new URL("./sweep-worker.js", import.meta.url);

/**
 * Runs tasks on so many threads and gives their results in the tasks' order: how many threads there are changes nothing but the time.
 *
 * With one thread, or from sources, tasks run here.
 */
export async function runTasks(tasks: readonly SweepTask[], context: SweepContext, threads: number, onDone: (task: SweepTask) => void): Promise<readonly SweepResult[]> {
  const results: SweepResult[] = [];
  const take = queueOf(tasks.length);
  if (threads <= 1 || !existsSync(fileURLToPath(WORKER))) {
    const region = await regionSnapshot(context.region);
    for (let index = take(); index !== undefined; index = take()) {
      const task = tasks[index] as SweepTask;
      results[index] = await runTask(task, context, region);
      onDone(task);
    }
    return results;
  }
  await Promise.all(Array.from({ length: Math.min(threads, tasks.length) }, () => work(tasks, context, take, (index, result) => {
    results[index] = result;
    onDone(result);
  })));
  return results;
}

function queueOf(length: number): () => number | undefined {
  let next = 0;
  return () => (next < length ? next++ : undefined);
}

function work(tasks: readonly SweepTask[], context: SweepContext, take: () => number | undefined, done: (index: number, result: SweepResult) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(WORKER, { workerData: context });
    let current: number | undefined;
    const next = (): void => {
      current = take();
      if (current !== undefined) return worker.postMessage(tasks[current]);
      void worker.terminate().then(() => resolve());
    };
    worker.on("message", ({ result, error }: { readonly result?: SweepResult; readonly error?: string }) => {
      if (result === undefined || current === undefined) {
        void worker.terminate();
        return reject(new Error(error ?? "a thread answered without being asked"));
      }
      done(current, result);
      next();
    });
    worker.on("error", reject);
    next();
  });
}
