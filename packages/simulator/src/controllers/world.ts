import type { ApiServer } from "../api-server/api-server.ts";
import type { Clock } from "../clock/clock.ts";
import type { Decision } from "../karpenter/decision.ts";
import type { Random } from "../clock/random.ts";
import type { Recorder } from "../record/recorder.ts";
import type { Latencies } from "./latencies.ts";
import type { WorkQueue } from "./work-queue.ts";

/** What every controller of the simulated cluster shares. */
export interface World {
  readonly clock: Clock;
  readonly server: ApiServer;
  readonly random: Random;
  readonly recorder: Recorder;
  readonly latencies: Latencies;
  /** Told of every decision of the autoscaler. */
  readonly onDecision?: (decision: Decision) => void;
  /** Queues in the order they are drained. */
  readonly queues: WorkQueue[];
}

/** Let the controllers react until nothing is left to react to. */
export function settle({ server, queues }: World): void {
  for (;;) {
    server.settle();
    let worked = false;
    // One queue at a time, so that the controllers before it see its writes first.
    for (const queue of queues) {
      if (queue.drain()) {
        worked = true;
        break;
      }
    }
    if (!worked) return;
  }
}
