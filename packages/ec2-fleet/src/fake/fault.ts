import type { CallName } from "../port/ec2-port.ts";

/** What goes wrong with one call. */
export type Fault =
  /** EC2 refuses it for its rate. */
  | { readonly kind: "throttled" }
  /** EC2 refuses it with this code. */
  | { readonly kind: "refused"; readonly code: string; readonly message?: string; readonly fault?: "client" | "server" }
  /** It never arrives, and the caller sees a timeout. */
  | { readonly kind: "lost-request" }
  /** It takes effect, and the caller sees a timeout. */
  | { readonly kind: "lost-response" }
  /** It takes this long on the clock. */
  | { readonly kind: "slow"; readonly ms: number }
  /** CreateFleet alone: it gives at most this many instances, and an error for a pool only if `silent` is not set. */
  | { readonly kind: "partial"; readonly atMost: number; readonly silent?: boolean };

/** Decides what goes wrong with the nth call (from 0) of a kind; undefined: nothing. */
export type FaultPlan = (call: CallName, n: number, input: unknown) => Fault | undefined;
