import { evaluate, type Evaluation } from "@groupless/disruption";
import type { Timer } from "../clock/clock.ts";
import type { World } from "../controllers/world.ts";
import type { DisruptionQueue } from "./disruption-queue.ts";
import type { Planner } from "./planner.ts";

/** How often the methods take turns (Karpenter disruption controller, pollingPeriod). */
const POLL_MS = 10_000;
/** How long a command must hold before it is carried out; drift does not wait (Karpenter's validation). */
const VALIDATION_MS = 15_000;
/** With nothing launched or changed, how long until what only time changes may let a method act: nominations end, quiet times pass. */
const QUIET_MS = 60_000;
/** After that only changes matter, and budgets with windows. */
const FORCED_MS = 300_000;
/** While a claim has no instance yet, nothing is disrupted; the loop asks again. */
const UNSYNCED_MS = 1_000;

/** Lets the disruption methods take turns, and starts what they decide. */
export function disrupter(world: World, planner: Planner, queue: DisruptionQueue): void {
  const { server, clock } = world;
  let timer: Timer | undefined;
  let seenVersion = -1;
  let changedMs = clock.nowMs();
  let waiting = false;

  const later = (ms: number): void => {
    if (timer !== undefined) clock.cancel(timer);
    timer = clock.after(ms, pass);
  };
  const synced = (): boolean => server.list("NodeClaim").every(({ status, metadata }) => (status?.providerID ?? "") !== "" || metadata.deletionTimestamp !== undefined);

  const pass = (): void => {
    timer = undefined;
    if (!synced()) return later(UNSYNCED_MS);
    if (planner.version !== seenVersion) changedMs = clock.nowMs();
    seenVersion = planner.version;
    const prepared = planner.prepared();
    const options = { queued: queue.providerIDs() };
    const evaluation = evaluate(prepared, options);
    const report = evaluation.methods.at(-1);
    if (report === undefined || report.commands.length === 0) return sleep();
    if (report.commands.every(({ reason }) => reason === "Drifted")) return start(evaluation);
    waiting = true;
    clock.after(VALIDATION_MS, () => {
      waiting = false;
      start(evaluate(prepared, { ...options, afterWait: () => planner.prepared() }));
    });
  };

  const start = (evaluation: Evaluation): void => {
    const commands = evaluation.methods.at(-1)?.commands ?? [];
    for (const command of commands) queue.start(command);
    // Success is followed by the next pass at once; so is a change of mind, a poll later.
    later(commands.length > 0 ? 0 : POLL_MS);
  };

  const sleep = (): void => {
    if (clock.nowMs() - changedMs < QUIET_MS) return later(POLL_MS);
    if (timeMatters()) later(FORCED_MS);
  };
  const timeMatters = (): boolean =>
    server.list("NodePool").some(({ spec }) => spec.disruption.budgets?.some(({ schedule }) => schedule !== undefined) === true) ||
    server.list("NodeClaim").some(({ metadata }) => metadata.deletionTimestamp !== undefined);

  server.watch(({ object }) => {
    if (object.kind !== "NodeClaim" && object.kind !== "Node" && object.kind !== "Pod" && object.kind !== "NodePool" && object.kind !== "PodDisruptionBudget") return;
    changedMs = clock.nowMs();
    if (timer === undefined && !waiting) later(POLL_MS);
    else if (timer !== undefined && timer.atMs - clock.nowMs() > POLL_MS) later(POLL_MS);
  });
}
