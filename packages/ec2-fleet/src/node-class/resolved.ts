import type { Condition } from "@groupless/api";

/** One part of a node class's status as AWS has it now. */
export interface Resolved<Status> {
  /** Undefined: nothing matched. */
  readonly status: Status | undefined;
  readonly condition: Pick<Condition, "type" | "status"> & { readonly reason: string; readonly message?: string };
  /** When to look again; 0: not by itself. */
  readonly requeueAfterMs: number;
  /** What went wrong, where the condition is about that: an API's refusal is worth another try soon, an unsupported alias is not. */
  readonly failure?: Error;
}

/** A condition that holds, or one that does not and why. */
export function condition(type: string, problem?: { readonly reason: string; readonly message: string }): Resolved<never>["condition"] {
  return problem === undefined ? { type, status: "True", reason: type } : { type, status: "False", ...problem };
}

export const MINUTE_MS = 60_000;
