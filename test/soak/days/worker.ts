import { parentPort } from "node:worker_threads";
import { playDay } from "./day.ts";

parentPort?.on("message", (seed: number) => {
  playDay(seed).then(
    (result) => parentPort?.postMessage(result),
    (error: unknown) => parentPort?.postMessage({ seed, steps: 0, placements: 0, commands: 0, interruptions: 0, mostNodes: 0, mostPods: 0, wrongs: [`throws ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`] }),
  );
});
