import type { KubeObject, Kind } from "@groupless/api";
import type { DisruptionEvent } from "../events/disruption-event.ts";

/** Something for the caller to do with the API server. Structurally among `@groupless/lifecycle`'s actions, but for `nominate`. */
export type DisruptionAction =
  | { readonly type: "create"; readonly object: KubeObject }
  /** Replace the object by this version of it. */
  | { readonly type: "update"; readonly object: KubeObject }
  | { readonly type: "delete"; readonly kind: Kind; readonly name: string }
  | { readonly type: "report"; readonly object: string; readonly eventType: "Normal" | "Warning"; readonly reason: string; readonly message: string }
  /** Pods are on their way to these nodes: keep them out of disruption for a while (`Cluster.nominated`; Karpenter: 20 s). Provider ids. */
  | { readonly type: "nominate"; readonly providerIDs: readonly string[] };

/** An event as an action. */
export function reportAction({ object, type, reason, message }: DisruptionEvent): DisruptionAction {
  return { type: "report", object, eventType: type, reason, message };
}
