import { InputError } from "@groupless/api";
import type { CallName } from "@groupless/ec2-fleet";
import type { Fault, FaultPlan } from "@groupless/ec2-fleet/fake";

/** What goes wrong at EC2 for a while. */
export interface ScheduledFault {
  /** After the start of the run, in milliseconds. */
  readonly fromMs: number;
  readonly forMs: number;
  /** The calls that fail; default: all. */
  readonly calls?: readonly CallName[];
  /** Of these every nth, the first among them. Default 1: each. */
  readonly every?: number;
  readonly fault: Fault;
}

/** The faults of a run as EC2 sees them: the first that is on says what goes wrong. */
export function faultPlan(faults: readonly ScheduledFault[], startMs: number, clock: { nowMs(): number }): FaultPlan {
  for (const [index, { every = 1, forMs, fromMs }] of faults.entries()) {
    if (!Number.isSafeInteger(every) || every < 1) throw new InputError("invalid-fault", `every ${every}`, { path: `faults[${index}].every`, expected: "a whole number, 1 or more" });
    if (!(forMs >= 0) || !(fromMs >= 0)) throw new InputError("invalid-fault", `from ${fromMs} for ${forMs}`, { path: `faults[${index}]`, expected: "fromMs and forMs in milliseconds, 0 or more" });
  }
  const met = faults.map(() => 0);
  return (call) => {
    const nowMs = clock.nowMs() - startMs;
    for (const [index, { fromMs, forMs, calls, every = 1, fault }] of faults.entries()) {
      if (nowMs < fromMs || nowMs >= fromMs + forMs || calls?.includes(call) === false) continue;
      const count = met[index] ?? 0;
      met[index] = count + 1;
      if (count % every === 0) return fault;
    }
    return undefined;
  };
}
