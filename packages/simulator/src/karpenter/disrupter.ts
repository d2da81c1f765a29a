import { type Command, advanceQueue, commandTimeoutMs, type DisruptionAction, disruptionLoop, EMPTY_QUEUE, type LoopStep, POLLING_MS, type Queue, queuedProviderIDs, SYNC_RETRY_MS } from "@groupless/disruption";
import type { Prepared } from "@groupless/bin-packer";
import { evictionCost, INSTANCE_TYPE_LABEL, isReschedulable, type NodeClaim, NODE_POOL_LABEL, type Pod } from "@groupless/api";
import type { Timer } from "../clock/clock.ts";
import { type WorkQueue, workQueue } from "../controllers/work-queue.ts";
import type { Counter } from "../record/counter.ts";
import type { World } from "../controllers/world.ts";
import { commandText } from "./command-text.ts";
import { nameList } from "./name-list.ts";
import type { Planner } from "./planner.ts";
import { NOMINATION_MS } from "./provisioner.ts";

/** How long a command must hold before it is carried out; drift does not wait (Karpenter's validation). */
const VALIDATION_MS = 15_000;
/** With nothing changed for so long, only time could let a method act: nominations end, quiet times pass. */
const QUIET_MS = 60_000;
/** After that the loop sleeps until a change, but where budgets have windows it looks this often. */
const FORCED_MS = 300_000;

/** The disruption loop and its commands under way. */
export interface Disrupter extends WorkQueue {
  /** Nodes that commands take, by provider id, and claims of static pools that wait for their replacement, by name. */
  busy(): { readonly markedForDeletion: readonly string[]; readonly pendingDisruption: readonly string[] };
}

/** Lets the disruption methods take turns, starts what they decide, and sees it through. */
export function disrupter(world: World, planner: Planner, counter: Counter): Disrupter {
  const { server, clock, recorder } = world;
  let queue: Queue = EMPTY_QUEUE;
  let timer: Timer | undefined;
  let queueTimer: Timer | undefined;
  let changedMs = clock.nowMs();
  let isWaiting = false;
  // The claims whose conditions let a method look at them at all.
  const disruptable = new Map<string, NodeClaim>();
  // Of these the ones whose node a method could want; what has changed is read when somebody asks.
  const ofInterest = new Set<string>();
  const unread = new Set<string>();
  const claimOfNode = new Map<string, string>();
  let idleVersion = "";
  let idleMs = Number.NEGATIVE_INFINITY;

  const later = (ms: number): void => {
    if (timer !== undefined) clock.cancel(timer);
    timer = clock.after(ms, pass);
  };

  const isAnyOfInterest = (): boolean => {
    for (const name of unread) {
      const claim = disruptable.get(name);
      if (claim !== undefined && isOfInterest(claim, server)) ofInterest.add(name);
      else ofInterest.delete(name);
    }
    unread.clear();
    const taken = new Set(queuedProviderIDs(queue));
    for (const name of ofInterest) if (!taken.has(disruptable.get(name)?.status?.providerID ?? "")) return true;
    return false;
  };

  const pass = (): void => {
    timer = undefined;
    // The same cluster gives the same answer, but for what time brings: quiet times that end change a claim's condition, windows of budgets are looked at below.
    if (planner.version() === idleVersion && clock.nowMs() - idleMs < FORCED_MS) return sleep();
    // Nothing is disrupted while a claim has no instance yet: the loop would say so, but the cluster need not be read for that.
    const claims = server.list("NodeClaim");
    if (claims.some(({ status }) => (status?.providerID ?? "") === "")) return later(SYNC_RETRY_MS);
    if (!isAnyOfInterest()) return rest();
    const prepared = planner.prepared();
    const step = disruptionLoop(queue, prepared, { brief: recorder.isQuiet });
    if (step.started.length === 0 || step.started.every(({ reason }) => reason === "Drifted")) return adopt(step, prepared, prepared);
    // Consolidation looks twice: what is decided now must still hold after the wait.
    isWaiting = true;
    clock.after(VALIDATION_MS, () => {
      isWaiting = false;
      adopt(disruptionLoop(queue, prepared, { brief: recorder.isQuiet, afterWait: () => planner.prepared() }), prepared, planner.prepared());
    });
  };

  const adopt = (step: LoopStep, { cluster }: Prepared, { cluster: startedIn }: Prepared): void => {
    if (step.started.length > 0) world.onDecision?.({ type: "disruption", atMs: clock.nowMs(), cluster, startedIn, commands: step.started });
    const before = new Set(queuedProviderIDs(queue));
    queue = step.queue;
    for (const command of step.started) announce(command);
    step.actions.forEach(perform);
    for (const providerID of queuedProviderIDs(queue)) if (!before.has(providerID)) planner.mark(providerID, true);
    if (step.started.length > 0) {
      own.add("");
      clock.after(commandTimeoutMs(queuedProviderIDs(queue).length) + 1000, () => own.add(""));
    }
    if (step.requeueAfterMs < POLLING_MS && step.error === undefined) return later(step.requeueAfterMs);
    rest();
  };

  const rest = (): void => {
    idleVersion = planner.version();
    idleMs = clock.nowMs();
    sleep();
  };

  const sleep = (): void => {
    if (clock.nowMs() - changedMs < QUIET_MS) return later(POLLING_MS);
    if (server.list("NodePool").some(({ spec }) => spec.disruption.budgets?.some(({ schedule }) => schedule !== undefined) === true)) later(FORCED_MS);
  };

  const announce = (command: Command): void => {
    counter.command(command.reason);
    recorder.log("INFO", "controller.disruption", commandText(command, (name) => server.get("Node", name)), []);
  };

  const perform = (action: DisruptionAction): void => {
    switch (action.type) {
      case "create": {
        const created = server.create(action.object);
        if (created.kind === "NodeClaim") recorder.log("INFO", "controller.disruption", "created nodeclaim", createdFields(created));
        return;
      }
      case "update":
        return server.update(action.object);
      case "delete":
        return server.remove(action.kind, action.name);
      case "report":
        return recorder.event(action.object, action.eventType, action.reason, action.message);
      case "nominate":
        for (const providerID of action.providerIDs) planner.nominate(providerID, clock.nowMs() + NOMINATION_MS);
        return;
    }
  };

  // Nothing moves a command on but its replacements being ready or gone, or its time being up.
  const isDue = ({ replacements, startedMs }: Queue["commands"][number]): boolean =>
    clock.nowMs() - startedMs > commandTimeoutMs(queuedProviderIDs(queue).length) ||
    replacements.every(({ nodeClaim, initialized }) => initialized || isInitialized(server.get("NodeClaim", nodeClaim))) ||
    replacements.some(({ nodeClaim, initialized }) => !initialized && server.get("NodeClaim", nodeClaim) === undefined);

  // The commands under way, a look whenever a claim changes, and at the latest after the time the queue asks for.
  const own = workQueue(() => {
    if (!queue.commands.some(isDue)) return;
    const before = queuedProviderIDs(queue);
    const progress = advanceQueue(queue, planner.prepared());
    queue = progress.queue;
    for (const action of progress.actions) if (action.type !== "report" || progress.requeueAfterMs === undefined) perform(action);
    for (const { reason } of progress.failed) recorder.log("ERROR", "controller.disruption.queue", `failed to disrupt nodes, ${reason === "timeout" ? "command reached timeout" : "replacement was deleted"}`, []);
    progress.succeeded.forEach(() => recorder.log("DEBUG", "controller.disruption.queue", "command succeeded", []));
    const failed = new Set(progress.failed.flatMap(({ command }) => command.sources.map(({ providerID }) => providerID)));
    for (const providerID of before) if (failed.has(providerID)) planner.mark(providerID, false);
    if (queueTimer !== undefined) clock.cancel(queueTimer);
    // Changes of claims bring the queue back by themselves; only its time limit needs the clock.
    queueTimer = progress.requeueAfterMs === undefined ? undefined : clock.after(POLLING_MS, () => own.add(""));
  });

  server.watch(({ type, object, old }) => {
    if (object.kind === "NodePool" && old?.kind === "NodePool" && object.spec === old.spec) return;
    if (object.kind === "NodeClaim") {
      own.add("");
      if (type !== "DELETED" && isDisruptable(object)) disruptable.set(object.metadata.name, object);
      else disruptable.delete(object.metadata.name);
      unread.add(object.metadata.name);
      if (object.status?.nodeName !== undefined) claimOfNode.set(object.status.nodeName, object.metadata.name);
      if (type === "DELETED" && object.status?.providerID !== undefined) planner.mark(object.status.providerID, false);
      if (type === "DELETED") claimOfNode.delete(object.status?.nodeName ?? "");
    } else if (object.kind !== "Node" && object.kind !== "Pod" && object.kind !== "NodePool" && object.kind !== "PodDisruptionBudget") return;
    if (object.kind === "NodePool") for (const name of disruptable.keys()) unread.add(name);
    if (object.kind === "Pod" && object.spec.nodeName !== undefined) {
      const claim = claimOfNode.get(object.spec.nodeName);
      if (claim !== undefined) unread.add(claim);
    }
    changedMs = clock.nowMs();
    if (isWaiting) return;
    if (timer === undefined || timer.atMs - clock.nowMs() > POLLING_MS) later(POLLING_MS);
  });
  return { ...own, busy: () => ({ markedForDeletion: queuedProviderIDs(queue), pendingDisruption: queue.commands.flatMap(({ sources }) => sources.filter((source) => source.static).map(({ nodeClaim }) => nodeClaim)) }) };
}

const holds = ({ status }: NodeClaim, type: string): boolean => status?.conditions?.some((condition) => condition.type === type && condition.status === "True") === true;

/** Do the claim's conditions let any method look at it? One that goes already is nobody's candidate. */
function isDisruptable(claim: NodeClaim): boolean {
  return claim.metadata.deletionTimestamp === undefined && (holds(claim, "Consolidatable") || holds(claim, "Drifted") || holds(claim, "DisruptionReason"));
}

/** Could any method want the claim's node? Where only empty nodes may go its pods say. */
function isOfInterest(claim: NodeClaim, server: World["server"]): boolean {
  if (holds(claim, "Drifted") || holds(claim, "DisruptionReason")) return true;
  const pool = server.get("NodePool", claim.metadata.labels?.[NODE_POOL_LABEL] ?? "");
  return pool?.spec.disruption.consolidationPolicy !== "WhenEmpty" || !isBusy(server.podsOn(claim.status?.nodeName ?? ""));
}

// The list of a node's pods is another one when any of them has changed.
const known = new WeakMap<readonly Pod[], boolean>();

function isBusy(pods: readonly Pod[]): boolean {
  let busy = known.get(pods);
  if (busy === undefined) known.set(pods, (busy = pods.some((pod) => isReschedulable(pod) && evictionCost(pod) > 0)));
  return busy;
}

const isInitialized = (claim: NodeClaim | undefined): boolean => claim?.status?.conditions?.some(({ type, status }) => type === "Initialized" && status === "True") ?? false;

function createdFields({ metadata, spec }: NodeClaim): Parameters<World["recorder"]["log"]>[3] {
  const types = spec.requirements.find(({ key, operator }) => key === INSTANCE_TYPE_LABEL && operator === "In")?.values ?? [];
  return [["nodepool", metadata.labels?.[NODE_POOL_LABEL] ?? ""], ["nodeclaim", metadata.name], ["requests", spec.resources?.requests ?? {}], ["instance-types", nameList(types, 5)]];
}
