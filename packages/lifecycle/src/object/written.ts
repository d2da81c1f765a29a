import { type Kind, type KubeObject, nameOf, timeText } from "@groupless/api";
import type { Action } from "../action.ts";
import { objectNamed, type Observed, withObject, withoutObject } from "../observed.ts";
import { isDeleting, withMetadata } from "./metadata.ts";

/**
 * What the API server's objects are after an action, as far as the lifecycle is concerned:
 * a deleted object stays while it has finalizers, a pod for its grace period, and an update that takes the last finalizer of a deleted object removes it.
 *
 * Actions on other things than objects change nothing; an eviction is the API server's to grant.
 */
export function written(observed: Observed, action: Action, { nowMs }: { readonly nowMs: number }): Observed {
  switch (action.type) {
    case "create":
      return withObject(observed, action.object);
    case "update":
      return isFinal(action.object) ? withoutObject(observed, action.object.kind, nameOf(action.object)) : withObject(observed, action.object);
    case "delete":
      return deleted(observed, action.kind, action.name, action.gracePeriodSeconds, nowMs);
    default:
      return observed;
  }
}

function isFinal(object: KubeObject): boolean {
  return isDeleting(object) && object.kind !== "Pod" && (object.metadata.finalizers ?? []).length === 0;
}

function deleted(observed: Observed, kind: Kind, name: string, gracePeriodSeconds: number | undefined, nowMs: number): Observed {
  const object = objectNamed(observed, kind, name);
  if (object === undefined) return observed;
  if (object.kind === "Pod") {
    // A pod's deletionTimestamp is the time by which it has to be gone; a later deletion may only bring it nearer.
    const graceMs = (gracePeriodSeconds ?? object.spec.terminationGracePeriodSeconds ?? 30) * 1000;
    const by = timeText(nowMs + graceMs);
    const before = object.metadata.deletionTimestamp;
    return withObject(observed, withMetadata(object, { deletionTimestamp: before !== undefined && before < by ? before : by }));
  }
  if ((object.metadata.finalizers ?? []).length === 0) return withoutObject(observed, kind, name);
  return isDeleting(object) ? observed : withObject(observed, withMetadata(object, { deletionTimestamp: timeText(nowMs) }));
}
