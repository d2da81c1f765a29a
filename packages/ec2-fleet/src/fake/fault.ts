import { ApiError, LostResponseError } from "../port/api-error.ts";
import type { Clock } from "../port/clock.ts";
import type { CallName, CallOptions } from "../port/ec2-port.ts";

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

/**
 * Makes a call that goes wrong in a way, or in none; what `partial` means is the call's own to know.
 *
 * @throws ApiError or LostResponseError, as the fault says
 */
export async function withFault<T>(fault: Fault | undefined, name: CallName, clock: Clock, { signal }: CallOptions, make: () => T | Promise<T>): Promise<T> {
  if (fault?.kind === "slow") await clock.sleep(fault.ms, signal);
  if (fault?.kind === "throttled") throw new ApiError("RequestLimitExceeded", "Request limit exceeded.");
  if (fault?.kind === "refused") throw new ApiError(fault.code, fault.message ?? "", { fault: fault.fault ?? "client" });
  if (fault?.kind === "lost-request") throw new LostResponseError(`${name}: no answer`);
  const output = await make();
  if (fault?.kind === "lost-response") throw new LostResponseError(`${name}: no answer`);
  return output;
}
