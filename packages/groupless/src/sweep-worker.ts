import { parentPort, workerData } from "node:worker_threads";
import { runTask, type SweepContext, type SweepTask } from "@groupless/simulator";
import { regionSnapshot } from "./input/region.ts";

// A thread of `groupless sweep`: the context once, then a task at a time.
const context = workerData as SweepContext;
const region = await regionSnapshot(context.region);
parentPort?.on("message", (task: SweepTask) => {
  runTask(task, context, region).then(
    (result) => parentPort?.postMessage({ result }),
    (error: unknown) => parentPort?.postMessage({ error: error instanceof Error ? error.message : String(error) }),
  );
});
