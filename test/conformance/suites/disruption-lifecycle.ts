import { type KubeObject, nameOf, type Pod, uidOf } from "@groupless/api";
import {
  answerEviction,
  checkConsistency,
  checkDisruptionConditions,
  checkExpiration,
  collectGarbage,
  deprovisionStatic,
  drain,
  enqueue,
  type EvictionQueue,
  hydrateNodeClaim,
  lifecycle,
  type Observed,
  type Outcome,
  type PassOptions,
  provisionStatic,
  refreshHash,
  registrationStatus,
  type RegistrationHook,
  repair,
  stampPodEvent,
  terminateNode,
  unknownRegistrations,
  withObject,
  withoutObject,
  withRegistration,
} from "@groupless/lifecycle";
import type { Context, Line, Suite } from "../suite.ts";
import { argumentMs, instanceTypesOf, World } from "./lifecycle-world.ts";

const SECOND_MS = 1000;

type Pass = (observed: Observed, options: PassOptions, args: any, line: Line, context: Context) => Outcome;

// One pass of a controller.
function controller(pass: Pass): Suite["functions"][string] {
  return (args, line, context) => {
    const world = new World(line);
    return world.result(world.run((observed, options) => pass(observed, options, args, line, context), { providerDrift: args.cloudDrift ?? "" }));
  };
}

function disruptionConditions(observed: Observed, options: PassOptions, { name }: any, line: Line, context: Context): Outcome {
  const nodeClaim = observed.nodeClaims.find(({ metadata }) => metadata.name === name);
  const { reservationIDLabel } = line.input.options ?? {};
  return checkDisruptionConditions(observed, name, {
    ...options,
    instanceTypes: instanceTypesOf(line, context, nodeClaim?.metadata.labels?.["karpenter.sh/nodepool"]),
    reservedCapacityLabels: reservationIDLabel === undefined ? [] : [reservationIDLabel],
  });
}

function hookOf(what: string): RegistrationHook {
  const name = `hook-${what}`;
  if (what === "pass") return { name, status: "ready" };
  if (what === "wait") return { name, status: "pending", retryAfterMs: 7 * SECOND_MS };
  if (what === "wait-long") return { name, status: "pending", retryAfterMs: 70 * SECOND_MS };
  return { name, status: "failed", message: "hook failed" };
}

// As often as asked; the controller sleeps a second after it has written.
function lifecycles(args: any, line: Line): unknown {
  const world = new World(line);
  let outcome: Outcome = { actions: [], reasons: [] };
  for (let count = 0; count < Math.max(args.times ?? 1, 1); count += 1) {
    const before = world.observed.nodeClaims.find(({ metadata }) => metadata.name === args.name);
    if (before === undefined) break;
    outcome = world.run((observed, options) => lifecycle(observed, args.name, options), { registrationHooks: (args.hooks ?? []).map(hookOf) });
    const isWritten = outcome.actions.some((action) => action.type === "update" && action.object.kind === "NodeClaim");
    if (before.metadata.deletionTimestamp === undefined && isWritten) world.nowMs += SECOND_MS;
  }
  return world.result(outcome);
}

function terminations(args: any, line: Line): unknown {
  const world = new World(line);
  let outcome: Outcome = { actions: [], reasons: [] };
  for (let count = 0; count < Math.max(args.times ?? 1, 1); count += 1) {
    if (count > 0) world.nowMs += argumentMs(args.step);
    if (!world.observed.nodes.some(({ metadata }) => metadata.name === args.name)) break;
    const { providerID = "" } = world.observed.nodes.find(({ metadata }) => metadata.name === args.name)?.spec ?? {};
    // Karpenter asks for the instance within the pass: here its answer is known beforehand.
    outcome = world.run((observed, options) => terminateNode(observed, args.name, options), { instance: world.instances.some((instance) => instance.providerID === providerID) ? "present" : "gone" });
  }
  return world.result(outcome);
}

function staticProvisioning(args: any, line: Line): unknown {
  const world = new World(line);
  const outcome = world.run((observed, options) => provisionStatic(observed, args.name, { ...options, markedForDeletion: line.input.markedForDeletion ?? [] }));
  return { requeueAfterSeconds: (outcome.requeueAfterMs ?? 0) / 1000, created: world.created.length, changes: world.changes(), error: "" };
}

// Rounds of draining: what is queued is evicted (or refused) at once, until nothing waits.
function drains(args: any, line: Line): unknown {
  const world = new World(line);
  const isRefused = (pod: Pod): boolean => (args.refuseEviction ?? []).includes(nameOf(pod));
  const rounds: unknown[] = [];
  let queue: EvictionQueue = {};
  for (let count = 0; count < Math.max(args.rounds ?? 0, 6); count += 1) {
    world.reports.length = 0;
    const round: { evicted: string[]; refused: string[]; deleted: unknown[] } = { evicted: [], refused: [], deleted: [] };
    const node = world.observed.nodes.find(({ metadata }) => metadata.name === args.name);
    if (node === undefined) throw new Error(`no node ${args.name}`);
    const deadlineMs = args.deadline === undefined || args.deadline === "" ? undefined : Date.parse(args.deadline);
    const { waiting, evict, actions } = drain(world.observed, node, { nowMs: world.nowMs, ...(deadlineMs === undefined ? {} : { deadlineMs }) });
    for (const action of actions) {
      if (action.type === "report") world.reports.push(action);
      if (action.type !== "delete") continue;
      round.deleted.push({ pod: action.name, gracePeriodSeconds: action.gracePeriodSeconds });
      remove(world, action.name, args);
    }
    queue = enqueue(queue, evict, world.nowMs);
    for (const pod of world.observed.pods.filter((other) => queue[uidOf(other)] !== undefined)) {
      const code = isRefused(pod) ? 429 : 200;
      const answered = answerEviction(queue, world.observed, { pod: nameOf(pod), uid: uidOf(pod), code }, world.nowMs);
      queue = answered.queue;
      for (const action of answered.actions) if (action.type === "report") world.reports.push(action);
      (code === 200 ? round.evicted : round.refused).push(nameOf(pod));
      if (code === 200) remove(world, nameOf(pod), args);
    }
    const deleted = round.deleted.toSorted((a: any, b: any) => (a.pod < b.pod ? -1 : 1));
    rounds.push({ evicted: round.evicted.toSorted(), refused: round.refused.toSorted(), deleted, ...(waiting > 0 ? { error: `${waiting} pods are waiting to be evicted` } : {}), events: world.events() });
    if (waiting === 0) break;
    world.nowMs += argumentMs(args.step);
  }
  return { rounds };
}

// A pod that is deleted is gone, or goes on terminating if the line says so; the fake API server's clock is the real one.
function remove(world: World, name: string, args: any): void {
  const pod = world.observed.pods.find((other) => nameOf(other) === name);
  if (pod === undefined) return;
  const stays = (args.stay ?? []).includes(name) || (pod.metadata.finalizers ?? []).length > 0;
  const terminating = { ...pod, metadata: { ...pod.metadata, deletionTimestamp: new Date().toISOString() } } as KubeObject;
  world.observed = stays ? withObject(world.observed, terminating) : withoutObject(world.observed, "Pod", name);
}

function evictionQueue(args: any, line: Line): unknown {
  const world = new World(line);
  const [pod] = world.observed.pods;
  if (pod === undefined) throw new Error("no pod");
  const uid = args.uidNow === undefined || args.uidNow === "" ? uidOf(pod) : args.uidNow;
  const queued = enqueue({}, [pod], world.nowMs);
  const { queue, actions, reasons, isRetried } = answerEviction(queued, world.observed, { pod: nameOf(pod), uid, code: args.code, message: args.message }, world.nowMs);
  for (const action of actions) if (action.type === "report") world.reports.push(action);
  const [failure] = reasons;
  return {
    asked: queued[uid] !== undefined,
    requeue: isRetried && failure === undefined,
    stillQueued: queue[uid] !== undefined,
    events: world.events(),
    ...(failure?.code === "eviction-failed" ? { error: failure.message } : {}),
    ...(failure?.code === "object-missing" ? { error: `getting node, nodes ${JSON.stringify(failure.object.slice("Node/".length))} not found` } : {}),
  };
}

/** The `fn` lines of suite `disruption` about the lives of claims, nodes and pools. */
export const functions: Suite["functions"] = {
  "nodeclaim.disruption": controller(disruptionConditions),
  "nodeclaim.expiration": controller((observed, options, { name }) => checkExpiration(observed, name, options)),
  "nodeclaim.consistency": controller((observed, options, { name }) => checkConsistency(observed, name, options)),
  "nodeclaim.hydration": controller((observed, options, { name }) => hydrateNodeClaim(observed, name, options)),
  "nodeclaim.lifecycle": lifecycles,
  "nodeclaim.podevents": controller((observed, options, { name, namespace }) => {
    const pod = observed.pods.find((other) => nameOf(other) === `${namespace}/${name}`);
    if (pod === undefined) throw new Error(`no pod ${namespace}/${name}`);
    return stampPodEvent(observed, pod, options);
  }),
  "nodeclaim.garbagecollection": controller((observed, options, { instances }) => collectGarbage(observed, (instances as readonly string[]).map((providerID) => ({ providerID })), options)),
  "nodepool.hash": controller((observed, options, { name }) => refreshHash(observed, name, options)),
  "nodepool.registrationHealth": ({ updates }) => {
    let health = unknownRegistrations;
    return [registrationStatus(health), ...(updates as readonly boolean[]).map((succeeded) => registrationStatus((health = withRegistration(health, succeeded))))];
  },
  "node.health": controller((observed, options, { name, repairPolicies = [] }) =>
    repair(observed, name, repairPolicies.map((policy: any) => ({ conditionType: policy.type, conditionStatus: policy.status, tolerationMs: argumentMs(policy.toleration) })), options),
  ),
  "node.termination": terminations,
  "static.provisioning": staticProvisioning,
  "static.deprovisioning": controller((observed, options, { name }, line) => deprovisionStatic(observed, name, { ...options, markedForDeletion: line.input.markedForDeletion ?? [] })),
  "terminator.drain": drains,
  "eviction.queue": evictionQueue,
};
