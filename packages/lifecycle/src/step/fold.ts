import { type KubeObject, nameOf, type NodeClaim, type Pod, uidOf } from "@groupless/api";
import type { Action, Instance } from "../action.ts";
import { type ClaimState, claimState } from "../claim-state.ts";
import type { LifecycleEvent } from "../event.ts";
import { isDeleting } from "../object/metadata.ts";
import { without } from "../object/omit.ts";
import { written } from "../object/written.ts";
import { objectNamed, withObject, withoutObject } from "../observed.ts";
import type { PassOptions } from "../outcome.ts";
import type { LifecycleReason } from "../reason.ts";
import { collectGarbage } from "../run/garbage-collection.ts";
import { interrupt } from "../run/interruption.ts";
import { isPodEvent, stampPodEvent } from "../run/pod-events.ts";
import { withInstance } from "../start/launch.ts";
import { answerEviction } from "../terminate/eviction-queue.ts";
import { isDue } from "./due.ts";
import { withField } from "./with-field.ts";

/** A state that has taken in an event, and what that alone asks for. */
export interface Folded {
  readonly state: ClaimState;
  readonly actions: readonly Action[];
  readonly reasons: readonly LifecycleReason[];
}

/** The claim of the state, unless it is gone. */
export function claimOf(state: ClaimState): NodeClaim | undefined {
  return state.phase === "gone" ? undefined : state.observed.nodeClaims.find(({ metadata }) => metadata.name === state.nodeClaim);
}

/** Takes the event in. Events about other claims change nothing. */
export function fold(state: ClaimState, event: LifecycleEvent, options: PassOptions): Folded {
  const { nowMs } = options;
  switch (event.type) {
    case "tick":
      return only(state);
    case "observed":
      return observed(state, event.object, options);
    case "removed":
      return only(removed(state, event.kind, event.name));
    case "launched":
      return event.nodeClaim === state.nodeClaim ? launched(state, event.instance, nowMs) : only(state);
    case "launch-failed":
      if (event.nodeClaim !== state.nodeClaim || state.answers.launch !== "asked") return only(state);
      if (event.attempt !== undefined && event.attempt !== state.askedMs.launch) return only(state);
      return only({
        ...state,
        answers: { ...state.answers, launch: { launched: false, kind: event.kind, message: event.message, ...(event.condition === undefined ? {} : { condition: event.condition }) } },
      });
    case "instance":
      return event.nodeClaim === state.nodeClaim && event.instance.providerID === providerIDOf(state)
        ? only({ ...state, answers: { ...state.answers, instance: "present" }, answeredMs: { ...state.answeredMs, instance: nowMs } })
        : only(state);
    case "terminating":
      return event.nodeClaim === state.nodeClaim && event.providerID === providerIDOf(state) && state.answers.termination !== "gone"
        ? only({ ...state, answers: { ...state.answers, termination: "terminating" }, answeredMs: { ...state.answeredMs, termination: nowMs } })
        : only(state);
    case "instance-gone":
      return only(event.nodeClaim === state.nodeClaim ? gone(state, event.providerID) : state);
    case "instances":
      return listed(state, event.instances, options);
    case "interrupted":
      return event.nodeClaim === state.nodeClaim ? { ...interrupt(claimOf(state), event.kind), state } : only(state);
    case "evicted": {
      const { queue, actions, reasons } = answerEviction(state.evictions, state.observed, event, nowMs);
      // Granted: the pod is on its way out, whether or not it has been seen to be.
      const isGranted = event.code >= 200 && event.code < 300;
      const observed = isGranted ? written(state.observed, { type: "delete", kind: "Pod", name: event.pod }, { nowMs }) : state.observed;
      return { state: { ...state, evictions: queue, observed }, actions, reasons };
    }
    case "provider-drift":
      return only(event.nodeClaim === state.nodeClaim ? { ...state, answers: { ...state.answers, providerDrift: event.reason } } : state);
    case "registration-hooks":
      return only(event.nodeClaim === state.nodeClaim ? { ...state, answers: { ...state.answers, registrationHooks: event.hooks } } : state);
  }
}

function only(state: ClaimState): Folded {
  return { state, actions: [], reasons: [] };
}

function providerIDOf(state: ClaimState): string | undefined {
  return state.observed.nodeClaims.find(({ metadata }) => metadata.name === state.nodeClaim)?.status?.providerID;
}

function observed(state: ClaimState, object: KubeObject, options: PassOptions): Folded {
  if (object.kind === "NodeClaim" && object.metadata.name === state.nodeClaim) {
    // Another claim of that name: what was known of the first does not hold for it.
    if (uidOf(object) !== state.uid) return only({ ...claimState(object, withoutObject(state.observed, "NodeClaim", state.nodeClaim)), strays: withOwnInstance(state) });
    if (isDeleting(object) && (object.metadata.finalizers ?? []).length === 0) return only(removed(state, "NodeClaim", state.nodeClaim));
    // A read that is older than the launch must not make the instance forgotten.
    const before = providerIDOf(state);
    const kept = before !== undefined && (object.status?.providerID ?? "") === "" ? { ...object, status: { ...object.status, providerID: before } } : object;
    return only(withField(state, { phase: "live", observed: withObject(state.observed, kept) }));
  }
  const before = objectNamed(state.observed, object.kind, nameOf(object));
  const next = withField(state, { observed: withObject(state.observed, object) });
  if (object.kind !== "Pod") return only(next);
  const isEvent = isPodEvent(before as Pod | undefined, object);
  const { actions, reasons } = isEvent ? stampPodEvent(next.observed, object, options) : { actions: [], reasons: [] };
  return { state: isDeleting(object) ? withoutEviction(next, uidOf(object)) : next, actions, reasons };
}

function removed(state: ClaimState, kind: KubeObject["kind"], name: string): ClaimState {
  if (kind === "NodeClaim" && name === state.nodeClaim) {
    return { ...state, phase: "gone", strays: withOwnInstance(state), observed: withoutObject(state.observed, kind, name), evictions: {} };
  }
  const object = objectNamed(state.observed, kind, name);
  const next = withField(state, { observed: withoutObject(state.observed, kind, name) });
  return object?.kind === "Pod" ? withoutEviction(next, uidOf(object)) : next;
}

// The claim's object is gone, but its instance is not known to be: it has to be terminated all the same.
function withOwnInstance(state: ClaimState): ClaimState["strays"] {
  const providerID = providerIDOf(state);
  return providerID === undefined || providerID === "" || state.answers.termination === "gone" ? state.strays : withStray(state, providerID);
}

function withStray(state: ClaimState, providerID: string): ClaimState["strays"] {
  return state.strays[providerID] === undefined ? { ...state.strays, [providerID]: {} } : state.strays;
}

function withoutEviction(state: ClaimState, uid: string): ClaimState {
  if (state.evictions[uid] === undefined) return state;
  return withField(state, { evictions: without(state.evictions, uid) });
}

function launched(state: ClaimState, instance: Instance, nowMs: number): Folded {
  const nodeClaim = claimOf(state);
  const providerID = nodeClaim?.status?.providerID ?? "";
  if (providerID === instance.providerID) return only(state);
  const pending = state.answers.launch;
  const isAnother = pending !== undefined && pending !== "asked" && pending.launched && pending.instance.providerID !== instance.providerID;
  if (nodeClaim === undefined || providerID !== "" || isAnother) return only({ ...state, strays: withStray(state, instance.providerID) });
  if (!isDeleting(nodeClaim)) return only({ ...state, answers: { ...state.answers, launch: { launched: true, instance } }, launchFailures: 0 });
  // Deleted while its launch was under way: the instance is written down, so that the end of the claim ends it too.
  const answers = without(state.answers, "launch");
  const object = withInstance(nodeClaim, instance);
  return { state: { ...state, answers, observed: withObject(state.observed, object), answeredMs: { ...state.answeredMs, instance: nowMs } }, actions: [{ type: "update", object }], reasons: [] };
}

function gone(state: ClaimState, providerID: string): ClaimState {
  const strays = without(state.strays, providerID);
  if (providerID !== providerIDOf(state)) return { ...state, strays };
  const nodeClaim = claimOf(state);
  const isEnding = nodeClaim !== undefined && isDeleting(nodeClaim);
  return { ...state, strays, answers: { ...state.answers, instance: "gone", ...(isEnding ? { termination: "gone" as const } : {}) } };
}

/** A launch that is not answered for so long is looked for among the instances, in milliseconds. */
export const LAUNCH_ANSWER_MS = 60_000;

function listed(state: ClaimState, instances: readonly Instance[], options: PassOptions): Folded {
  const { nowMs } = options;
  const own = instances.filter(({ nodeClaim, terminating }) => nodeClaim === state.nodeClaim && terminating !== true);
  let next = state;
  for (const instance of own) next = launched(next, instance, nowMs).state;
  const asked = state.askedMs.launch;
  if (own.length === 0 && next.answers.launch === "asked" && asked !== undefined && isDue(nowMs, asked, LAUNCH_ANSWER_MS)) {
    const message = "the launch was not answered, and no instance of the NodeClaim is listed";
    next = { ...next, answers: { ...next.answers, launch: { launched: false, kind: "create", message } } };
  }
  const isKnown = (providerID: string): boolean => instances.some((instance) => instance.providerID === providerID && instance.terminating !== true);
  const strays = Object.fromEntries(Object.entries(next.strays).filter(([providerID, { askedMs }]) => isKnown(providerID) || askedMs === undefined));
  const { actions } = collectGarbage(next.observed, instances, options);
  return { state: { ...next, strays }, actions: actions.filter((action) => action.type === "delete" && action.name === state.nodeClaim), reasons: [] };
}
