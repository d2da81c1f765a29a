import type { Kind, KubeObject } from "@groupless/api";
import type { ProviderEvent } from "./action.ts";

/** What `step` is told: answers and announcements of the provider, changes of objects, and the passing of time. */
export type LifecycleEvent = ProviderEvent | ObservationEvent | QuestionEvent | TickEvent;

/** A change of the API server's objects, as a watch delivers it. Echoes of one's own writes are welcome and change nothing. */
export type ObservationEvent =
  /** The object is there, in this version. */
  | { readonly type: "observed"; readonly object: KubeObject }
  /** The object is gone; `name` is `namespace/name` or `name`. */
  | { readonly type: "removed"; readonly kind: Kind; readonly name: string };

/** Answers of others than the provider. */
export type QuestionEvent =
  /** What the API server answered to an `evict` action: 200 (or 201), 404, 409, 429 or another status, with its message. */
  | { readonly type: "evicted"; readonly pod: string; readonly uid: string; readonly code: number; readonly message?: string }
  /** What the provider says about drift (`AMIDrift`, …); `""`: none. Report it whenever it is known, at least every five minutes. */
  | { readonly type: "provider-drift"; readonly nodeClaim: string; readonly reason: string }
  /** The state of the hooks that hold back registration. */
  | { readonly type: "registration-hooks"; readonly nodeClaim: string; readonly hooks: readonly RegistrationHook[] };

/** Time has passed. `requeue` actions say when the next tick is due; earlier and more ticks do no harm. */
export interface TickEvent {
  readonly type: "tick";
}

/** Something outside that may hold back a node's registration. */
export type RegistrationHook =
  | { readonly name: string; readonly status: "ready" }
  | { readonly name: string; readonly status: "pending"; readonly retryAfterMs?: number }
  | { readonly name: string; readonly status: "failed"; readonly message: string };
